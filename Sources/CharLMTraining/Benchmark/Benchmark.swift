import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN

/// The speed of one shape on this machine.
package struct BenchmarkResult: Hashable, Sendable {
  /// The median time of a training step, in seconds.
  package var stepSeconds = 0.0
  /// The median time of a training step's matrix products alone, in seconds, measured between steps.
  package var productSeconds = 0.0
  /// `productSeconds` as a part of the median step between which they were measured.
  package var shareOfLimit = 0.0
  /// Trained tokens a second: B · T over the median step.
  package var trainTokensPerSecond = 0.0
  /// The process's peak memory at the end of training, in MB.
  package var trainPeakMegabytes = 0.0
  /// Tokens a second that one stream samples with weights in bfloat16.
  package var sampleTokensPerSecond: Double?
  /// Tokens a second that one stream samples with weights in float32.
  package var sampleFloat32TokensPerSecond: Double?
  /// Tokens a second that one stream samples with weights in int8.
  package var sampleInt8TokensPerSecond: Double?
  /// Tokens a second that 64 streams sample together, weights in bfloat16.
  package var groupTokensPerSecond: Double?
  /// Tokens a second that 64 streams sample together, weights in int8.
  package var groupInt8TokensPerSecond: Double?
  /// Tokens a second that an evaluation reads.
  package var evaluationTokensPerSecond: Double?
}

