import CKernels
// Softmax and cross entropy.

import Foundation
import Testing

/// −log softmax(x)_t and softmax(x), in Double.
func crossEntropy(_ x: [Double], _ target: Int) -> Double {
  let maximum = (x.max() ?? 0)
  return log(x.reduce(0) { $0 + exp($1 - maximum) }) - (x[target] - maximum)
}

@Suite("Losses")
struct LossTests {
  @Test("cross entropy, its gradient and the best index follow their equations", arguments: Table.available, widths)
  func crossEntropyBoth(table: Table, V: Int) {
    for rows in rowCounts {
      var random = Random(V)
      let logits = random.floats(rows * V, in: -20...20)
      let targets = (0..<rows).map { $0 == 3 ? -1 : Int32.random(in: 0..<Int32(V), using: &random) }
      let scale: Float = 0.25
      func row(_ r: Int) -> [Double] { logits[r * V..<(r + 1) * V].map(Double.init) }
      let expected = (0..<rows).map { targets[$0] < 0 ? 0 : crossEntropy(row($0), Int(targets[$0])) }

      let gradient = Buffer(logits)
      let total = table.kernels.cross_entropy_gradient(rows, V, gradient.pointer, targets, scale)
      #expect(abs(total - expected.reduce(0, +)) <= 1e-6 * Double(rows + 1) * 20)
      let expectedGradient = (0..<rows).flatMap { r in
        targets[r] < 0
          ? [Double](repeating: 0, count: V)
          : numericalGradient(of: { Double(scale) * crossEntropy($0, Int(targets[r])) }, at: row(r))
      }
      expect(gradient, equals: expectedGradient, within: 1e-6, "gradient of \(rows) rows")

      let nats = Buffer(count: rows)
      var best = [Int32](repeating: -9, count: rows)
      table.kernels.cross_entropy(rows, V, logits, targets, nats.pointer, &best)
      expect(nats, equals: expected, within: 1e-6, "nats of \(rows) rows")
      #expect(best == (0..<rows).map { r in Int32(row(r).firstIndex(of: row(r).max()!)!) })
      table.kernels.cross_entropy(rows, V, logits, targets, nil, &best)
      table.kernels.cross_entropy(rows, V, logits, targets, nats.pointer, nil)
      expect(nats, equals: expected, within: 1e-6, "nats alone")
    }
  }

  @Test("the best of equals is the lowest index", arguments: Table.available)
  func ties(table: Table) {
    var best: Int32 = -1
    for place in [0, 5, 16, 31, 47] {
      var logits = [Float](repeating: -1, count: 50)
      for j in place..<50 where (j - place).isMultiple(of: 2) { logits[j] = 4 }
      table.kernels.cross_entropy(1, 50, logits, [0], nil, &best)
      #expect(best == place)
    }
  }

  @Test("huge logits neither overflow nor lose the sum", arguments: Table.available)
  func huge(table: Table) {
    let logits = Buffer([3e38, -3e38, 3e38, -.infinity])
    var nats: [Float] = [0]
    table.kernels.cross_entropy(1, 4, logits.pointer, [0], &nats, nil)
    #expect(abs(nats[0] - log(2)) < 1e-6)
    _ = table.kernels.cross_entropy_gradient(1, 4, logits.pointer, [0], 1)
    #expect(logits.values == [-0.5, 0, 0.5, 0])
  }
}
