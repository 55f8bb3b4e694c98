import CharLMText
import RecurrentNN

/// A trained network with all that is needed to use it: settings, vocabularies, parameters. It never changes.
///
/// `LanguageModel` and `Transducer` are what one does with it; `Checkpoint` reads and writes it.
public final class ModelSnapshot: Sendable {
  /// All but the parameters.
  package let metadata: ModelMetadata
  // Safe: nobody writes the store once it is here, by the contract of `init`.
  nonisolated(unsafe) private let store: ParameterStore

  /// The parameters; not to be written.
  package var parameterStore: ParameterStore { unsafe store }

  /// A snapshot that takes over the parameters: they must not be modified afterwards.
  package init(_ metadata: ModelMetadata, owning parameters: ParameterStore) {
    self.metadata = metadata
    unsafe store = parameters
  }

  /// A snapshot that copies the parameters, which the caller may keep modifying.
  package convenience init(_ metadata: ModelMetadata, copying parameters: ParameterStore) {
    let store = ParameterStore(like: parameters)
    store.flat.copy(from: parameters.flat)
    self.init(metadata, owning: store)
  }

  /// A snapshot that copies the parameters, which the caller may keep modifying.
  package convenience init(
    kind: ModelKind, created: String, settings: NetworkSettings, tokenizer: Tokenizer, outputTokenizer: Tokenizer,
    training: TrainingRecord, parameters: ParameterStore
  ) {
    self.init(
      ModelMetadata(
        kind: kind, created: created, settings: settings, tokenizer: tokenizer, outputTokenizer: outputTokenizer,
        training: training), copying: parameters)
  }

  /// What the model is for.
  public var kind: ModelKind { metadata.kind }
  /// When it was made, ISO 8601.
  public var created: String { metadata.created }
  /// Sizes and options of the network.
  public var settings: NetworkSettings { metadata.settings }
  /// How input text becomes tokens.
  public var tokenizer: Tokenizer { metadata.tokenizer }
  /// A transducer's output tokens; for a language model the input's.
  public var outputTokenizer: Tokenizer { metadata.outputTokenizer }
  /// How it was trained and how that went.
  public var training: TrainingRecord { metadata.training }

  /// The same model, of the same parameters, with another record of its training.
  public func recording(_ training: TrainingRecord) -> ModelSnapshot {
    var metadata = metadata
    metadata.training = training
    return ModelSnapshot(metadata, owning: parameterStore)
  }

  /// Whether two models have the same parameters, whatever their records say.
  package func hasParameters(of other: ModelSnapshot) -> Bool {
    let (own, others) = (parameterStore.flat, other.parameterStore.flat)
    return own.count == others.count && (0..<own.count).allSatisfy { own[$0] == others[$0] }
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
