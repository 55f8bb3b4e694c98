// Products in bfloat16, where this CPU has them, against Double arithmetic on the rounded numbers.

import CKernels
import Testing

/// The nearest bfloat16, ties to even.
private func rounded(_ x: Float) -> Float {
  let bits = x.bitPattern
  return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
}

@Suite("Products in bfloat16", .enabled(if: ck_bfloat16_available(), "this CPU has none"))
struct BFloat16Tests {
  @Test(
    "a packed product is that of the rounded numbers, with strides, accumulating or not",
    arguments: Shape.all + [Shape(M: 70, N: 70, K: 1100), Shape(M: 70, N: 96, K: 1100), Shape(M: 9, N: 33, K: 513)])
  func packed(shape: Shape) throws {
    try expectPackedProducts(shape, rowCounts: [shape.M, 0, 1, 5, 70], precision: CK_BFLOAT16, kept: rounded)
  }

  @Test(
    "a weight's gradient is that of the rounded numbers",
    arguments: Shape.all + [Shape(M: 300, N: 40, K: 600), Shape(M: 300, N: 96, K: 600), Shape(M: 16, N: 33, K: 513)])
  func gradient(shape: Shape) {
    let (M, N, K) = (shape.M, shape.N, shape.K)
    var random = Random(M + N + K)
    let (lda, ldb, ldc) = (M + 5, N + 1, N + 3)
    let (A, B, C) = (random.floats(K * lda), random.floats(K * ldb), random.floats(M * N))
    for accumulate in [false, true] {
      let Y = withGaps(accumulate ? C : [Float](repeating: .nan, count: M * N), M, N, ldc, gap: 7)
      ck_multiply_transposed(CK_BFLOAT16, M, N, K, A, lda, B, ldb, Y.pointer, ldc, accumulate)
      let expected = reference(
        true, false, M, N, K, A.map(rounded), lda, B.map(rounded), ldb, adding: accumulate ? C : nil)
      let (values, gapsIntact) = withoutGaps(Y, M, N, ldc, gap: 7)
      #expect(worstError(values, expected) <= tolerance(K), "accumulate \(accumulate)")
      #expect(gapsIntact)
    }
  }

  @Test("a row of a packed product does not depend on the number of rows", arguments: [70, 96])
  func rowIndependence(N: Int) throws {
    let (K, most) = (700, 101)
    var random = Random(1)
    let (X, B) = (random.floats(most * K), random.floats(K * N))
    let packed = try Packed(K, N, transposed: true, largest_M: most, precision: CK_BFLOAT16)
    ck_packed_update(packed.handle, B)
    let all = packed.product(most, X, K, N)
    for M in [1, 2, 7, 8, 9, 31, 32, 55, 65] {
      #expect(packed.product(M, X, K, N) == Array(all[..<(M * N)]), "M = \(M)")
    }
  }
}

@Suite("Products for sampling")
struct StreamProductTests {
  /// Columns around the blocks of 32, of which a group has up to four.
  static let columnCounts = [1, 16, 17, 32, 40, 63, 96, 127, 128]

  @Test(
    "a group's product is right for any number of rows, and a row's bits do not depend on it",
    arguments: Table.available, columnCounts)
  func right(table: Table, C: Int) {
    let K = 37
    var random = Random(C)
    let weights = random.floats(C * K)
    for isNarrow in [false, true] {
      let group = packedGroup(weights, C, K, isNarrow)
      let kept = isNarrow ? weights.map(rounded) : weights
      let (ldx, ldy, most) = (K + 3, C + 2, 17)
      let (X, before) = (random.floats(most * ldx), random.floats(most * C))
      for accumulate in [false, true] {
        let expected = reference(false, true, most, C, K, X, ldx, kept, K, adding: accumulate ? before : nil)
        var rows: [Float] = []
        for M in [most, 1, 8] {
          let Y = withGaps(accumulate ? before : [Float](repeating: .nan, count: most * C), most, C, ldy, gap: 7)
          group.withUnsafeBytes { bytes in
            table.kernels.stream_product(M, C, K, bytes.baseAddress, isNarrow, X, ldx, Y.pointer, ldy, accumulate)
          }
          let (values, gapsIntact) = withoutGaps(Y, most, C, ldy, gap: 7)
          if rows.isEmpty { rows = values }
          #expect(values[..<(M * C)] == rows[..<(M * C)], "\(M) rows")
          #expect(gapsIntact, "\(M) rows")
        }
        #expect(worstError(rows, expected) <= tolerance(K), "narrow \(isNarrow), accumulate \(accumulate)")
      }
    }
  }

  /// In two calls, as gates are packed one after the other.
  private func packedGroup(_ weights: [Float], _ C: Int, _ K: Int, _ isNarrow: Bool) -> [UInt8] {
    var group = [UInt8](repeating: 0, count: ck_stream_bytes(C, K, isNarrow))
    group.withUnsafeMutableBytes { bytes in
      let half = C / 2
      ck_stream_pack(C, K, 0, half, weights, isNarrow, bytes.baseAddress)
      ck_stream_pack(C, K, half, C - half, Array(weights[(half * K)...]), isNarrow, bytes.baseAddress)
    }
    return group
  }
}
