// Matrix products: our own on every table, and whatever serves behind the public functions.

import CKernels
import Testing

/// op(A) · op(B) + C in Double; row strides lda, ldb; C (M, N) is contiguous, or null for 0.
func reference(
  _ transposeA: Bool, _ transposeB: Bool, _ M: Int, _ N: Int, _ K: Int, _ A: [Float], _ lda: Int, _ B: [Float],
  _ ldb: Int, adding C: [Float]? = nil
) -> [Double] {
  var result = C?.map(Double.init) ?? [Double](repeating: 0, count: M * N)
  for r in 0..<M {
    for k in 0..<K {
      let a = Double(transposeA ? A[k * lda + r] : A[r * lda + k])
      for j in 0..<N { result[r * N + j] += a * Double(transposeB ? B[j * ldb + k] : B[k * ldb + j]) }
    }
  }
  return result
}

/// The columns that count of a matrix with gaps, and whether the gaps still hold `gap`.
func withoutGaps(_ Y: Buffer, _ M: Int, _ N: Int, _ stride: Int, gap: Float) -> (values: [Float], gapsIntact: Bool) {
  let all = Y.values
  let rows = (0..<M).map { Array(all[$0 * stride..<($0 + 1) * stride]) }
  return (rows.flatMap { $0[..<N] }, rows.allSatisfy { $0[N...].allSatisfy { $0 == gap } } && Y.isIntact)
}

/// A matrix (M, N) with rows `stride` apart and `gap` between them.
func withGaps(_ values: [Float], _ M: Int, _ N: Int, _ stride: Int, gap: Float) -> Buffer {
  Buffer((0..<M).flatMap { values[$0 * N..<($0 + 1) * N] + [Float](repeating: gap, count: stride - N) })
}

/// Rounding of K products and sums of numbers in −1…1.
func tolerance(_ K: Int) -> Double { 1e-6 + Double(K) * 6e-8 }

struct Shape: CustomTestStringConvertible {
  let M: Int, N: Int, K: Int
  var testDescription: String { "\(M) × \(K) · \(K) × \(N)" }

  /// Around the tiles' sizes in each direction; more than one block of K; empty in each direction.
  static let all = [
    Shape(M: 1, N: 1, K: 1), Shape(M: 5, N: 17, K: 3), Shape(M: 33, N: 64, K: 100), Shape(M: 7, N: 33, K: 300),
    Shape(M: 100, N: 20, K: 17), Shape(M: 0, N: 5, K: 5), Shape(M: 5, N: 0, K: 5), Shape(M: 5, N: 5, K: 0),
  ]
}

@Suite("Products")
struct ProductTests {
  @Test("our own product is right, with strides, accumulating or not", arguments: Table.available, Shape.all)
  func own(table: Table, shape: Shape) {
    let (M, N, K) = (shape.M, shape.N, shape.K)
    var random = Random(M + N + K)
    let (lda, ldb, ldy) = (max(M, K) + 2, N + 1, N + 3)
    let (A, B, C) = (random.floats(max(M, K) * lda), random.floats(K * ldb), random.floats(M * N))
    for transposed in [false, true] {
      for accumulate in [false, true] {
        // Without accumulation what was in Y must not matter.
        let before = accumulate ? C : [Float](repeating: .nan, count: M * N)
        let Y = withGaps(before, M, N, ldy, gap: 7)
        if transposed {
          table.kernels.product_transposed(M, N, K, A, lda, B, ldb, Y.pointer, ldy, accumulate)
        } else {
          table.kernels.product(M, N, K, A, lda, B, ldb, Y.pointer, ldy, accumulate)
        }
        let expected = reference(transposed, false, M, N, K, A, lda, B, ldb, adding: accumulate ? C : nil)
        let (values, gapsIntact) = withoutGaps(Y, M, N, ldy, gap: 7)
        #expect(worstError(values, expected) <= tolerance(K), "transposed: \(transposed), accumulate: \(accumulate)")
        #expect(gapsIntact)
      }
    }
  }

  @Test("a row of our own product does not depend on the number of rows", arguments: Table.available)
  func rowIndependence(table: Table) {
    let (N, K, most) = (40, 300, 101)
    var random = Random(1)
    let (X, B) = (random.floats(most * K), random.floats(K * N))
    let all = Buffer(count: most * N)
    table.kernels.product(most, N, K, X, K, B, N, all.pointer, N, false)
    for M in [1, 2, 5, 8, 9, 25, 97] {
      let some = Buffer(count: M * N)
      table.kernels.product(M, N, K, X, K, B, N, some.pointer, N, false)
      #expect(some.values == Array(all.values[..<(M * N)]), "M = \(M)")
    }
  }

  @Test("ck_multiply is right in its four transpositions", arguments: Shape.all)
  func multiply(shape: Shape) {
    let (M, N, K) = (shape.M, shape.N, shape.K)
    var random = Random(M + N + K)
    let (A, B) = (random.floats((M + 3) * (K + 3)), random.floats((N + 3) * (K + 3)))
    let C = random.floats(M * N)
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      for accumulate in [false, true] {
        let (lda, ldb) = ((transposeA ? M : K) + 3, (transposeB ? K : N) + 3)
        let Y = withGaps(accumulate ? C : [Float](repeating: .nan, count: M * N), M, N, N + 3, gap: 7)
        ck_multiply(transposeA, transposeB, M, N, K, A, lda, B, ldb, Y.pointer, N + 3, accumulate)
        let expected = reference(transposeA, transposeB, M, N, K, A, lda, B, ldb, adding: accumulate ? C : nil)
        let (values, gapsIntact) = withoutGaps(Y, M, N, N + 3, gap: 7)
        #expect(worstError(values, expected) <= tolerance(K), "\(transposeA) \(transposeB) \(accumulate)")
        #expect(gapsIntact)
      }
    }
  }

  @Test("the name says what serves")
  func name() {
    let name = String(cString: ck_product_name())
    #expect(name.hasPrefix("oneDNN ") || name == "Accelerate" || name.hasPrefix("own ("))
  }
}
