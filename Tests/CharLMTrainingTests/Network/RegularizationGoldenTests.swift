import CharLM
@testable import CharLMTraining
import RecurrentNN
import TestSupport
import Testing

/// Training steps that PyTorch computed, masks and penalties included: `Goldens/make_regularization_goldens.py`.
@Suite struct RegularizationGoldenTests {
  @Test("a step with all masks and penalties has PyTorch's gradients", arguments: ["lstm", "gru"], [1, 3])
  func gradients(_ name: String, shardCount: Int) throws {
    let golden = try Golden("regularized-" + name)
    var noise = StepNoise(seed: 9, step: 12, dropout: 0.3)
    noise.regularization.isLocked = golden.metadata["locked"] == "true"
    noise.regularization.embeddingDropout = 0.25
    noise.regularization.weightDrop = 0.4
    noise.regularization.activation = 2
    noise.regularization.temporal = 1
    let shardedNetwork = golden.problem.makeLearner(shardCount: shardCount, dropsWeights: true)
    let nats = shardedNetwork.computeGradients(targetCount: golden.problem.targetCount, noise: noise).nats
    #expect(relativeError([Float(nats / Double(golden.problem.targetCount))], golden["loss"]) <= 1e-5)
    for parameter in golden.problem.parameters.keys.sorted() {
      let error = relativeError(shardedNetwork.gradients.values(named: parameter), golden["gradient/" + parameter])
      #expect(error <= 1e-4, "\(parameter) of \(name)")
    }
  }
}
