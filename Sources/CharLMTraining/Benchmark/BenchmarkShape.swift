import CharLM
import RecurrentNN

/// A network's sizes and a batch's, at which speed is measured.
package struct BenchmarkShape: Hashable, Sendable {
  /// Its name, such as `lstm-128`.
  package var name: String
  /// The number of tokens.
  package var vocabularyCount: Int
  /// The network.
  package var model: NetworkSettings
  /// Rows of a step.
  package var batch: Int
  /// Time steps of a chunk.
  package var bptt: Int

  private init(_ name: String, _ cell: CellKind, _ V: Int, _ E: Int, _ H: Int, _ L: Int, _ B: Int, _ T: Int) {
    self.name = name
    vocabularyCount = V
    model = NetworkSettings(cell: cell, layers: L, hidden: H, embedding: E)
    batch = B
    bptt = T
  }

  /// The reference shapes.
  package static let all = [
    BenchmarkShape("lstm-128", .lstm, 65, 128, 128, 2, 50, 50),
    BenchmarkShape("lstm-256", .lstm, 65, 64, 256, 2, 64, 64),
    BenchmarkShape("lstm-512", .lstm, 65, 512, 512, 2, 64, 100),
    BenchmarkShape("lstm-1024", .lstm, 205, 1024, 1024, 2, 32, 100),
    BenchmarkShape("lstm1-512", .lstm, 65, 64, 512, 1, 32, 100),
    BenchmarkShape("gru-256", .gru, 65, 256, 256, 2, 64, 64),
    BenchmarkShape("gru-512", .gru, 65, 512, 512, 2, 64, 100),
    BenchmarkShape("rnn-256", .rnn, 65, 256, 256, 2, 64, 64),
    BenchmarkShape("cjk-512", .lstm, 4533, 256, 512, 2, 32, 64),
  ]

  /// The multiplications and additions of a step's products as one counts them for any toolkit: nothing is saved by the
  /// token table.
  package var nominalFlops: Double {
    let layerInputs = (0..<model.layers).map { $0 == 0 ? model.embedding : model.hidden }
    let recurrent = layerInputs.reduce(0) { $0 + model.cell.gateCount * model.hidden * ($1 + model.hidden) }
    return 6 * Double(batch * bptt * (recurrent + model.hidden * vocabularyCount))
  }
}
