import CharLM
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
  /// The rule of an update.
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
  /// What of their last move SGD and RMSprop keep.
  public var momentum: Float?
  /// The decay of the parameters' moving mean.
  public var averageDecay: Float?
  /// Whether the chunks' lengths are drawn.
  public var isJittered: Bool?
  /// Validations without a better one after which training ends.
  public var patience: Int?
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
