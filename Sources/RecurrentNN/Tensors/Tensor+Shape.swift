extension Tensor {
  /// The same values in another shape; one size may be −1 and is then what is left.
  /// - Precondition: the shapes have as many places.
  public func reshape(_ sizes: Int...) -> Tensor { reshaped(to: sizes) }

  /// The same values in another shape; one size may be −1 and is then what is left.
  public func reshaped(to sizes: [Int]) -> Tensor {
    let known = sizes.filter { $0 >= 0 }.reduce(1, *)
    let target = sizes.map { $0 < 0 ? (known == 0 ? 0 : count / known) : $0 }
    require(
      target.reduce(1, *) == count && sizes.count { $0 < 0 } <= 1, "shape \(shape) as \(sizes)")
    return Tensor.result(values, shape: target, from: [self]) { [$0] }
  }

  /// Without the dimensions of size 1, or without the one given if its size is 1.
  public func squeeze(_ dimension: Int? = nil) -> Tensor {
    guard let dimension else { return reshaped(to: shape.filter { $0 != 1 }) }
    var sizes = shape
    if size(dimension) == 1 { sizes.remove(at: axis(dimension)) }
    return reshaped(to: sizes)
  }

  /// With a new dimension of size 1; −1 puts it last.
  public func unsqueeze(_ dimension: Int) -> Tensor {
    var sizes = shape
    sizes.insert(1, at: dimension < 0 ? dimension + rank + 1 : dimension)
    return reshaped(to: sizes)
  }

  /// With two dimensions exchanged.
  public func transpose(_ first: Int = -2, _ second: Int = -1) -> Tensor {
    let (a, b) = (axis(first), axis(second))
    var order = Array(0..<rank)
    order.swapAt(a, b)
    let (moved, newShape) = Tensor.permuted(values, shape: shape, order: order)
    // Exchanging twice gives back what was.
    return Tensor.result(moved, shape: newShape, from: [self]) { gradient in
      [Tensor.permuted(gradient, shape: newShape, order: order).values]
    }
  }

  private static func permuted(
    _ values: [Float], shape: [Int], order: [Int]
  ) -> (values: [Float], shape: [Int]) {
    var strides = [Int](repeating: 1, count: shape.count)
    for dimension in shape.indices.dropLast().reversed() {
      strides[dimension] = strides[dimension + 1] * shape[dimension + 1]
    }
    let newShape = order.map { shape[$0] }
    let places = order.map { strides[$0] }
    var result: [Float] = []
    result.reserveCapacity(values.count)
    var position = [Int](repeating: 0, count: shape.count)
    var place = 0
    for _ in values.indices {
      result.append(values[place])
      for dimension in newShape.indices.reversed() {
        position[dimension] += 1
        place += places[dimension]
        if position[dimension] < newShape[dimension] { break }
        place -= places[dimension] * newShape[dimension]
        position[dimension] = 0
      }
    }
    return (result, newShape)
  }
}

// MARK: Parts

extension Tensor {
  /// Entry `index` of the first dimension, without that dimension.
  public subscript(index: Int) -> Tensor {
    let place = index < 0 ? index + size(0) : index
    return narrowed(0, to: place..<place + 1).reshaped(to: Array(shape.dropFirst()))
  }

  /// A range of the first dimension.
  public subscript(range: Range<Int>) -> Tensor { narrowed(0, to: range) }

  /// A range of a dimension: `x.narrowed(-1, to: 0..<H)` is PyTorch's `x[..., :H]`.
  public func narrowed(_ dimension: Int, to range: Range<Int>) -> Tensor {
    let axis = axis(dimension)
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[axis], "range \(range) of dimension \(axis) of \(shape)")
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let (width, total, start, size) = (range.count * inner, shape[axis] * inner, range.lowerBound * inner, count)
    var sizes = shape
    sizes[axis] = range.count
    let parts = (0..<outer).flatMap { values[$0 * total + start..<$0 * total + start + width] }
    return Tensor.result(parts, shape: sizes, from: [self]) { gradient in
      var whole = [Float](repeating: 0, count: size)
      for row in 0..<outer {
        for place in 0..<width { whole[row * total + start + place] = gradient[row * width + place] }
      }
      return [whole]
    }
  }

  /// Equal parts of a dimension, such as the gates of a cell's sum.
  /// - Precondition: the dimension divides by `count`.
  public func chunked(_ count: Int, _ dimension: Int = -1) -> [Tensor] {
    let width = size(dimension) / count
    require(width * count == size(dimension), "\(count) equal parts of a dimension of size \(size(dimension))")
    return (0..<count).map { narrowed(dimension, to: $0 * width..<($0 + 1) * width) }
  }

  /// Rows of the first dimension by their numbers, each as often as it is named: (V, …) → (count, …).
  public func gather(_ indices: [Int]) -> Tensor {
    let (rows, width) = (size(0), shape.dropFirst().reduce(1, *))
    for index in indices { require(index >= 0 && index < rows, "row \(index) of \(rows)") }
    let size = count
    let parts = indices.flatMap { values[$0 * width..<($0 + 1) * width] }
    return Tensor.result(parts, shape: [indices.count] + shape.dropFirst(), from: [self]) { gradient in
      var whole = [Float](repeating: 0, count: size)
      for (row, index) in indices.enumerated() {
        for place in 0..<width { whole[index * width + place] += gradient[row * width + place] }
      }
      return [whole]
    }
  }

  /// Tensors one behind the other along a dimension; the other sizes are equal.
  public static func cat(_ tensors: [Tensor], _ dimension: Int = 0) -> Tensor {
    require(!tensors.isEmpty, "joining no tensors")
    let axis = tensors[0].axis(dimension)
    var sizes = tensors[0].shape
    for tensor in tensors {
      var (expected, found) = (tensors[0].shape, tensor.shape)
      require(expected.count == found.count, "joining the shapes \(expected) and \(found)")
      (expected[axis], found[axis]) = (0, 0)
      require(expected == found, "joining the shapes \(tensors[0].shape) and \(tensor.shape) along \(axis)")
    }
    sizes[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let outer = sizes[..<axis].reduce(1, *)
    let inner = sizes[(axis + 1)...].reduce(1, *)
    let widths = tensors.map { $0.shape[axis] * inner }
    var values: [Float] = []
    values.reserveCapacity(sizes.reduce(1, *))
    for row in 0..<outer {
      for (tensor, width) in zip(tensors, widths) { values += tensor.values[row * width..<(row + 1) * width] }
    }
    return result(values, shape: sizes, from: tensors) { gradient in
      var parts = widths.map { _ in [Float]() }
      var place = 0
      for _ in 0..<outer {
        for (number, width) in widths.enumerated() {
          parts[number] += gradient[place..<place + width]
          place += width
        }
      }
      return parts
    }
  }

  /// Tensors of the same shape side by side along a new dimension.
  public static func stack(_ tensors: [Tensor], _ dimension: Int = 0) -> Tensor {
    cat(tensors.map { $0.unsqueeze(dimension) }, dimension)
  }
}
