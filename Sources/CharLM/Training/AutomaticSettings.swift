import RecurrentNN

/// Settings as far as a user gave them; what is nil is chosen.
public struct RequestedSettings: Hashable, Sendable {
  /// The recurrence.
  public var cell: CellKind?
  /// What an Elman cell applies.
  public var nonlinearity: Nonlinearity?
  /// The number of layers.
  public var layers: Int?
  /// The width of a layer.
  public var hidden: Int?
  /// The width of a token's vector.
  public var embedding: Int?
  /// The probability of dropout.
  public var dropout: Float?
  /// Whether the decoder's weight is the embedding's.
  public var tied: Bool?
  /// Whether each layer also reads from the end; for transduction only.
  public var bidirectional: Bool?
  /// Whether the cells normalize their layers.
  public var layerNorm: Bool?
  /// What acts against overfitting beside dropout.
  public var regularization = RequestedRegularization()
  /// Rows of a step.
  public var batch: Int?
  /// Time steps of a chunk.
  public var bptt: Int?
  /// How long to train.
  public var length: TrainingLength?
  /// Adam or AdamW.
  public var optimizer: OptimizerKind?
  /// The peak of the learning rate.
  public var learningRate: Float?
  /// The course of the learning rate.
  public var schedule: LearningRateSchedule.Kind?
  /// Steps of warm-up.
  public var warmup: Int?
  /// The largest norm of the gradients.
  public var clip: Float?
  /// The weight decay.
  public var weightDecay: Float?
  /// What products are made in.
  public var precision: Precision?
  /// The seed of the run.
  public var randomSeed: UInt64?

  /// Nothing requested.
  public init() {}
}

/// Why requested settings cannot be used.
public enum SettingsError: Error, Equatable, Sendable {
  /// Streams times chunk length exceed the training text.
  case batchTooLarge(batch: Int, bptt: Int, tokenCount: Int)
  /// A tied decoder needs an embedding as wide as the hidden layer.
  case tiedSizes(embedding: Int, hidden: Int)
}

extension SettingsError: CustomStringConvertible {
  /// One line: which values do not fit what.
  public var description: String {
    switch self {
    case .batchTooLarge(let batch, let bptt, let tokenCount):
      "\(batch) streams of \(bptt) tokens (--batch, --bptt) need \(batch * bptt + 1) training tokens, the corpus has "
        + "\(tokenCount): smaller values fit, or none, for then they are chosen"
    case .tiedSizes(let embedding, let hidden):
      "--tied needs an embedding as wide as the hidden layer, not \(embedding) and \(hidden)"
    }
  }
}

/// Chooses what the user did not.
///
/// The recipes were found by training on corpora of these sizes (see the table in the README).
public enum AutomaticSettings {
  /// The number of shards of a batch: rows enough for products of a good size, shards enough for the cores.
  public static func shardCount(batch: Int) -> Int { max(1, min(2, batch)) }

  /// Full settings for a job.
  /// - Throws: `SettingsError` where requested sizes do not fit the corpus or each other.
  public static func settings(
    for job: TrainingJob, requested: RequestedSettings
  ) throws(SettingsError) -> (model: ModelSettings, training: TrainingSettings) {
    let recipe = job.kind == .language ? Recipe(languageTokenCount: job.trainTokenCount) : Recipe(pairsOf: job)
    let model = try model(recipe, requested)
    let (batch, bptt) = try batch(recipe, requested, job: job)
    let length = requested.length ?? .epochs(recipe.epochs)
    let optimizer = AdamSettings(
      kind: requested.optimizer ?? .adamw, beta2: 0.99, weightDecay: requested.weightDecay ?? recipe.weightDecay)
    let schedule = LearningRateSchedule(
      kind: requested.schedule ?? .cosine, peak: requested.learningRate ?? recipe.learningRate(hidden: model.hidden),
      warmupStepCount: requested.warmup ?? recipe.warmup)
    var training = TrainingSettings(
      batch: batch, bptt: bptt, length: length, optimizer: optimizer, schedule: schedule,
      clip: requested.clip ?? 1, randomSeed: requested.randomSeed ?? 1, shards: shardCount(batch: batch),
      validationInterval: validationInterval(job, tokensPerStep: batch * bptt),
      precision: requested.precision ?? .float32)
    training.regularization = requested.regularization.filled(from: recipe.regularization)
    return (model, training)
  }

