extension Tensor {
  /// The sum, with broadcasting.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    combine(a, b, "sum", value: { $0 + $1 }, gradients: { _, _ in (1, 1) })
  }

  /// The difference, with broadcasting.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    combine(a, b, "difference", value: { $0 - $1 }, gradients: { _, _ in (1, -1) })
  }

  /// The product element by element, with broadcasting.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    combine(a, b, "product", value: { $0 * $1 }, gradients: { ($1, $0) })
  }

  /// The quotient element by element, with broadcasting.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    combine(a, b, "quotient", value: { $0 / $1 }, gradients: { (1 / $1, -$0 / ($1 * $1)) })
  }

  /// The sum with a number.
  public static func + (a: Tensor, b: Float) -> Tensor { a + Tensor(b) }
  /// The sum with a number.
  public static func + (a: Float, b: Tensor) -> Tensor { Tensor(a) + b }
  /// The difference with a number.
  public static func - (a: Tensor, b: Float) -> Tensor { a - Tensor(b) }
  /// The difference with a number.
  public static func - (a: Float, b: Tensor) -> Tensor { Tensor(a) - b }
  /// The product with a number.
  public static func * (a: Tensor, b: Float) -> Tensor { a * Tensor(b) }
  /// The product with a number.
  public static func * (a: Float, b: Tensor) -> Tensor { Tensor(a) * b }
  /// The quotient with a number.
  public static func / (a: Tensor, b: Float) -> Tensor { a / Tensor(b) }
  /// The quotient with a number.
  public static func / (a: Float, b: Tensor) -> Tensor { Tensor(a) / b }
  /// The negative.
  public static prefix func - (a: Tensor) -> Tensor { a * -1 }

  /// - Parameter gradients: the derivatives of the value by both operands.
  private static func combine(
    _ a: Tensor, _ b: Tensor, _ operation: StaticString, value: (Float, Float) -> Float,
    gradients: @escaping (Float, Float) -> (Float, Float)
  ) -> Tensor {
    let broadcast = Broadcast(a.shape, b.shape, operation: operation)
    let (left, right) = (a.values, b.values)
    var values: [Float] = []
    values.reserveCapacity(broadcast.shape.reduce(1, *))
    broadcast.forEach { values.append(value(left[$0], right[$1])) }
    return result(values, shape: broadcast.shape, from: [a, b]) { gradient in
      var leftGradient = [Float](repeating: 0, count: left.count)
      var rightGradient = [Float](repeating: 0, count: right.count)
      var place = 0
      broadcast.forEach { i, j in
        let (byLeft, byRight) = gradients(left[i], right[j])
        leftGradient[i] += gradient[place] * byLeft
        rightGradient[j] += gradient[place] * byRight
        place += 1
      }
      return [leftGradient, rightGradient]
    }
  }
}

// MARK: Functions of one tensor

extension Tensor {
  /// tanh of every element.
  public func tanh() -> Tensor {
    map(Kernels.active.tanh(values)) { _, y in 1 - y * y }
  }

  /// 1 / (1 + exp(−x)) of every element.
  public func sigmoid() -> Tensor {
    map(Kernels.active.sigmoid(values)) { _, y in y * (1 - y) }
  }

  /// max(0, x) of every element; its derivative at 0 is 0. What is not a number stays so.
  public func relu() -> Tensor {
    map(values.map { $0 <= 0 ? 0 : $0 }) { x, _ in x <= 0 ? 0 : 1 }
  }

  /// exp of every element.
  public func exp() -> Tensor {
    map(Kernels.active.exp(values)) { _, y in y }
  }

  /// The natural logarithm of every element.
  public func log() -> Tensor {
    map(values.map(logarithm)) { x, _ in 1 / x }
  }

  /// The square root of every element.
  public func squareRoot() -> Tensor {
    map(values.map { $0.squareRoot() }) { _, y in 0.5 / y }
  }

  private func map(_ results: [Float], derivative: @escaping (_ x: Float, _ y: Float) -> Float) -> Tensor {
    let inputs = values
    return Tensor.result(results, shape: shape, from: [self]) { gradient in
      [gradient.indices.map { gradient[$0] * derivative(inputs[$0], results[$0]) }]
    }
  }

  /// Softmax along the last dimension.
  public func softmax() -> Tensor { logSoftmax().exp() }

  /// The logarithm of softmax along the last dimension, with the maximum subtracted.
  /// - Precondition: there is a dimension.
  public func logSoftmax() -> Tensor {
    let width = size(-1)
    var results = values
    for start in stride(from: 0, to: count, by: max(width, 1)) {
      let row = start..<start + width
      let largest = results[row].max() ?? 0
      let sum = results[row].reduce(0) { $0 + exponential($1 - largest) }
      // One after the other: beside a large maximum, the sum's logarithm would be rounded away.
      let logarithmOfSum = logarithm(sum)
      for index in row { results[index] = results[index] - largest - logarithmOfSum }
    }
    let outputs = results
    return Tensor.result(results, shape: shape, from: [self]) { gradient in
      var input = gradient
      for start in stride(from: 0, to: gradient.count, by: max(width, 1)) {
        let row = start..<start + width
        let sum = gradient[row].reduce(0, +)
        for index in row { input[index] -= exponential(outputs[index]) * sum }
      }
      return [input]
    }
  }
}
