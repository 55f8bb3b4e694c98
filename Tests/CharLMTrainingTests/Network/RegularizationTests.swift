import CharLM
import CharLMData
import CharLMFiles
@testable import CharLMTraining
import RecurrentNN
import TestSupport
import Testing

@Suite struct RegularizationTests {
  /// Each means alone, and all together with dropout of both kinds.
  static let noises: [StepNoise] = {
    func noise(dropout: Float = 0, _ change: (inout Regularization) -> Void) -> StepNoise {
      var noise = StepNoise(seed: 5, step: 7, dropout: dropout)
      change(&noise.regularization)
      return noise
    }
    func all(_ regularization: inout Regularization) {
      regularization.embeddingDropout = 0.3
      regularization.weightDrop = 0.4
      regularization.activation = 0.7
      regularization.temporal = 0.9
    }
    return [
      noise(dropout: 0.4) { $0.isLocked = true }, noise { $0.embeddingDropout = 0.4 }, noise { $0.weightDrop = 0.5 },
      noise { $0.activation = 2 }, noise { $0.temporal = 1.5 }, noise(dropout: 0.3, all),
      noise(dropout: 0.3) {
        all(&$0)
        $0.isLocked = true
      },
    ]
  }()

  @Test("loss and gradients are the reference's under the same masks, in any number of shards", arguments: noises)
  func reference(_ noise: StepNoise) {
    let resets = [(0, 2), (1, 0), (1, 4), (3, 1)].map { Walk.Reset(step: $0.0, row: $0.1) }
    for cell in CellKind.allCases {
      for (isTied, shardCount) in [(false, 1), (true, 1), (false, 3)] {
        let model = NetworkSettings(cell: cell, layers: 2, hidden: 9, embedding: isTied ? 9 : 6, tied: isTied)
        expectReference(NetworkProblem(model, lengths: [4, 4, 4, 4, 4], resets: resets), noise, shardCount)
      }
      let model = NetworkSettings(cell: cell, layers: 2, hidden: 5, embedding: 6, bidirectional: true)
      expectReference(NetworkProblem(model, lengths: [6, 4, 4, 2, 1]), noise, 2)
    }
  }

  private func expectReference(_ problem: NetworkProblem, _ noise: StepNoise, _ shardCount: Int) {
    let shardedNetwork = problem.makeLearner(
      shardCount: shardCount, threadCount: 2, dropsWeights: noise.regularization.weightDrop > 0)
    // Another step first, of which nothing may remain.
    var other = noise
    other.step += 1
    _ = shardedNetwork.computeGradients(targetCount: 1, noise: other)
    problem.fill(shardedNetwork.shards)
    let expected = problem.solvedByReference(noise)
    let loss =
      shardedNetwork.computeGradients(targetCount: problem.targetCount, noise: noise).nats / Double(problem.targetCount)
    let what = "\(problem.model), \(noise), \(shardCount) shards"
    #expect(abs(loss - expected.loss) <= 1e-5 * expected.loss, "loss, \(what)")
    for (name, gradient) in expected.gradients {
      #expect(relativeError(shardedNetwork.gradients.values(named: name), gradient) <= 1e-4, "\(name), \(what)")
    }
  }