  private static func model(_ recipe: Recipe, _ requested: RequestedSettings) throws(SettingsError) -> ModelSettings {
    let hidden = requested.hidden ?? recipe.hidden
    let isTied = requested.tied ?? false
    let embedding = requested.embedding ?? (isTied ? hidden : min(recipe.embedding, hidden))
    guard !isTied || embedding == hidden else { throw .tiedSizes(embedding: embedding, hidden: hidden) }
    return ModelSettings(
      cell: requested.cell ?? .lstm, nonlinearity: requested.nonlinearity ?? .tanh,
      layers: requested.layers ?? recipe.layers, hidden: hidden, embedding: embedding,
      dropout: requested.dropout ?? recipe.dropout, tied: isTied, bidirectional: requested.bidirectional ?? false,
      layerNorm: requested.layerNorm ?? false)
  }

  /// Chosen sizes shrink until the text gives each stream several chunks; given sizes that do not fit are an error.
  private static func batch(
    _ recipe: Recipe, _ requested: RequestedSettings, job: TrainingJob
  ) throws(SettingsError) -> (batch: Int, bptt: Int) {
    if let pairCount = job.pairCount {
      return (min(requested.batch ?? recipe.batch, pairCount), job.longestPair ?? 1)
    }
    let tokenCount = job.trainTokenCount
    var batch = requested.batch ?? recipe.batch
    var bptt = requested.bptt ?? recipe.bptt
    if requested.batch == nil { while batch > 1, batch * bptt * 4 > tokenCount { batch /= 2 } }
    if requested.bptt == nil { while bptt > 4, batch * bptt + 1 > tokenCount { bptt /= 2 } }
    guard batch * bptt + 1 <= tokenCount else {
      throw .batchTooLarge(batch: batch, bptt: bptt, tokenCount: tokenCount)
    }
    return (batch, bptt)
  }

  /// So many steps that validation, which costs about a third of training for each token, takes about a twentieth of
  /// the time. A function of sizes alone, so that runs repeat.
  private static func validationInterval(_ job: TrainingJob, tokensPerStep: Int) -> Int {
    max(20, job.validationTokenCount * 6 / max(tokensPerStep, 1))
  }
}

/// What works for a size of corpus.
private struct Recipe {
  var layers = 1
  var hidden: Int
  var embedding: Int
  var dropout: Float
  var batch: Int
  var bptt = 64
  var epochs: Double
  var weightDecay: Float = 0.01
  var warmup = 50
  var regularization = Regularization()
  var peakRate: Float

  init(languageTokenCount count: Int) {
    switch count {
    case ..<30_000: self.init(hidden: 256, embedding: 128, dropout: 0.6, batch: 8, epochs: 30)
    case ..<300_000: self.init(hidden: 512, embedding: 128, dropout: 0.7, batch: 32, epochs: 30, peakRate: 7e-3)
    case ..<3_000_000: self.init(hidden: 512, embedding: 128, dropout: 0.3, batch: 32, epochs: 10)
    case ..<30_000_000: self.init(hidden: 512, embedding: 128, dropout: 0.1, batch: 64, epochs: 3)
    default: self.init(hidden: 512, embedding: 128, dropout: 0, batch: 64, epochs: 1)
    }
  }

  init(pairsOf job: TrainingJob) {
    switch job.trainTokenCount {
    case ..<1000:
      self.init(hidden: 16, embedding: 16, dropout: 0, batch: 32, epochs: 300)
      warmup = 0
    case ..<30_000: self.init(hidden: 128, embedding: 32, dropout: 0, batch: 32, epochs: 60)
    case ..<1_000_000: self.init(hidden: 128, embedding: 32, dropout: 0, batch: 32, epochs: 20)
    default: self.init(hidden: 256, embedding: 64, dropout: 0, batch: 32, epochs: 5)
    }
  }

  private init(
    hidden: Int, embedding: Int, dropout: Float, batch: Int, epochs: Double, peakRate: Float = 5e-3
  ) {
    self.hidden = hidden
    self.embedding = embedding
    self.dropout = dropout
    self.batch = batch
    self.epochs = epochs
    self.peakRate = peakRate
  }

  /// Wider layers want smaller steps.
  func learningRate(hidden: Int) -> Float { peakRate * min(1, (256 / Float(hidden)).squareRoot()) }
}
