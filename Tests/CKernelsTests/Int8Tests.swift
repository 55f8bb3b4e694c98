// Products in 8-bit integers against sums in Int, and the same bits from every instruction set.

import CKernels
import Testing

/// The products that this CPU has.
private let kinds: [String] = ["plain", "avx2", "avx512", "neon"].filter { ck_int8_for($0) != nil }

@Suite("Products in integers")
struct Int8Tests {
  static let columnCounts = [1, 15, 16, 17, 32, 40, 63, 96, 127, 128]

  /// A group made in two calls, as gates are packed one after the other.
  private func packedGroup(_ weights: [Float], _ C: Int, _ K: Int) -> [UInt8] {
    var group = [UInt8](repeating: 0, count: ck_int8_bytes(C, K))
    group.withUnsafeMutableBytes { bytes in
      let half = C / 2
      ck_int8_pack(C, K, 0, half, weights, bytes.baseAddress)
      ck_int8_pack(C, K, half, C - half, Array(weights[(half * K)...]), bytes.baseAddress)
    }
    return group
  }

  private struct Rounded {
    let bytes: [UInt8]
    let scales: [Float]
  }

  private func rounded(_ kind: String, _ M: Int, _ K: Int, _ X: [Float], _ ldx: Int) -> Rounded {
    var bytes = [UInt8](repeating: 0xAA, count: M * ck_int8_row_bytes(K))
    var scales = [Float](repeating: .nan, count: M)
    ck_int8_round(ck_int8_for(kind), M, K, X, ldx, &bytes, &scales)
    return Rounded(bytes: bytes, scales: scales)
  }

  private func product(_ kind: String, _ group: [UInt8], _ M: Int, _ C: Int, _ K: Int, _ rows: Rounded, ldy: Int)
    -> (values: [Float], gapsIntact: Bool)
  {
    let Y = withGaps([Float](repeating: .nan, count: M * C), M, C, ldy, gap: 7)
    group.withUnsafeBytes {
      ck_int8_for(kind).pointee.product(M, C, K, $0.baseAddress, rows.bytes, rows.scales, Y.pointer, ldy)
    }
    return withoutGaps(Y, M, C, ldy, gap: 7)
  }

  @Test("a product of small integers is exact", arguments: kinds, columnCounts)
  func exact(kind: String, C: Int) {
    let (K, M, ldx, ldy) = (37, 11, 40, C + 2)
    var random = Random(C)
    // With a 127 in each row and column, the scales are 1 and numbers stay what they are.
    var weights = (0..<C * K).map { _ in Float(Int.random(in: -127...127, using: &random)) }
    var X = (0..<M * ldx).map { _ in Float(Int.random(in: -127...127, using: &random)) }
    for c in 0..<C { weights[c * K] = -127 }
    for r in 0..<M { X[r * ldx] = 127 }
    let group = packedGroup(weights, C, K)
    let (values, gapsIntact) = product(kind, group, M, C, K, rounded(kind, M, K, X, ldx), ldy: ldy)
    for r in 0..<M {
      for c in 0..<C {
        let sum = (0..<K).reduce(0) { $0 + Int(X[r * ldx + $1]) * Int(weights[c * K + $1]) }
        #expect(values[r * C + c] == Float(sum), "row \(r), column \(c)")
      }
    }
    #expect(gapsIntact)
  }

  @Test("every instruction set gives the same bits, for any number of rows", arguments: columnCounts)
  func sameBits(C: Int) {
    let (K, most) = (150, 19)
    var random = Random(C + 1)
    let (weights, X) = (random.floats(C * K), random.floats(most * K))
    let group = packedGroup(weights, C, K)
    let expected = product("plain", group, most, C, K, rounded("plain", most, K, X, K), ldy: C).values
    for kind in kinds {
      for M in [most, 1, 4, 8, 9] {
        let rows = rounded(kind, M, K, X, K)
        #expect(product(kind, group, M, C, K, rows, ldy: C).values == Array(expected[..<(M * C)]), "\(kind), \(M)")
      }
    }
  }

  @Test("what is rounded stays within half a step", arguments: kinds)
  func rounding(kind: String) {
    let (C, K, M) = (40, 300, 3)
    var random = Random(8)
    let (weights, X) = (random.floats(C * K), random.floats(M * K))
    let (values, _) = product(
      kind, packedGroup(weights, C, K), M, C, K, rounded(kind, M, K, X, K), ldy: C)
    let expected = reference(false, true, M, C, K, X, K, weights, K, adding: nil)
    // Each term errs by half a step of either factor at most; √K of them add up, and three deviations are allowed.
    let scale = 1.0 / 127 / 2 * 2
    for (value, exact) in zip(values, expected) {
      #expect(abs(Double(value) - exact) <= 3 * scale * Double(K).squareRoot())
    }
  }

