import CharLM
import RecurrentNN
import TestSupport
import Testing

/// Models whose cells have layer normalization or mogrifier rounds, as wholes.
@Suite struct CellVariantTests {
  struct Variant: CustomTestStringConvertible {
    let cell: CellKind
    let layerNorm: Bool
    let rounds: Int
    var testDescription: String { "\(cell), layer normalization \(layerNorm), \(rounds) mogrifier rounds" }

    func model() throws -> LanguageModel {
      try TestModel.language(cell, layerNorm: layerNorm, mogrifierRounds: rounds)
    }
  }

  static let variants = CellKind.allCases.flatMap { cell in
    [(true, 0), (false, 2), (true, 3)].map { Variant(cell: cell, layerNorm: $0, rounds: $1) }
  }

  @Test("such a model is read as it was written", arguments: variants)
  func roundTrip(_ variant: Variant) throws {
    let model = try variant.model().snapshot
    #expect(model.parameters.count { $0.name.hasPrefix("rnn.ln_") } == (variant.layerNorm ? 4 : 0))
    #expect(model.parameters.count { $0.name.hasPrefix("rnn.weight_mogrify") } == 2 * variant.rounds)
    let folder = try ScratchFolder()
    try Checkpoint.write(model, to: folder("model.safetensors"))
    let read = try Checkpoint.read(path: folder("model.safetensors")).model
    #expect(read.settings == model.settings)
    for parameter in model.parameters {
      #expect(read.values(named: parameter.name) == model.values(named: parameter.name), "\(parameter.name)")
    }
  }

  @Test("sampling has the logits that training has, with any number of threads", arguments: variants, 1...2)
  func sampling(_ variant: Variant, threadCount: Int) throws {
    let model = try variant.model().snapshot
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