  @Test("gradients are the slopes of the loss with its penalties under the same masks", arguments: noises)
  func slopes(_ noise: StepNoise) {
    // As with dropout alone (NetworkGradientTests): a float32 loss, good to some 1e-7, over a step of 0.02.
    let model = NetworkSettings(cell: .lstm, layers: 2, hidden: 12, embedding: 6)
    let problem = NetworkProblem(model, lengths: [4, 4, 4, 4])
    func objective(_ problem: NetworkProblem) -> Double {
      let shardedNetwork = problem.makeLearner(shardCount: 1, dropsWeights: true)
      let loss =
        shardedNetwork.computeGradients(targetCount: problem.targetCount, noise: noise).nats
        / Double(problem.targetCount)
      let (stack, walk) = (shardedNetwork.shards[0].stack, shardedNetwork.shards[0].walk)
      func meanSquare(_ values: [Float]) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
      }
      let raw = noise.regularization.temporal > 0 ? stack.rawOutput(walk).view.array : [0]
      let changes = zip(raw, raw.dropFirst(4 * 12)).map { $1 - $0 }
      return loss + Double(noise.regularization.activation) * meanSquare(stack.output(walk).view.array)
        + (changes.isEmpty ? 0 : Double(noise.regularization.temporal) * meanSquare(changes))
    }
    let shardedNetwork = problem.makeLearner(shardCount: 1, dropsWeights: true)
    _ = shardedNetwork.computeGradients(targetCount: problem.targetCount, noise: noise)
    problem.expectSlopes(of: objective, shardedNetwork.gradients, "\(noise)")
  }

  @Test("an embedding loses whole tokens, as many as the probability says, others in each step")
  func embedding() {
    let model = NetworkSettings(cell: .rnn, hidden: 4, embedding: 3)
    let problem = NetworkProblem(model, vocabularyCount: 50, lengths: [60, 60])
    let shardedNetwork = problem.makeLearner(shardCount: 1)
    var noise = StepNoise(seed: 1, step: 0)
    noise.regularization.embeddingDropout = 0.3
    var masks: Set<[Bool]> = []
    var (droppedCount, count) = (0, 0)
    for step in 0..<40 {
      noise.step = step
      _ = shardedNetwork.computeGradients(targetCount: problem.targetCount, noise: noise)
      let gradient = shardedNetwork.gradients.matrix(named: "embedding.weight")
      let tokens = Set(problem.tokens.joined()).sorted()
      let isDropped = tokens.map { token in gradient.row(token).array.allSatisfy { $0 == 0 } }
      masks.insert(isDropped)
      droppedCount += isDropped.count { $0 }
      count += isDropped.count
    }
    #expect(masks.count == 40)
    let deviation = (0.3 * 0.7 * Double(count)).squareRoot()
    #expect(abs(Double(droppedCount) - 0.3 * Double(count)) < 4 * deviation, "\(droppedCount) of \(count)")
  }

  // MARK: Runs

  /// Everything on, in normalized cells and a plain one.
  static let variants: [TrainerVariant] = CellKind.allCases.map { cell in
    var variant = TrainerVariant()
    variant.model.cell = cell
    variant.documentID = cell == .gru ? 5 : nil
    variant.regularization = noises[noises.count - 1].regularization
    variant.model.layerNorm = cell != .lstm
    return variant
  }

  @Test("the number of threads changes no bit", arguments: variants)
  func threads(_ variant: TrainerVariant) throws {
    let one = variant.makeTrainer()
    var variant = variant
    variant.threadCount = 2
    let two = variant.makeTrainer()
    #expect(try one.run(5) == two.run(5))
    #expect(one.bits == two.bits)
  }

  @Test("a run that stops and goes on is the run that did not stop, bit for bit", arguments: variants)
  func resume(_ variant: TrainerVariant) throws {
    let (whole, first) = (variant.makeTrainer(), variant.makeTrainer())
    let expected = try whole.run(9)
    let before = try first.run(5)
    let saved = try first.savedState()
    let second = variant.makeTrainer()
    try second.run(2)  // must leave nothing behind
    try second.restore(saved, first.progress)
    #expect(try before + second.run(4) == expected)
    #expect(second.bits == whole.bits)
  }

  @Test("the number of shards changes only the rounding", arguments: variants)
  func shards(_ variant: TrainerVariant) throws {
    var variant = variant
    variant.shards = 1
    let expected = try variant.makeTrainer().run(3)
    for shardCount in [2, 5] {
      variant.shards = shardCount
      for (report, one) in zip(try variant.makeTrainer().run(3), expected) {
        #expect(abs(report.nats - one.nats) <= 1e-5 * one.nats, "\(shardCount) shards, step \(one.step)")
        #expect(abs(report.gradientNorm - one.gradientNorm) <= 1e-4 * one.gradientNorm, "\(shardCount) shards")
      }
    }
  }

  @Test("an evaluation reads the whole weights and changes nothing of the run", arguments: variants)
  func evaluation(_ variant: TrainerVariant) throws {
    let (with, without) = (variant.makeTrainer(), variant.makeTrainer())
    let evaluator = with.makeEvaluator()
    let text = TokenText(TestText.uniform(count: 300))
    for _ in 0..<3 {
      try with.run(1)
      try without.run(1)
      var whole = variant
      whole.regularization = Regularization()
      let reader = whole.makeTrainer()
      reader.parameters.flat.copy(from: with.parameters.flat)
      reader.shardedNetwork.refresh()
      let expected = try reader.makeEvaluator().stateful(text, documentID: nil)
      #expect(try evaluator.stateful(text, documentID: nil) == expected)
    }
    #expect(with.bits == without.bits)
  }
}
