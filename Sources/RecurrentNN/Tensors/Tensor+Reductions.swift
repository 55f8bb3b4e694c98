extension Tensor {
  /// The sum of all elements.
  public func sum() -> Tensor {
    let size = count
    // In double, so that a long sum does not drift.
    let total = Float(values.reduce(0.0) { $0 + Double($1) })
    return Tensor.result([total], shape: [], from: [self]) { [[Float](repeating: $0[0], count: size)] }
  }

  /// The mean of all elements.
  public func mean() -> Tensor { sum() / Float(count) }

  /// The sums along a dimension, which stays with size 1 where `keepsDimension`.
  public func sum(_ dimension: Int, keepsDimension: Bool = false) -> Tensor {
    let axis = axis(dimension)
    let (outer, size, inner) = (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
    var sums = [Float](repeating: 0, count: outer * inner)
    for row in 0..<outer {
      for place in 0..<size {
        for column in 0..<inner { sums[row * inner + column] += values[(row * size + place) * inner + column] }
      }
    }
    var sizes = shape
    if keepsDimension { sizes[axis] = 1 } else { sizes.remove(at: axis) }
    return Tensor.result(sums, shape: sizes, from: [self]) { gradient in
      var whole: [Float] = []
      whole.reserveCapacity(outer * size * inner)
      for row in 0..<outer {
        for _ in 0..<size { whole += gradient[row * inner..<(row + 1) * inner] }
      }
      return [whole]
    }
  }

  /// The means along a dimension.
  public func mean(_ dimension: Int, keepsDimension: Bool = false) -> Tensor {
    sum(dimension, keepsDimension: keepsDimension) / Float(size(dimension))
  }

  /// The root of the sum of squares. At zero its gradient is zero.
  public func norm() -> Tensor {
    let inputs = values
    let norm = Float(inputs.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
    return Tensor.result([norm], shape: [], from: [self]) { gradient in
      [inputs.map { norm == 0 ? 0 : gradient[0] * $0 / norm }]
    }
  }

  /// For each row of the last dimension the place of its largest element, the first among equals.
  public func argmax() -> [Int] {
    let width = size(-1)
    return stride(from: 0, to: count, by: max(width, 1)).map { start in
      (0..<width).reduce(0) { values[start + $1] > values[start + $0] ? $1 : $0 }
    }
  }
}