  @Test("zeros stay zeros, and what is no number shows", arguments: kinds)
  func extremes(kind: String) {
    let (C, K) = (17, 9)
    func product(_ weights: [Float], _ X: [Float]) -> [Float] {
      self.product(kind, packedGroup(weights, C, K), 1, C, K, rounded(kind, 1, K, X, K), ldy: C).values
    }
    let (zeros, ones) = ([Float](repeating: 0, count: C * K), [Float](repeating: 1, count: C * K))
    #expect(product(zeros, Array(ones[..<K])).allSatisfy { $0 == 0 })
    #expect(product(ones, Array(zeros[..<K])).allSatisfy { $0 == 0 })
    #expect(product(ones, [0x1p-149, 0, -0.0, 0x1p-133, 0, 0, 0, 0, 0]).allSatisfy { $0 == 0 })
    for odd in [Float.nan, .infinity, -.infinity] {
      #expect(product(ones, [0, odd, 1, 2, 3, 4, 5, 6, 7]).allSatisfy { $0.isNaN })
      var weights = ones
      weights[3 * K + 2] = odd
      let values = product(weights, Array(ones[..<K]))
      #expect(values[3].isNaN && values[2] == 9)
    }
  }
}

@Suite("Exact kernels")
struct ExactTests {
  @Test("every instruction set gives the bits of the plain one", arguments: widths)
  func sameBits(H: Int) {
    let rows = 3
    var random = Random(H)
    let (projected, recurrent) = (random.floats(rows * 4 * H, in: -9...9), random.floats(rows * 4 * H, in: -3...3))
    let (entering, gain) = (random.floats(rows * H, in: -2...2), random.floats(4 * H))
    var results: [[[Float]]] = []
    for table in Table.available {
      let exact = table.kernels.exact.pointee
      let (gates, cell, hidden) = (Buffer(count: rows * 4 * H), Buffer(count: rows * H), Buffer(count: rows * H))
      exact.lstm_forward(
        rows, H, projected, nil, recurrent, entering, gates.pointer, cell.pointer, hidden.pointer)
      let (inner, gruGates, gruHidden) = (Buffer(recurrent), Buffer(count: rows * 3 * H), Buffer(count: rows * H))
      exact.gru_forward(
        rows, H, projected, nil, inner.pointer, gain, entering, gruGates.pointer, gruHidden.pointer)
      let (rnnGates, rnnHidden) = (Buffer(count: rows * H), Buffer(count: rows * H))
      exact.rnn_forward(rows, H, false, projected, nil, recurrent, rnnGates.pointer, rnnHidden.pointer)
      let normalized = Buffer(projected)
      exact.layer_norm(rows, 4 * H, normalized.pointer, gain)
      let (factors, modulated) = (Buffer(recurrent), Buffer(count: recurrent.count))
      exact.modulate(recurrent.count, factors.pointer, projected, modulated.pointer)
      let powers = Buffer(count: rows * H)
      exact.exp(rows * H, projected, powers.pointer)
      results.append(
        [gates, cell, hidden, gruGates, gruHidden, rnnHidden, normalized, factors, modulated, powers].map(\.values))
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  @Test("the exact ones differ from the others by roundings alone", arguments: Table.available)
  func near(table: Table) {
    let (rows, H) = (2, 33)
    var random = Random(3)
    let (projected, recurrent, entering) = (
      random.floats(rows * 4 * H), random.floats(rows * 4 * H), random.floats(rows * H)
    )
    func hidden(
      _ forward:
        @convention(c) (
          Int, Int, UnsafePointer<Float>?, UnsafePointer<Int32>?, UnsafePointer<Float>?, UnsafePointer<Float>?,
          UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
        ) -> Void
    ) -> [Float] {
      let (gates, cell, hidden) = (Buffer(count: rows * 4 * H), Buffer(count: rows * H), Buffer(count: rows * H))
      forward(rows, H, projected, nil, recurrent, entering, gates.pointer, cell.pointer, hidden.pointer)
      return hidden.values
    }
    let (fused, exact) = (hidden(table.kernels.lstm_forward), hidden(table.kernels.exact.pointee.lstm_forward))
    for (a, b) in zip(fused, exact) { #expect(abs(a - b) <= 1e-6) }
    let x = random.floats(4 * H)
    let (norm, exactNorm, gain) = (Buffer(x), Buffer(x), random.floats(4 * H))
    table.kernels.layer_norm(1, 4 * H, norm.pointer, gain, nil, nil)
    table.kernels.exact.pointee.layer_norm(1, 4 * H, exactNorm.pointer, gain)
    for (a, b) in zip(norm.values, exactNorm.values) { #expect(abs(a - b) <= 2e-6) }
  }
}
