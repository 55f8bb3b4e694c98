import CharLMData
import RecurrentNN

/// How long to train.
public enum TrainingLength: Hashable, Sendable {
  /// This many updates.
  case steps(Int)
  /// This many times through the training text.
  case epochs(Double)
  /// This many seconds from the command's start to its final save.
  case budget(seconds: Double)
}

extension TrainingLength {
  /// The number of updates, nil where the clock decides.
  /// - Parameter stepsPerEpoch: updates that go once through the training text.
  public func stepCount(stepsPerEpoch: Double) -> Int? {
    switch self {
    case .steps(let count): count
    case .epochs(let count): max(1, Int(min((count * stepsPerEpoch).rounded(.up), 1e15)))
    case .budget: nil
    }
  }
}

extension TrainingLength {
  /// The time, where it is one.
  package var seconds: Double? {
    guard case .budget(let seconds) = self else { return nil }
    return seconds
  }
}

extension TrainingLength: Codable {
  private enum CodingKeys: String, CodingKey { case steps, epochs, seconds }

  /// Reads an object with one of the keys `steps`, `epochs` and `seconds`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    if let count = try fields.decodeIfPresent(Int.self, forKey: .steps) {
      self = .steps(count)
    } else if let count = try fields.decodeIfPresent(Double.self, forKey: .epochs) {
      self = .epochs(count)
    } else {
      self = .budget(seconds: try fields.decode(Double.self, forKey: .seconds))
    }
  }

  /// Writes an object with one of the keys `steps`, `epochs` and `seconds`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .steps(let count): try fields.encode(count, forKey: .steps)
    case .epochs(let count): try fields.encode(count, forKey: .epochs)
    case .budget(let seconds): try fields.encode(seconds, forKey: .seconds)
    }
  }
}

/// How a network is trained. Part of the checkpoint's `training` object.
public struct TrainingSettings: Codable, Hashable, Sendable {
  /// Parallel streams, or pairs, a step.
  public var batch: Int
  /// Time steps that gradients go back: the length of a chunk.
  public var bptt: Int
  /// How long.
  public var length: TrainingLength
  /// The rule of an update.
  public var optimizer: OptimizerSettings
  /// The course of the learning rate.
  public var schedule: LearningRateSchedule
  /// The largest norm of a step's gradients; 0 for no clipping.
  public var clip: Float
  /// The seed of initial values and masks.
  public var randomSeed: UInt64
  /// How many groups the rows of a batch are dealt into: a property of the run, so that the number of threads, which
  /// only schedules them, cannot change a bit.
  public var shards: Int
  /// How several processes share the run; nil for one by itself.
  public var ranks: RankSettings?
  /// Updates between two validations.
  public var validationInterval: Int
  /// What the products are made in; validation is always in float32.
  public var precision: Precision
  /// The decay, an update, of an exponential moving mean of the parameters, which is what is validated and saved
  /// (Polyak and Juditsky 1992; with such a mean: Tarvainen and Valpola 2017); 0 for none.
  public var averageDecay: Float
  /// Whether the chunks' lengths are drawn between half of `bptt` and `bptt` (Merity et al. 2018).
  public var isJittered: Bool
  /// How many tokens of the validation text are read at most, spread over it; nil for all of them.
  public var validationTokenLimit: Int?
  /// Training ends when so many validations in a row were no better than the best; nil to go on to the end.
  public var patience: Int?
  /// Whether `patience` was chosen together with the length, so that it no longer holds once another length is requested.
  public var isPatienceAutomatic: Bool?
  /// Training ends after so many seconds at the latest, from the command's start to its final save; nil for no such limit.
  public var timeLimit: Double?
  /// What acts against overfitting, beside the model's dropout.
  public var regularization: Regularization
  /// The models that the network learns from beside its text, which a run takes from its data; nil for none.
  public var distillation: Distillation?

  /// Settings of a run.
  public init(
    batch: Int, bptt: Int, length: TrainingLength, optimizer: OptimizerSettings = OptimizerSettings(),
    schedule: LearningRateSchedule, clip: Float = 1, randomSeed: UInt64 = 1, shards: Int = 2,
    validationInterval: Int, validationTokenLimit: Int? = nil, precision: Precision = .float32, averageDecay: Float = 0,
    isJittered: Bool = false, patience: Int? = nil, isPatienceAutomatic: Bool? = nil, timeLimit: Double? = nil,
    regularization: Regularization = Regularization()
  ) {
    self.batch = batch
    self.bptt = bptt
    self.length = length
    self.optimizer = optimizer
    self.schedule = schedule
    self.clip = clip
    self.randomSeed = randomSeed
    self.shards = shards
    self.validationInterval = validationInterval
    self.validationTokenLimit = validationTokenLimit
    self.precision = precision
    self.averageDecay = averageDecay
    self.isJittered = isJittered
    self.patience = patience
    self.isPatienceAutomatic = isPatienceAutomatic
    self.timeLimit = timeLimit
    self.regularization = regularization
  }
}

/// A validation in the course of a run.
public struct HistoryEntry: Codable, Hashable, Sendable {
  /// Updates made before it.
  public var step: Int
  /// The mean training loss since the entry before, in nats a token.
  public var trainNats: Double
  /// The validation loss, in nats a token; nil without validation.
  public var validNats: Double?

  package init(step: Int, trainNats: Double, validNats: Double?) {
    self.step = step
    self.trainNats = trainNats
    self.validNats = validNats
  }
}

/// How a model was trained and how that went: the checkpoint's `training` object.
public struct TrainingRecord: Codable, Hashable, Sendable {
  /// The settings.
  public var settings: TrainingSettings
  /// What it was trained on.
  public var corpus: CorpusRecord
  /// Updates made, those before a resume included.
  public var steps = 0
  /// Updates as a multiple of the training text.
  public var epochs = 0.0
  /// Seconds in the run.
  public var seconds = 0.0
  /// Seconds in updates alone.
  public var secondsInSteps = 0.0
  /// Tokens that were trained on, repetitions counted.
  public var trainedTokens = 0
  /// The validation loss of the saved model, in nats a token; nil without validation.
  public var bestValidNats: Double?
  /// The update after which the saved model was taken.
  public var bestStep = 0
  /// The updates after which the models were taken whose mean this one is; nil for a model that is no mean.
  public var averagedSteps: [Int]?
  /// How many validations came after the best one.
  public var validationsSinceBest = 0
  /// Every validation.
  public var history: [HistoryEntry] = []
  /// Steps that were skipped because of a non-finite loss or gradient.
  public var skippedSteps = 0
  /// How many times the run went back to its last saved state.
  public var rollbacks = 0
  /// Where it went back to last.
  public var rollbackStep: Int?
  /// The model whose parameters the run began with, by its path; nil for random ones.
  public var initialModel: String?
  /// The file of vectors that its embedding began with; nil for random ones.
  public var initialVectors: String?

  /// A record at the start of a run.
  public init(settings: TrainingSettings, corpus: CorpusRecord) {
    self.settings = settings
    self.corpus = corpus
  }
}
