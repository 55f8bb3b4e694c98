import CKernels

/// In what numbers weights are multiplied. Sums, gates, states and the parameters themselves are float32 in both.
public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
  /// 24 bits of precision.
  case float32
  /// bfloat16, the upper half of a float32: 8 bits of precision, twice the speed.
  case bfloat16 = "bf16"

  /// Whether this CPU has products in it for training (bfloat16: AVX-512 BF16).
  public var isAvailable: Bool { self == .float32 || ck_bfloat16_available() }

  var code: ck_precision { self == .bfloat16 ? CK_BFLOAT16 : CK_FLOAT32 }
}

/// A weight laid out for many products y = x · B in a step; packed again after each update, shared read-only.
@safe package final class PackedMatrix {
  package let innerSize: Int
  package let columnCount: Int
  private let packed: OpaquePointer

  /// - Parameters:
  ///   - weight: the shape (out, in) of a weight in PyTorch's layout.
  ///   - transposed: true for y = x Wᵀ (forward), false for dx = dy W (backward).
  ///   - largestRowCount: the most rows of a usual product.
  ///   - precision: what it multiplies in; one that the CPU has.
  package init(weight: Matrix, transposed: Bool, largestRowCount: Int, precision: Precision) {
    precondition(precision.isAvailable, "this CPU does not multiply in \(precision.rawValue)")
    innerSize = transposed ? weight.columnCount : weight.rowCount
    columnCount = transposed ? weight.rowCount : weight.columnCount
    guard
      let packed = unsafe ck_packed_create(
        innerSize, columnCount, transposed, largestRowCount, precision.code)
    else {
      Exhaustion.end("out of memory: a packed weight of \(innerSize) × \(columnCount)")
    }
    unsafe self.packed = packed
  }

  deinit { unsafe ck_packed_destroy(packed) }

  /// Takes the weight's present values. No product may run meanwhile.
  package func update(from weight: Matrix) {
    precondition(weight.isContiguous && weight.rowCount * weight.columnCount == innerSize * columnCount)
    unsafe ck_packed_update(packed, weight.base)
  }

  /// y = x · B, or y += x · B.
  package func multiply(_ x: Matrix, into y: Matrix, accumulate: Bool = false) {
    precondition(
      x.columnCount == innerSize && y.columnCount == columnCount && x.rowCount == y.rowCount,
      "\(x.rowCount) × \(x.columnCount) times \(innerSize) × \(columnCount) into \(y.rowCount) × \(y.columnCount)")
    unsafe ck_packed_multiply(packed, x.rowCount, x.base, x.stride, y.base, y.stride, accumulate)
  }
}

/// c = aᵀ · b, or c += aᵀ · b: a weight's gradient from the gradients and inputs of all rows.
package func multiplyTransposed(
  _ a: Matrix, _ b: Matrix, into c: Matrix, accumulate: Bool, precision: Precision
) {
  precondition(
    a.rowCount == b.rowCount && c.rowCount == a.columnCount && c.columnCount == b.columnCount,
    "(\(a.rowCount) × \(a.columnCount))ᵀ times \(b.rowCount) × \(b.columnCount) into \(c.rowCount) × \(c.columnCount)")
  unsafe ck_multiply_transposed(
    precision.code, c.rowCount, c.columnCount, a.rowCount, a.base, a.stride, b.base, b.stride, c.base, c.stride,
    accumulate)
}

/// c = a · op(b), or c += a · op(b), in float32.
func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, transposesRight: Bool = false, accumulate: Bool = false) {
  let (inner, columns) = transposesRight ? (b.columnCount, b.rowCount) : (b.rowCount, b.columnCount)
  precondition(
    a.columnCount == inner && c.rowCount == a.rowCount && c.columnCount == columns,
    "\(a.rowCount) × \(a.columnCount) times \(inner) × \(columns) into \(c.rowCount) × \(c.columnCount)")
  unsafe ck_multiply(
    false, transposesRight, a.rowCount, columns, inner, a.base, a.stride, b.base, b.stride, c.base, c.stride, accumulate
  )
}

/// c = op(a) · op(b) over spans: the tape's product.
func multiply(
  _ a: Span<Float>, _ b: Span<Float>, into c: inout [Float], M: Int, N: Int, K: Int, transposesLeft: Bool,
  transposesRight: Bool
) {
  precondition(a.count == M * K && b.count == K * N && c.count == M * N, "a product of \(M) × \(K) × \(N)")
  withEngineSettings {
    unsafe a.withUnsafeBufferPointer { left in
      unsafe b.withUnsafeBufferPointer { right in
        unsafe c.withUnsafeMutableBufferPointer { result in
          guard let left = left.baseAddress, let right = right.baseAddress, let result = result.baseAddress else {
            return
          }
          unsafe ck_multiply(
            transposesLeft, transposesRight, M, N, K, left, transposesLeft ? M : K, right, transposesRight ? K : N,
            result, N, false)
        }
      }
    }
  }
}
