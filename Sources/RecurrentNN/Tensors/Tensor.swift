/// An array of numbers of any number of dimensions that can remember how it was made.
///
/// Values are float32, row-major, and never change. A tensor made from a recorded one (a parameter, or one that
/// `recorded()` gave) is recorded too; `backward()` on a scalar then gives the gradients. It is there for learning and
/// for layers of one's own; the language model's trainer does not pay for it.
///
///     let w = Tensor.randn(3, 2).recorded()
///     let loss = (Tensor.ones(4, 3) • w).tanh().sum()
///     loss.backward()
///     print(w.gradient!.shape)   // [3, 2]
public struct Tensor {
  let node: TensorNode

  init(node: TensorNode) { self.node = node }

  /// A tensor of these values, row-major.
  /// - Precondition: as many values as the shape has places; sizes are not negative.
  public init(_ values: [Float], shape: [Int]) {
    require(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "\(values.count) values for the shape \(shape)")
    node = TensorNode(shape: shape, values: values)
  }

  /// A vector.
  public init(_ values: [Float]) { self.init(values, shape: [values.count]) }

  /// A matrix from its rows, all of the same length.
  public init(_ rows: [[Float]]) {
    let width = rows.first?.count ?? 0
    require(rows.allSatisfy { $0.count == width }, "rows of lengths \(rows.map(\.count))")
    self.init(rows.flatMap(\.self), shape: [rows.count, width])
  }

  /// A number.
  public init(_ value: Float) { self.init([value], shape: []) }

  /// The sizes, outermost first; empty for a number.
  public var shape: [Int] { node.shape }
  /// The number of dimensions.
  public var rank: Int { shape.count }
  /// The number of values.
  public var count: Int { node.values.count }
  /// The values, row-major.
  public var values: [Float] { node.values }

  /// The value of a tensor that has one.
  /// - Precondition: it has one.
  public var item: Float {
    require(count == 1, "item of a tensor of shape \(shape), which has \(count) values")
    return node.values[0]
  }

  /// The size of a dimension; negative ones count from the last.
  public func size(_ dimension: Int) -> Int { shape[axis(dimension)] }

  /// A dimension counted from the first.
  func axis(_ dimension: Int) -> Int {
    let axis = dimension < 0 ? dimension + rank : dimension
    require(axis >= 0 && axis < rank, "dimension \(dimension) of a tensor of shape \(shape)")
    return axis
  }
}

extension Tensor: CustomStringConvertible {
  /// The values in nested brackets, with four digits after the point.
  public var description: String { "tensor(" + text(of: 0..<count, from: 0) + ")" }

  private func text(of range: Range<Int>, from dimension: Int) -> String {
    guard dimension < rank else { return rounded(values[range.lowerBound]) }
    let size = shape[dimension]
    let step = size == 0 ? 0 : range.count / size
    let parts = (0..<size).map { index in
      let start = range.lowerBound + index * step
      return text(of: start..<start + step, from: dimension + 1)
    }
    let separator = dimension == rank - 1 ? ", " : ",\n" + String(repeating: " ", count: 8 + dimension)
    return "[" + parts.joined(separator: separator) + "]"
  }

  private func rounded(_ value: Float) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "\(value)" }
    let scaled = Int((Double(value.magnitude) * 1e4).rounded())
    let digits = String(scaled % 10_000)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + String(scaled / 10_000) + "." + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

// MARK: Making tensors

extension Tensor {
  /// Zeros.
  public static func zeros(_ shape: Int...) -> Tensor { zeros(shape: shape) }
  /// Zeros of a shape.
  public static func zeros(shape: [Int]) -> Tensor { full(0, shape: shape) }
  /// Ones.
  public static func ones(_ shape: Int...) -> Tensor { full(1, shape: shape) }
  /// The same value everywhere.
  public static func full(_ value: Float, shape: [Int]) -> Tensor {
    Tensor([Float](repeating: value, count: shape.reduce(1, *)), shape: shape)
  }

  /// Values from N(0, 1), from a generator of one's own.
  public static func randn(shape: [Int], using generator: inout SeededGenerator) -> Tensor {
    let buffer = Buffer<Float>(count: shape.reduce(1, *))
    buffer.view.fillNormal(using: &generator)
    return Tensor(buffer.view.array, shape: shape)
  }

  /// Values from N(0, 1), of the random numbers that `manualSeed` sets.
  public static func randn(_ shape: Int...) -> Tensor {
    RandomNumbers.withShared { randn(shape: shape, using: &$0) }
  }

  /// Values uniform in [0, 1), of the random numbers that `manualSeed` sets.
  public static func rand(_ shape: Int...) -> Tensor {
    let values = RandomNumbers.withShared { generator in
      (0..<shape.reduce(1, *)).map { _ in generator.uniform() }
    }
    return Tensor(values, shape: shape)
  }

  /// first, first + step, … below end.
  public static func arange(_ first: Float, _ end: Float, step: Float = 1) -> Tensor {
    Tensor(Array(stride(from: first, to: end, by: step)))
  }

  /// For each index a row with one 1: (…) → (…, classes).
  /// - Precondition: indices are from 0 to below the number of classes.
  public static func oneHot(_ indices: [Int], classes: Int) -> Tensor {
    var values = [Float](repeating: 0, count: indices.count * classes)
    for (row, index) in indices.enumerated() {
      require(index >= 0 && index < classes, "class \(index) of \(classes)")
      values[row * classes + index] = 1
    }
    return Tensor(values, shape: [indices.count, classes])
  }
}
