// Products with packed weights, from one thread and from several.

import CKernels
import Testing

/// Weights packed, for the length of a test.
final class Packed: @unchecked Sendable {  // Safe: ck_packed_multiply may be called from several threads
  let handle: OpaquePointer
  init(_ K: Int, _ N: Int, transposed: Bool, largest_M: Int, precision: ck_precision = CK_FLOAT32) throws {
    handle = try #require(ck_packed_create(K, N, transposed, largest_M, precision))
  }
  deinit { ck_packed_destroy(handle) }

  func product(_ M: Int, _ X: [Float], _ K: Int, _ N: Int) -> [Float] {
    let Y = Buffer(count: M * N)
    ck_packed_multiply(handle, M, X, K, Y.pointer, N, false)
    return Y.values
  }
}

/// Expects packed products of a shape to be those of the factors that `kept` makes of them, in both orientations, with
/// strides, accumulating or not.
/// - Parameter rowCounts: below, at and above the number that is announced, the shape's M.
func expectPackedProducts(
  _ shape: Shape, rowCounts: [Int], precision: ck_precision, kept: (Float) -> Float
) throws {
  let (N, K) = (shape.N, shape.K)
  for transposed in [false, true] {
    var random = Random(N + K)
    let packed = try Packed(K, N, transposed: transposed, largest_M: shape.M, precision: precision)
    // Several times, since weights change.
    for M in rowCounts {
      let (ldx, ldy) = (K + 2, N + 3)
      let (X, B, C) = (random.floats(M * ldx), random.floats(K * N), random.floats(M * N))
      ck_packed_update(packed.handle, B)
      for accumulate in [false, true] {
        let Y = withGaps(accumulate ? C : [Float](repeating: .nan, count: M * N), M, N, ldy, gap: 7)
        ck_packed_multiply(packed.handle, M, X, ldx, Y.pointer, ldy, accumulate)
        let expected = reference(
          false, transposed, M, N, K, X.map(kept), ldx, B.map(kept), transposed ? K : N, adding: accumulate ? C : nil)
        let (values, gapsIntact) = withoutGaps(Y, M, N, ldy, gap: 7)
        #expect(worstError(values, expected) <= tolerance(K), "M \(M), transposed \(transposed), \(accumulate)")
        #expect(gapsIntact)
      }
    }
  }
}

@Suite("Packed products")
struct PackedTests {
  @Test("a packed product is right in both orientations, with strides, accumulating or not", arguments: Shape.all)
  func right(shape: Shape) throws {
    try expectPackedProducts(shape, rowCounts: [shape.M, 0, 1, 5, 33], precision: CK_FLOAT32) { $0 }
  }

  @Test("several threads may multiply with the same weights at once, and get the same bits")
  func threads() async throws {
    let (K, N, most) = (64, 96, 40)
    var random = Random(3)
    let (X, B) = (random.floats(most * K), random.floats(K * N))
    let packed = try Packed(K, N, transposed: true, largest_M: most)
    ck_packed_update(packed.handle, B)
    // The first rounds make the plans, all threads at once; every thread and round must agree.
    let results = await withTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<8 {
        group.addTask { (1...most).flatMap { M in (0..<3).map { _ in packed.product(M, X, K, N) } } }
      }
      return await group.reduce(into: [[[Float]]]()) { $0.append($1) }
    }
    for result in results { #expect(result == results[0]) }
    let expected = reference(false, true, most, N, K, X, K, B, K)
    #expect(worstError(results[0].last!, expected) <= tolerance(K))
  }

  @Test("more shapes than are kept as plans still multiply rightly")
  func manyShapes() throws {
    let (K, N) = (3, 4)
    var random = Random(4)
    let packed = try Packed(K, N, transposed: false, largest_M: 2)
    let (X, B) = (random.floats(2 * 1200), random.floats(K * N))
    ck_packed_update(packed.handle, B)
    for ldx in stride(from: 3, to: 1200, by: 1) {
      let Y = Buffer(count: 2 * N)
      ck_packed_multiply(packed.handle, 2, X, ldx, Y.pointer, N, false)
      let expected = reference(false, false, 2, N, K, X, ldx, B, N)
      #expect(worstError(Y.values, expected) <= tolerance(K), "ldx = \(ldx)")
    }
    ck_packed_update(packed.handle, [Float](repeating: 0, count: K * N))
    let Y = Buffer(count: 2 * N)
    ck_packed_multiply(packed.handle, 2, X, 1199, Y.pointer, N, false)
    #expect(Y.values.allSatisfy { $0 == 0 })
  }
}
