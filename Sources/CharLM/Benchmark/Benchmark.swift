import CharLMText
import RecurrentNN

/// A network's sizes and a batch's, at which speed is measured.
public struct BenchmarkShape: Hashable, Sendable {
  /// Its name, such as `lstm-128`.
  public let name: String
  /// The number of tokens.
  public let vocabularyCount: Int
  /// The network.
  public let model: ModelSettings
  /// Rows of a step.
  public let batch: Int
  /// Time steps of a chunk.
  public let bptt: Int

  private init(_ name: String, _ cell: CellKind, _ V: Int, _ E: Int, _ H: Int, _ L: Int, _ B: Int, _ T: Int) {
    self.name = name
    vocabularyCount = V
    model = ModelSettings(cell: cell, layers: L, hidden: H, embedding: E)
    batch = B
    bptt = T
  }

  /// The reference shapes.
  public static let all = [
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
  public var nominalFlops: Double {
    let layerInputs = (0..<model.layers).map { $0 == 0 ? model.embedding : model.hidden }
    let recurrent = layerInputs.reduce(0) { $0 + model.cell.gateCount * model.hidden * ($1 + model.hidden) }
    return 6 * Double(batch * bptt * (recurrent + model.hidden * vocabularyCount))
  }
}

/// The speed of one shape on this machine.
public struct BenchmarkResult: Hashable, Sendable {
  /// The median time of a training step, in seconds.
  public let stepSeconds: Double
  /// Trained tokens a second: B · T over the median step.
  public let trainTokensPerSecond: Double
  /// Tokens a second that one stream samples.
  public let sampleTokensPerSecond: Double
}

/// Measures training and sampling on random tokens.
public enum Benchmark {
  /// Trains for `seconds`, then samples for at most three.
  /// - Parameter clock: seconds from any fixed moment.
  public static func run(
    _ shape: BenchmarkShape, seconds: Double, threadCount: Int, clock: () -> Double
  ) throws(TrainingError) -> BenchmarkResult {
    let trainer = trainer(shape, threadCount: threadCount)
    var times: [Double] = []
    for _ in 0..<2 { _ = try trainer.step() }
    let end = clock() + seconds
    while clock() < end || times.count < 3 {
      let start = clock()
      _ = try trainer.step()
      times.append(clock() - start)
    }
    times.sort()
    let stepSeconds = times[times.count / 2]
    let snapshot = snapshot(shape, trainer)
    return BenchmarkResult(
      stepSeconds: stepSeconds, trainTokensPerSecond: Double(shape.batch * shape.bptt) / stepSeconds,
      sampleTokensPerSecond: sample(snapshot, seconds: min(seconds, 3), clock: clock))
  }

  private static func trainer(_ shape: BenchmarkShape, threadCount: Int) -> Trainer {
    var random = SeededGenerator(seed: 0)
    let tokens = (0..<shape.batch * shape.bptt * 4).map { _ in
      TokenID.random(in: 0..<TokenID(shape.vocabularyCount), using: &random)
    }
    let settings = TrainingSettings(
      batch: shape.batch, bptt: shape.bptt, length: .steps(1 << 30),
      schedule: LearningRateSchedule(kind: .constant, peak: 2e-3), clip: 5,
      shards: AutomaticSettings.shardCount(batch: shape.batch), validationInterval: 1 << 30)
    return Trainer(
      model: shape.model,
      parameters: NetworkWeights.initialStore(
        shape.model, inputVocabulary: shape.vocabularyCount, outputVocabulary: shape.vocabularyCount, seed: 0),
      source: StreamBatches(
        TokenSequence(tokens, vocabularyCount: shape.vocabularyCount), batchSize: shape.batch,
        stepCount: shape.bptt, documentID: nil),
      settings: settings, threadCount: threadCount)
  }

  private static func snapshot(_ shape: BenchmarkShape, _ trainer: Trainer) -> ModelSnapshot {
    let scalars = (0..<shape.vocabularyCount).compactMap { Unicode.Scalar(0x4E00 + $0).map { Token(String($0)) } }
    guard let vocabulary = try? Vocabulary(tokens: scalars) else { preconditionFailure("a vocabulary of ideographs") }
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    let corpus = CorpusRecord(files: [], validationFraction: 0)
    return ModelSnapshot(
      kind: .language, created: "", settings: shape.model, tokenizer: tokenizer, outputTokenizer: tokenizer,
      training: TrainingRecord(settings: trainer.settings, corpus: corpus), parameters: trainer.parameters)
  }

  private static func sample(_ snapshot: ModelSnapshot, seconds: Double, clock: () -> Double) -> Double {
    guard let model = LanguageModel(snapshot) else { preconditionFailure("a language model") }
    var generator = Generator(model, sampling: SamplingSettings(temperature: 1), randomSeed: 0)
    generator.read(0)
    var count = 0
    let start = clock()
    while clock() - start < seconds {
      _ = generator.next()
      count += 1
    }
    return Double(count) / (clock() - start)
  }
}
