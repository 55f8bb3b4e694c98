infix operator • : MultiplicationPrecedence

extension Tensor {
  /// The matrix product: (…, K) • (K, N) → (…, N); with two matrices the usual one.
  public static func • (a: Tensor, b: Tensor) -> Tensor { a.matmul(b) }

  /// The matrix product, PyTorch's `matmul` for a matrix on the right: (…, K) with (K, N) → (…, N).
  /// - Precondition: `other` is a matrix with as many rows as this has columns.
  public func matmul(_ other: Tensor) -> Tensor {
    require(
      rank >= 1 && other.rank == 2 && size(-1) == other.size(0),
      "matrix product of the shapes \(shape) and \(other.shape)")
    let (K, N) = (other.size(0), other.size(1))
    let M = K == 0 ? shape.dropLast().reduce(1, *) : count / K
    let (left, right) = (values, other.values)
    let values = matrixProduct(left, right, M: M, N: N, K: K)
    return Tensor.result(values, shape: shape.dropLast() + [N], from: [self, other]) { gradient in
      [
        matrixProduct(gradient, right, M: M, N: K, K: N, transposesRight: true),
        matrixProduct(left, gradient, M: K, N: N, K: M, transposesLeft: true),
      ]
    }
  }
}

/// C (M, N) = op(A) · op(B), each in its own array.
func matrixProduct(
  _ a: [Float], _ b: [Float], M: Int, N: Int, K: Int, transposesLeft: Bool = false, transposesRight: Bool = false
) -> [Float] {
  var result = [Float](repeating: 0, count: M * N)
  guard M > 0, N > 0, K > 0 else { return result }
  multiply(
    a.span, b.span, into: &result, M: M, N: N, K: K, transposesLeft: transposesLeft, transposesRight: transposesRight)
  return result
}
