import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMTraining

/// Several ranks train what one process trains.
@Suite struct RankTests {
  typealias Variant = ResumeTests.Variant

  static let variants = [
    Variant("AdamW") { _ in },
    Variant("SOAP") { $0.settings.optimizer = OptimizerSettings(kind: .soap, beta2: 0.9) },
    Variant("SGD") { $0.settings.optimizer = OptimizerSettings(kind: .sgd, momentum: 0.9) },
    Variant("a moving mean") { $0.settings.averageDecay = 0.9 },
    Variant("weight drop") { $0.settings.regularization.weightDrop = 0.3 },
    Variant("AR and TAR") {
      ($0.settings.regularization.activation, $0.settings.regularization.temporal) = (2, 1)
    },
    Variant("a tied GRU") { $0.model = NetworkSettings(cell: .gru, hidden: 16, embedding: 16, tied: true) },
    Variant("layer normalization") { $0.model.layerNorm = true },
    Variant("mogrifier rounds") { $0.model.mogrifierRounds = 2 },
    Variant("jittered chunks") { $0.settings.isJittered = true },
    Variant("five rows") { $0.settings.batch = 5 },
  ]

  private func make(_ run: TestRun, _ communicator: Communicator, modelPath: String? = nil) -> TrainingRun {
    TrainingRun(
      run.data, network: run.model, settings: run.settings, modelPath: modelPath, threadCount: 1,
      communicator: communicator)
  }

  /// What some ranks make of a run: the first one's trainer's bits, its record, and whether all have the same parameters.
  private func trained(
    _ run: TestRun, ranks: Int, name: String = "run", until step: Int = .max, resuming: Bool = false
  ) throws -> (bits: [String: [UInt32]], record: TrainingRecord, end: TrainingEnd) {
    let outcomes = try onRanks(ranks) { communicator in
      let training =
        resuming
        ? try TrainingRun(resuming: run.path(name), threadCount: 1, communicator: communicator)
        : make(run, communicator, modelPath: run.path(name))
      let end = try training.train(until: step)
      return (bits: training.trainer.bits, record: training.record, end: end)
    }
    for outcome in outcomes.dropFirst() {
      let isSame = outcome.bits["parameters"] == outcomes[0].bits["parameters"]
      #expect(isSame)
      #expect(outcome.record.history == outcomes[0].record.history)
      #expect(outcome.end == outcomes[0].end)
    }
    return outcomes[0]
  }

