/// How two shapes meet: dimensions are aligned from the last; one of size 1, or missing, is repeated.
struct Broadcast {
  let shape: [Int]
  private let leftStrides: [Int]
  private let rightStrides: [Int]
  private let isSame: Bool

  /// - Precondition: aligned sizes are equal or one of them is 1.
  init(_ left: [Int], _ right: [Int], operation: StaticString) {
    let rank = max(left.count, right.count)
    let paddedLeft = [Int](repeating: 1, count: rank - left.count) + left
    let paddedRight = [Int](repeating: 1, count: rank - right.count) + right
    shape = zip(paddedLeft, paddedRight).map { a, b in
      require(a == b || a == 1 || b == 1, "\(operation) of the shapes \(left) and \(right)")
      return a == 1 ? b : a
    }
    leftStrides = Broadcast.strides(paddedLeft, in: shape)
    rightStrides = Broadcast.strides(paddedRight, in: shape)
    isSame = left == right
  }

  /// The distance between neighbours of each dimension; 0 where it is repeated.
  private static func strides(_ sizes: [Int], in shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: sizes.count)
    var distance = 1
    for dimension in sizes.indices.reversed() {
      strides[dimension] = sizes[dimension] == 1 && shape[dimension] != 1 ? 0 : distance
      distance *= sizes[dimension]
    }
    return strides
  }

  /// Calls `body` with the place of every result element in left and right, in order.
  func forEach(_ body: (_ left: Int, _ right: Int) -> Void) {
    let count = shape.reduce(1, *)
    if isSame {
      for index in 0..<count { body(index, index) }
      return
    }
    var position = [Int](repeating: 0, count: shape.count)
    var (left, right) = (0, 0)
    for _ in 0..<count {
      body(left, right)
      for dimension in shape.indices.reversed() {
        position[dimension] += 1
        left += leftStrides[dimension]
        right += rightStrides[dimension]
        if position[dimension] < shape[dimension] { break }
        left -= leftStrides[dimension] * shape[dimension]
        right -= rightStrides[dimension] * shape[dimension]
        position[dimension] = 0
      }
    }
  }
}