/// Measures training, sampling and evaluation on random tokens.
package struct Benchmark {
  private let shape: BenchmarkShape
  private let precision: Precision
  private let threadCount: Int
  private let clock: () -> Double
  private let peakMegabytes: () -> Double

  /// - Parameters:
  ///   - precision: what training multiplies in.
  ///   - clock: seconds from any fixed moment.
  ///   - peakMegabytes: the process's peak memory so far.
  package init(
    _ shape: BenchmarkShape, precision: Precision, threadCount: Int, clock: @escaping () -> Double,
    peakMegabytes: @escaping () -> Double
  ) {
    self.shape = shape
    self.precision = precision
    self.threadCount = threadCount
    self.clock = clock
    self.peakMegabytes = peakMegabytes
  }

  /// Fails where this machine has not the memory for the shape.
  package func checkMemory() throws(SettingsError) {
    let V = shape.vocabularyCount
    let needed = TrainingEstimate.memory(
      shape.model, parameterCount: shape.model.parameterCount(inputVocabulary: V, outputVocabulary: V), outputCount: V,
      rowCount: shape.batch * shape.bptt)
    let available = MachineMemory.byteCount
    if needed > available { throw .memory(needed: needed, available: available) }
  }

  /// Trains for `seconds`, then measures the rest, each for at most three.
  /// - Parameter isTrainingOnly: whether sampling and evaluation are left out.
  package func run(seconds: Double, isTrainingOnly: Bool = false) throws(TrainingError) -> BenchmarkResult {
    var result = BenchmarkResult()
    let snapshot = try train(seconds: seconds, into: &result)
    if isTrainingOnly { return result }
    guard let model = LanguageModel(snapshot) else { preconditionFailure("a language model") }
    let short = min(seconds, 3)
    result.sampleTokensPerSecond = sample(model, precision: .bfloat16, seconds: short)
    result.sampleFloat32TokensPerSecond = sample(model, precision: .float32, seconds: short)
    result.sampleInt8TokensPerSecond = sample(model, precision: .int8, seconds: short)
    result.groupTokensPerSecond = sampleGroup(model, precision: .bfloat16, seconds: short)
    result.groupInt8TokensPerSecond = sampleGroup(model, precision: .int8, seconds: short)
    result.evaluationTokensPerSecond = evaluate(model, seconds: short)
    return result
  }

  // MARK: Training

  private func train(seconds: Double, into result: inout BenchmarkResult) throws(TrainingError) -> ModelSnapshot {
    let trainer = makeTrainer()
    for _ in 0..<2 { _ = try trainer.step() }
    var times: [Double] = []
    let end = clock() + seconds
    while clock() < end || times.count < 3 { times.append(try timedStep(trainer)) }
    result.stepSeconds = median(times)
    result.trainTokensPerSecond = Double(shape.batch * shape.bptt) / result.stepSeconds
    result.trainPeakMegabytes = peakMegabytes()
    try measureLimit(trainer, seconds: min(seconds, 3), into: &result)
    return snapshot(trainer)
  }

  /// Steps and their products in turn, so that what else the machine does falls on both.
  private func measureLimit(
    _ trainer: Trainer, seconds: Double, into result: inout BenchmarkResult
  ) throws(TrainingError) {
    let products = StepProducts(trainer.shardedNetwork)
    products.run()
    var (steps, limits): ([Double], [Double]) = ([], [])
    let end = clock() + seconds
    while clock() < end || steps.count < 3 {
      steps.append(try timedStep(trainer))
      let start = clock()
      products.run()
      limits.append(clock() - start)
    }
    result.productSeconds = median(limits)
    result.shareOfLimit = median(limits) / median(steps)
  }

  private func timedStep(_ trainer: Trainer) throws(TrainingError) -> Double {
    let start = clock()
    _ = try trainer.step()
    return clock() - start
  }

  private func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

  private func randomTokens(_ count: Int) -> TokenText {
    var random = SeededGenerator(seed: 0)
    let tokens = (0..<count).map { _ in TokenID.random(in: 0..<TokenID(shape.vocabularyCount), using: &random) }
    return TokenText(TokenSequence(tokens, vocabularyCount: shape.vocabularyCount))
  }

  private func makeTrainer() -> Trainer {
    let settings = TrainingSettings(
      batch: shape.batch, bptt: shape.bptt, length: .steps(1 << 30),
      schedule: LearningRateSchedule(kind: .constant, peak: 2e-3), clip: 5,
      shards: AutomaticSettings.shardCount(batch: shape.batch), validationInterval: 1 << 30, precision: precision)
    return Trainer(
      network: shape.model,
      parameters: NetworkWeights.initialStore(
        shape.model, inputVocabulary: shape.vocabularyCount, outputVocabulary: shape.vocabularyCount, seed: 0),
      source: StreamBatches(
        randomTokens(shape.batch * shape.bptt * 4), batchSize: shape.batch, timeStepCount: shape.bptt, documentID: nil),
      settings: settings, threadCount: threadCount)
  }

  private func snapshot(_ trainer: Trainer) -> ModelSnapshot {
    let scalars = (0..<shape.vocabularyCount).compactMap { Unicode.Scalar(0x4E00 + $0).map { Token(String($0)) } }
    guard let vocabulary = try? Vocabulary(tokens: scalars) else { preconditionFailure("a vocabulary of ideographs") }
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    let corpus = CorpusRecord(files: [], validationFraction: 0)
    return ModelSnapshot(
      kind: .language, created: "", settings: shape.model, tokenizer: tokenizer, outputTokenizer: tokenizer,
      training: TrainingRecord(settings: trainer.settings, corpus: corpus), parameters: trainer.parameters)
  }

  // MARK: Sampling and evaluation

  private func sample(_ model: LanguageModel, precision: StreamPrecision, seconds: Double) -> Double {
    var generator = Generator(
      model, sampling: SamplingSettings(temperature: 1), randomSeed: 0, precision: precision, threadCount: threadCount)
    generator.read(0)
    return rate(seconds: seconds) {
      _ = generator.next()
      return 1
    }
  }

  private func sampleGroup(_ model: LanguageModel, precision: StreamPrecision, seconds: Double) -> Double {
    let group = GeneratorGroup(model, capacity: 64, precision: precision, threadCount: threadCount)
    for randomSeed in 0..<UInt64(group.capacity) {
      _ = group.add([0], sampling: SamplingSettings(temperature: 1), randomSeed: randomSeed)
    }
    return rate(seconds: seconds) { group.step().count }
  }

  private func evaluate(_ model: LanguageModel, seconds: Double) -> Double {
    // Enough for all streams of an evaluator; a short measurement makes do with few.
    let tokens = randomTokens(seconds < 1 ? 4096 : 64 * 2048 + 1)
    let evaluator = Evaluator(model, threadCount: threadCount)
    return rate(seconds: seconds) {
      guard let evaluation = try? evaluator.stateful(tokens, documentID: nil) else {
        preconditionFailure("tokens in memory cannot be read")
      }
      return evaluation.tokenCount
    }
  }

  /// How much is done in a second; `work` says what it did.
  private func rate(seconds: Double, _ work: () -> Int) -> Double {
    var count = 0
    let start = clock()
    while clock() - start < seconds { count += work() }
    return Double(count) / (clock() - start)
  }
}