  /// The largest difference between the parameters of two runs, as a part of the largest.
  private func difference(_ a: [String: [UInt32]], _ b: [String: [UInt32]]) -> Float {
    let (x, y) = (
      (a["parameters"] ?? []).map(Float.init(bitPattern:)), (b["parameters"] ?? []).map(Float.init(bitPattern:))
    )
    #expect(x.count == y.count && !x.isEmpty)
    return zip(x, y).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// Shards of one process add each of its rows to the gradients, ranks their sums: no more than the order differs. SOAP
  /// makes more of that than others, for between gradients of about the same size any basis is as good.
  @Test("ranks make the steps of one process with the same batch", arguments: variants, [(2, 1), (2, 2), (3, 1)])
  func sameSteps(_ variant: Variant, _ division: (ranks: Int, shards: Int)) throws {
    var run = try TestRun()
    variant.change(&run)
    let alone = run.make("alone")
    try alone.train()
    run.settings.shards = division.shards
    let shared = try trained(run, ranks: division.ranks)
    let isSOAP = run.settings.optimizer.kind == .soap
    let tolerance = isSOAP ? 3e-3 : 1e-5
    if !isSOAP { #expect(difference(shared.bits, alone.trainer.bits) < 1e-3) }
    #expect(shared.record.trainedTokens == alone.record.trainedTokens)
    #expect(shared.record.history.map(\.step) == alone.record.history.map(\.step))
    for (a, b) in zip(shared.record.history, alone.record.history) {
      #expect(abs((a.validNats ?? 0) - (b.validNats ?? .nan)) < tolerance, "step \(a.step)")
      #expect(abs(a.trainNats - b.trainNats) < tolerance, "step \(a.step)")
    }
  }

  @Test("gradients in bfloat16 train as well")
  func narrowWire() throws {
    var run = try TestRun()
    let alone = run.make("alone")
    try alone.train()
    run.settings.ranks = RankSettings(count: 2, wire: .bfloat16)
    let shared = try trained(run, ranks: 2)
    let (a, b) = (shared.record.bestValidNats ?? .nan, alone.record.bestValidNats ?? .nan)
    #expect(abs(a - b) < 0.02, "\(a), \(b)")
  }

  @Test("a run of two ranks is the same each time, and goes on as it would have", arguments: [1, 4])
  func resume(syncInterval: Int) throws {
    var run = try TestRun()
    run.settings.ranks = RankSettings(count: 2, syncInterval: syncInterval)
    let whole = try trained(run, ranks: 2, name: "whole")
    let again = try trained(run, ranks: 2, name: "again")
    let isSame = again.bits == whole.bits
    #expect(isSame)
    #expect(try trained(run, ranks: 2, until: 20).end == .interrupted)
    let resumed = try trained(run, ranks: 2, resuming: true)
    if syncInterval == 1 {
      let isSame = resumed.bits == whole.bits
      #expect(isSame)
      #expect(resumed.record.history == whole.record.history)
    } else {
      // Of what each rank remembers for itself, the state has the first one's.
      #expect(difference(resumed.bits, whole.bits) < 0.5)
      let (a, b) = (resumed.record.bestValidNats ?? .nan, whole.record.bestValidNats ?? .nan)
      #expect(abs(a - b) < 0.05, "\(a), \(b)")
    }
  }

  @Test("a run goes on with another number of ranks, on the same schedule", arguments: [(2, 1), (1, 2), (4, 3)])
  func otherNumber(before: Int, after: Int) throws {
    let run = try TestRun()
    let whole = run.make("whole")
    try whole.train()
    #expect(try trained(run, ranks: before, until: 23).end == .interrupted)
    let resumed = try trained(run, ranks: after, resuming: true)
    #expect(resumed.record.steps == 60 && resumed.end == .finished)
    #expect(resumed.record.settings.ranks?.count == (after > 1 ? after : nil))
    #expect(difference(resumed.bits, whole.trainer.bits) < 1e-4)
  }

  @Test(
    "ranks that make steps of their own learn, too, and agree at each meeting",
    arguments: [
      RankSettings(count: 3, syncInterval: 7), RankSettings(count: 2, syncInterval: 7, outerRate: 1, outerMomentum: 0),
      RankSettings(count: 2, syncInterval: 100),
    ])
  func rounds(_ settings: RankSettings) throws {
    var run = try TestRun()
    let alone = run.make("alone")
    try alone.train()
    run.settings.ranks = settings
    run.settings.averageDecay = 0.8
    let shared = try trained(run, ranks: settings.count)
    #expect(shared.record.steps == 60)
    #expect(shared.record.history.last?.step == 60)
    let (a, b) = (shared.record.bestValidNats ?? .nan, alone.record.bestValidNats ?? .nan)
    #expect(a < b + 0.4, "\(a), \(b)")
  }

  @Test("with a rate of 1 and no momentum the parameters are the mean of the ranks'")
  func mean() throws {
    let means = try onRanks(3) { communicator in
      let parameters = ParameterStore([("w", [5])])
      parameters.setValues([1, 2, 3, 4, 5], named: "w")
      let settings = RankSettings(count: 3, syncInterval: 2, outerRate: 1, outerMomentum: 0)
      let outer = OuterOptimizer(parameters, average: nil, settings: settings, communicator: communicator)
      parameters.setValues([1, 2, 3, 4, 5].map { $0 + Float(communicator.rank) }, named: "w")
      outer.meet()
      return parameters.values(named: "w")
    }
    for mean in means { #expect(zip(mean, [2, 3, 4, 5, 6] as [Float]).allSatisfy { abs($0 - $1) < 1e-5 }) }
  }

  @Test("momentum follows Nesterov's equations")
  func momentum() throws {
    let moved = try onRanks(2) { communicator in
      let parameters = ParameterStore([("w", [1])])
      let settings = RankSettings(count: 2, syncInterval: 2, outerRate: 0.5, outerMomentum: 0.8)
      let outer = OuterOptimizer(parameters, average: nil, settings: settings, communicator: communicator)
      var (start, velocity): (Float, Float) = (0, 0)
      for _ in 0..<3 {
        // Ranks move by −1 and −3, so that the mean of what they came from, less where they are, is 2.
        parameters.setValues([start - (communicator.rank == 0 ? 1 : 3)], named: "w")
        outer.meet()
        velocity = 0.8 * velocity + 2
        start -= 0.5 * (2 + 0.8 * velocity)
        #expect(abs(parameters.values(named: "w")[0] - start) < 1e-5)
      }
      return parameters.values(named: "w")
    }
    #expect(moved[0] == moved[1])
  }

  @Test("steps by itself that end in what is not finite at one rank are taken back by all")
  func brokenRound() throws {
    var run = try TestRun()
    run.settings.ranks = RankSettings(count: 2, syncInterval: 4)
    let outcomes = try onRanks(2) { communicator in
      let training = make(run, communicator)
      training.trainer.onGradients = { step, gradients in
        // The last step of the second round, and all of the third but its last.
        if communicator.rank == 1, step == 7 || 8...10 ~= step { gradients.flat[0] = .nan }
      }
      try training.train(until: 16)
      return (
        training.record.skippedSteps, training.trainer.bits["parameters"], training.trainer.parameters.flat.isFinite
      )
    }
    #expect(outcomes.map(\.0) == [1, 1])
    let isSame = outcomes[0].1 == outcomes[1].1
    #expect(isSame)
    let areFinite = outcomes.map(\.2)
    #expect(areFinite == [true, true])
  }

  @Test("a run whose ranks round differently goes on with the first one's parameters")
  func aligned() throws {
    let run = try TestRun()
    let outcomes = try onRanks(3) { communicator in
      let training = make(run, communicator)
      training.trainer.parameters.flat[3] += 1e-6 * Float(communicator.rank)
      try training.train(until: 10)
      return training.trainer.bits["parameters"]
    }
    let isSame = outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2]
    #expect(isSame)
  }

  @Test("all ranks go back to what the first one has saved, whatever they did since")
  func sharedState() throws {
    let run = try TestRun()
    let steps = try onRanks(2) { communicator in
      let training = make(run, communicator, modelPath: run.path("run"))
      try training.train(until: 8)
      for _ in 0..<5 { _ = try training.trainer.step() }
      try training.restore(try training.savedState())
      return (training.trainer.stepCount, training.trainer.bits)
    }
    #expect(steps.map(\.0) == [8, 8])
    let isSame = steps[0].1["parameters"] == steps[1].1["parameters"]
    #expect(isSame)
  }

  @Test("a step that is not finite is skipped by all")
  func skipped() throws {
    let run = try TestRun()
    let outcomes = try onRanks(2) { communicator in
      let training = make(run, communicator)
      training.trainer.onGradients = { step, gradients in
        if step == 5 { gradients.flat[0] = .nan }
      }
      try training.train(until: 12)
      return (training.record.skippedSteps, training.trainer.bits["parameters"])
    }
    #expect(outcomes[0].0 == 1 && outcomes[1].0 == 1)
    let isSame = outcomes[0].1 == outcomes[1].1
    #expect(isSame)
  }

  @Test("ranks that diverge go back together", arguments: [1, 7])
  func rollBack(syncInterval: Int) throws {
    var run = try TestRun()
    run.settings.ranks = RankSettings(count: 2, syncInterval: syncInterval)
    run.settings.optimizer = OptimizerSettings(kind: .sgd)
    run.settings.schedule.peak = 1000
    run.settings.clip = 0
    let shared = try trained(run, ranks: 2)
    #expect(shared.record.rollbacks > 0)
    #expect(shared.record.steps == 60)
  }

  @Test("ranks share the pairs of a batch and of validation")
  func pairs() throws {
    let folder = try ScratchFolder()
    let lines = (0..<60).map { number in
      let word = String(number * number, radix: 3)
      return "\(word)\t\(String(word.reversed()))"
    }
    let path = try folder.file("pairs.tsv", lines.joined(separator: "\n"))
    var run = try TestRun()
    run.data = TrainingData(try PairCorpus(path: path, settings: TextSettings(unit: .scalar), validationFraction: 0.2))
    run.model.bidirectional = true
    run.settings.batch = 7
    run.settings.shards = 2
    let alone = run.make("alone")
    try alone.train()
    run.settings.shards = 1
    let shared = try trained(run, ranks: 2)
    #expect(difference(shared.bits, alone.trainer.bits) < 1e-4)
    #expect(shared.record.trainedTokens == alone.record.trainedTokens)
    let (a, b) = (shared.record.bestValidNats ?? .nan, alone.record.bestValidNats ?? .nan)
    #expect(abs(a - b) < 1e-5)
  }

  @Test("the time that sharing takes decides how often ranks meet")
  func interval() {
    func timing(step: Double, sending: Double, waiting: Double) -> RankTiming {
      RankTiming(stepSeconds: step, sendingSeconds: sending, waitingSeconds: waiting, byteCount: 1)
    }
    #expect(timing(step: 0.033, sending: 0.02, waiting: 0.004).syncInterval == 1)
    // 40 ms beside a step of 33.
    #expect(timing(step: 0.073, sending: 0.04, waiting: 0.04).syncInterval == 13)
    #expect(timing(step: 100, sending: 99, waiting: 99.9).syncInterval == 500)
  }

  @Test("the measurement is the same at all ranks, and counts the bytes")
  func timing() throws {
    let run = try TestRun()
    let timings = try onRanks(2) { communicator in
      var time = Double(communicator.rank)
      return try RankTiming.measured(
        make(run, communicator)
      ) {
        time += 0.6
        return time
      }
    }
    #expect(timings[0] == timings[1])
    #expect(abs(timings[0].stepSeconds - 0.1) < 1e-9)
    #expect(timings[0].byteCount >= 4 * run.make().trainer.parameters.parameterCount)
  }
}

/// Several ranks read a text together.
@Suite struct RankEvaluationTests {
  private func trained() throws -> LanguageModel {
    var run = try TestRun()
    run.settings.length = .steps(5)
    let training = run.make()
    try training.train()
    return try #require(LanguageModel(training.model))
  }

  @Test("evaluation is one process's, whatever the protocol", arguments: [2, 3])
  func evaluation(ranks: Int) throws {
    let model = try trained()
    // Long enough to be read as several streams.
    let text = try EvaluationText(
      text: String(repeating: "the cat sat on a mat.\ndogs run on\n", count: 400), tokenizer: model.tokenizer)
    for way in Evaluation.EvaluationProtocol.allCases {
      let alone = try model.evaluate(text, by: way, keepsTokenNats: true)
      let together = try onRanks(ranks) { communicator in
        try model.evaluate(text, by: way, keepsTokenNats: true, communicator: communicator)
      }
      for evaluation in together {
        #expect(evaluation.sums.tokenCount == alone.sums.tokenCount)
        #expect(evaluation.sums.correctCount == alone.sums.correctCount)
        #expect(abs(evaluation.sums.natsPerToken - alone.sums.natsPerToken) < 1e-9)
        let isSame = evaluation.tokenNats == alone.tokenNats
        #expect(isSame)
      }
    }
  }

  @Test("scores are one process's")
  func scores() throws {
    let model = try trained()
    let text = try PlacedText(
      text: String(repeating: "the cat sat on a mat.\ndogs run on\n", count: 200), tokenizer: model.tokenizer)
    func described(_ scores: [TokenScore]?) -> [String] { (scores ?? []).map { "\($0)" } }
    let alone = described(try TextScorer(model, text).next())
    #expect(alone.count == text.evaluation.tokens.count)
    let together = try onRanks(2) { communicator in
      described(try TextScorer(model, text, communicator: communicator).next())
    }
    for scores in together {
      let isSame = scores == alone
      #expect(isSame)
    }
  }
}
