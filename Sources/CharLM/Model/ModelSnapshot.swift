import CharLMText
import RecurrentNN

/// What a model is for.
public enum ModelKind: String, Codable, Hashable, Sendable {
  /// Continues text.
  case language
  /// Turns a text into another of as many tokens.
  case transducer
}

/// A trained network with all that is needed to use it: settings, vocabularies, parameters. It never changes.
///
/// `LanguageModel` and `Transducer` are what one does with it; `Checkpoint` reads and writes it.
public final class ModelSnapshot: Sendable {
  /// What the model is for.
  public let kind: ModelKind
  /// When it was made, ISO 8601.
  public let created: String
  /// Sizes and options of the network.
  public let settings: NetworkSettings
  /// How input text becomes tokens.
  public let tokenizer: Tokenizer
  /// A transducer's output tokens; for a language model the input's.
  public let outputTokenizer: Tokenizer
  /// How it was trained and how that went.
  public let training: TrainingRecord

  // Safe: the store is this object's own and is not written after `init`.
  nonisolated(unsafe) package let store: ParameterStore

  /// The parameters; not to be written.
  package var parameterStore: ParameterStore { unsafe store }

  /// A snapshot that copies the parameters.
  package init(
    kind: ModelKind, created: String, settings: NetworkSettings, tokenizer: Tokenizer, outputTokenizer: Tokenizer,
    training: TrainingRecord, parameters: ParameterStore
  ) {
    self.kind = kind
    self.created = created
    self.settings = settings
    self.tokenizer = tokenizer
    self.outputTokenizer = outputTokenizer
    self.training = training
    unsafe store = ParameterStore(like: parameters)
    unsafe store.flat.copy(from: parameters.flat)
  }

  /// The same model with another record of its training.
  public func recording(_ training: TrainingRecord) -> ModelSnapshot {
    ModelSnapshot(
      kind: kind, created: created, settings: settings, tokenizer: tokenizer, outputTokenizer: outputTokenizer,
      training: training, parameters: parameterStore)
  }

  /// The number of parameters.
  public var parameterCount: Int { unsafe store.parameterCount }

  /// The name and shape of every parameter, in order.
  public var parameters: [ParameterLayout] { unsafe store.layouts }

  /// A copy of a parameter's values, row-major.
  /// - Precondition: there is a parameter of this name.
  public func values(named name: String) -> [Float] { unsafe store.values(named: name) }

  /// Weights packed for products of a given size, without gradients.
  package func inferenceWeights(rowCount: Int, batchSize: Int) -> NetworkWeights {
    let capacity = NetworkShard.capacity(
      rowCount: rowCount, batchSize: batchSize, vocabularyCount: tokenizer.vocabulary.count)
    let weights = unsafe NetworkWeights(
      settings, store: store, plan: PackingPlan(capacity: capacity, isTrained: false))
    for task in weights.refreshTasks { task() }
    return weights
  }
}
