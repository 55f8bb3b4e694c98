import CharLM
import RecurrentNN
import TestSupport
import Testing

/// Models with layer normalization, as wholes.
@Suite struct LayerNormModelTests {
  @Test("a normalized model is read as it was written", arguments: CellKind.allCases)
  func roundTrip(_ cell: CellKind) throws {
    let model = try TestModel.language(cell, layerNorm: true).snapshot
    #expect(model.parameters.count { $0.name.hasPrefix("rnn.ln_") } == 4)
    let folder = try ScratchFolder()
    try Checkpoint.write(model, to: folder("model.safetensors"))
    let read = try Checkpoint.read(path: folder("model.safetensors")).model
    #expect(read.settings == model.settings)
    for parameter in model.parameters {
      #expect(read.values(named: parameter.name) == model.values(named: parameter.name), "\(parameter.name)")
    }
  }

  @Test("sampling has the logits that training has, with any number of threads", arguments: CellKind.allCases, 1...2)
  func sampling(_ cell: CellKind, threadCount: Int) throws {
    let model = try TestModel.language(cell, layerNorm: true).snapshot
    let tokens = (0..<12).map { Int32($0 * 7 % 18) }
    let shard = NetworkShard(model.inferenceWeights(rowCount: 12, batchSize: 1), rowCount: 12, batchSize: 1)
    shard.walk.setUniform(timeStepCount: 12, batchSize: 1)
    shard.tokens.copy(from: tokens)
    withEngineSettings { shard.forward(noise: nil) }
    let network = StreamNetwork(model, rowCount: 1, precision: .float32, team: Team(size: threadCount))
    let (state, logits) = (network.makeState(), network.makeLogits())
    for (step, token) in tokens.enumerated() {
      network.step({ _ in token }, state, logits: logits)
      #expect(relativeError(logits.view.array, shard.logits.row(step).array) <= 1e-5, "step \(step)")
    }
  }
}
