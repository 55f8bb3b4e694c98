import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMData
@testable import CharLMFiles
@testable import CharLMTraining

@Suite struct TrainerTests {
  static let variants: [TrainerVariant] = [CellKind.lstm, .gru, .rnn].flatMap { cell in
    [OptimizerKind.adam, .sgd].flatMap { kind in
      // 400 tokens are eight steps of 6 · 8; 21 are fewer than one.
      [400, 21].map { tokenCount in
        var variant = TrainerVariant()
        variant.model.cell = cell
        variant.optimizer = OptimizerSettings(kind: kind, weightDecay: 0.1)
        variant.tokenCount = tokenCount
        variant.documentID = cell == .gru ? 5 : nil
        return variant
      }
    }
  }

  @Test("the number of threads changes no bit", arguments: variants)
  func threads(_ variant: TrainerVariant) throws {
    var expected: (reports: [StepReport], bits: [String: [UInt32]])?
    for threadCount in [1, 2, 4] {
      var variant = variant
      variant.threadCount = threadCount
      let trainer = variant.makeTrainer()
      let reports = try trainer.run(5)
      if let expected {
        #expect(reports == expected.reports, "\(threadCount) threads")
        #expect(trainer.bits == expected.bits, "\(threadCount) threads")
      } else {
        expected = (reports, trainer.bits)
      }
    }
  }

  @Test("a run that stops and goes on is the run that did not stop, bit for bit", arguments: variants)
  func resume(_ variant: TrainerVariant) throws {
    let whole = variant.makeTrainer()
    let first = variant.makeTrainer()
    let expected = try whole.run(12)
    let before = try first.run(7)
    let saved = try first.savedState()
    let second = variant.makeTrainer()
    try second.run(2)  // must leave nothing behind
    try second.restore(saved, first.progress)
    let after = try second.run(5)
    #expect(before + after == expected)
    #expect(second.bits == whole.bits)
    #expect(second.stepCount == 12)
  }

  /// SOAP, which does not move each parameter by its own gradient, has tests of its own (`EigenbasisTests`).
  @Test(
    "a step is the optimizer's on the clipped gradients at the schedule's rate",
    arguments: OptimizerKind.allCases.filter { $0 != .soap })
  func update(_ kind: OptimizerKind) throws {
    var variant = TrainerVariant()
    // An ε beside which the gradients are small, so that their scale counts; more parameters than one slice has.
    variant.model.hidden = 64
    variant.optimizer = OptimizerSettings(
      kind: kind, epsilon: 0.1, weightDecay: 0.05, momentum: kind == .adam || kind == .adamw ? 0 : 0.7)
    variant.clip = 0.2
    let trainer = variant.makeTrainer()
    let settings = trainer.settings
    var expected = trainer.parameters.flat.array.map { Double($0) }
    var reference = ReferenceOptimizer(variant.optimizer, parameterCount: expected.count)
    #expect(expected.count > 1 << 15)
    var clippedCount = 0
    for step in 0..<6 {
      let report = try trainer.step()
      let scale = min(1, Double(settings.clip) / (report.gradientNorm + 1e-6))
      clippedCount += scale < 1 ? 1 : 0
      let rate = settings.schedule.rate(step: step, progress: Double(step) / 40)
      #expect(report.learningRate == rate, "step \(step)")
      reference.update(
        &expected, gradients: trainer.shardedNetwork.gradients.flat.array.map { Double($0) * scale }, rate: Double(rate)
      )
      #expect(relativeError(trainer.parameters.flat.array, expected) <= 1e-5, "step \(step)")
    }
    #expect(clippedCount > 0 && clippedCount < 6, "some steps are clipped, \(clippedCount)")
  }

  @Test("a state that does not fit is refused and changes nothing")
  func mismatch() throws {
    let trainer = TrainerVariant().makeTrainer()
    var other = TrainerVariant()
    other.model.hidden = 13
    let (bits, state) = (trainer.bits, try other.makeTrainer().savedState())
    let later = TrainingProgress(stepCount: 3, updateCount: 3, rateFactor: 1)
    #expect(throws: TrainingError.self) { try trainer.restore(state, later) }
    let shorter = try trainer.savedState(count: trainer.stateTensors.count - 1)
    #expect(throws: TrainingError.self) { try trainer.restore(shorter, later) }
    #expect(trainer.bits == bits)
    #expect(trainer.stepCount == 0)
  }

  @Test("the number of shards changes only the rounding", arguments: [CellKind.lstm, .gru, .rnn])
  func shards(_ cell: CellKind) throws {
    // Adam divides by the root of a squared gradient, so that a small gradient's rounding is not small: a few steps,
    // and tolerances for the sums alone.
    var variant = TrainerVariant()
    variant.model.cell = cell
    variant.shards = 1
    let expected = try variant.makeTrainer().run(4)
    for shardCount in 2...6 {
      variant.shards = shardCount
      for (report, one) in zip(try variant.makeTrainer().run(4), expected) {
        #expect(report.tokenCount == one.tokenCount, "\(shardCount) shards, step \(one.step)")
        #expect(abs(report.nats - one.nats) <= 1e-5 * one.nats, "\(shardCount) shards, step \(one.step)")
        #expect(
          abs(report.gradientNorm - one.gradientNorm) <= 1e-4 * one.gradientNorm,
          "\(shardCount) shards, step \(one.step)")
      }
    }
  }

  @Test("an evaluation in between changes nothing of the run")
  func evaluation() throws {
    let (with, without) = (TrainerVariant().makeTrainer(), TrainerVariant().makeTrainer())
    let evaluator = with.makeEvaluator()
    for _ in 0..<3 {
      try with.run(1)
      try without.run(1)
      _ = try evaluator.stateful(TokenText(TestText.uniform(count: 300)), documentID: nil)
    }
    #expect(with.bits == without.bits)
  }

  @Test("the moving mean follows the parameters, and is what is validated")
  func movingMean() throws {
    var variant = TrainerVariant()
    variant.averageDecay = 0.3
    let trainer = variant.makeTrainer()
    var expected = trainer.parameters.flat.array.map { Double($0) }
    for step in 1...8 {
      _ = try trainer.step()
      // A young mean forgets faster.
      let decay = min(0.3, Double(1 + step) / Double(10 + step))
      expected = zip(expected, trainer.parameters.flat.array).map { decay * $0 + (1 - decay) * Double($1) }
      #expect(relativeError(trainer.result.flat.array, expected) <= 1e-5, "step \(step)")
    }
    let text = TokenText(TestText.uniform(count: 60, seed: 9))
    let evaluation = try trainer.makeEvaluator().stateful(text, documentID: nil)
    let weights = Evaluator.weights(trainer.network, store: trainer.result)
    let alone = try Evaluator(weights, pool: trainer.shardedNetwork.pool, repacks: true).stateful(text, documentID: nil)
    #expect(evaluation == alone)
    let present = Evaluator.weights(trainer.network, store: trainer.parameters)
    #expect(
      try Evaluator(present, pool: trainer.shardedNetwork.pool, repacks: true).stateful(text, documentID: nil) != alone)
  }
}
