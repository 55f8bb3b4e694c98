import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN

/// The parameters of a model as PyTorch keeps them: a safetensors file that holds a module's `state_dict()` and no more.
///
///     embedding.weight                                                nn.Embedding
///     rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, …           nn.LSTM, nn.GRU or nn.RNN
///     decoder.weight, decoder.bias                                    nn.Linear
///
/// charlm writes these names; it reads whatever the module calls its members, for it tells them by suffixes and shapes.
/// A state dict does not say what the tokens are, so reading it needs a vocabulary in the order of the embedding's rows.
public struct StateDict: Sendable {
  /// The tensors.
  public let content: Safetensors
  /// What it is, for messages: a path.
  public let source: String

  /// The state dict of a model. A tied decoder's weight is written again, as `state_dict()` has it.
  public init(of model: ModelSnapshot, source: String = "the model") {
    var tensors = model.parameters.map { parameter in
      Safetensors.Tensor(
        name: parameter.name, shape: parameter.shape, values: .float32(model.values(named: parameter.name)))
    }
    if model.settings.tied, var decoder = tensors.first(where: { $0.name == ParameterName.embedding }) {
      decoder.name = ParameterName.decoderWeight
      tensors.append(decoder)
    }
    // PyTorch's own writer says this, and some readers ask for it.
    content = Safetensors(metadata: ["format": "pt"], tensors: tensors)
    self.source = source
  }

  /// Reads a state dict.
  /// - Throws: `StateDictError` where the file cannot be read, or is a model of charlm already.
  public init(path: String) throws(StateDictError) {
    do throws(SafetensorsError) {
      let reader = try SafetensorsReader(path: path)
      let size = reader.entries.reduce(0) { $0 + $1.count * 4 }
      guard size <= MachineMemory.byteCount else {
        throw .file(.memory(path: path, needed: size, available: MachineMemory.byteCount))
      }
      content = try StateDict.withSharedTensors(Safetensors(reading: reader))
    } catch {
      throw .checkpoint(CheckpointError(error))
    }
    source = path
    if content.metadata["charlm_format"] != nil { throw .stateDict(source: path, .isModel) }
  }

  /// Content that is in memory, for tests.
  init(_ content: Safetensors, source: String) {
    self.content = StateDict.withSharedTensors(content)
    self.source = source
  }

  /// Writes the file, wholly or not at all.
  /// - Parameter previous: where a file that is there already is kept.
  public func write(to path: String, keepingPreviousAs previous: String? = nil) throws(SafetensorsError) {
    try content.write(to: path, keepingPreviousAs: previous)
  }

  /// `safetensors.torch.save_model` writes a tensor that two names share once, and the other name in the metadata.
  private static func withSharedTensors(_ content: Safetensors) -> Safetensors {
    var (content, known) = (content, Dictionary(uniqueKeysWithValues: content.tensors.map { ($0.name, $0) }))
    for (name, original) in content.metadata.sorted(by: { $0.key < $1.key }) where known[name] == nil {
      guard var shared = known[original] else { continue }
      shared.name = name
      content.tensors.append(shared)
      known[name] = shared
    }
    return content
  }
}

// MARK: As a model

extension StateDict {
  /// A model with these parameters, in the layout that charlm has.
  /// - Parameters:
  ///   - nonlinearity: of an `nn.RNN`, which cannot be seen in the tensors.
  ///   - tokenizer: its vocabulary in the order of the embedding's rows.
  ///   - outputTokenizer: a transducer's, in the order of the decoder's rows; nil makes a language model.
  ///   - corpus: what it was trained on, as far as that is known.
  /// - Throws: `StateDictError.stateDict` where the tensors are not those of Embedding, recurrent layers and Linear, or do
  ///   not fit the vocabularies.
  public func model(
    nonlinearity: Nonlinearity?, tokenizer: Tokenizer, outputTokenizer: Tokenizer? = nil,
    corpus: CorpusRecord = CorpusRecord()
  ) throws(StateDictError) -> ModelSnapshot {
    do throws(StateDictFlaw) {
      let layout = try StateDictLayout(content)
      let settings = try settings(layout, nonlinearity: nonlinearity, isTransducer: outputTokenizer != nil)
      try check(layout.embeddingRows, tokenizer.vocabulary, layout.embedding)
      try check(layout.decoderRows, (outputTokenizer ?? tokenizer).vocabulary, layout.decoderBias)
      return ModelSnapshot(
        ModelMetadata(
          kind: outputTokenizer == nil ? .language : .transducer, created: Timestamp.now(), settings: settings,
          tokenizer: tokenizer, outputTokenizer: outputTokenizer ?? tokenizer,
          training: TrainingRecord(settings: .unknown, corpus: corpus)), owning: try store(layout, settings))
    } catch {
      throw .stateDict(source: source, error)
    }
  }

  private func settings(
    _ layout: StateDictLayout, nonlinearity: Nonlinearity?, isTransducer: Bool
  ) throws(StateDictFlaw) -> NetworkSettings {
    let shape = layout.shape
    if shape.cell == .rnn, nonlinearity == nil { throw .nonlinearityUnknown }
    if shape.cell != .rnn, nonlinearity != nil { throw .nonlinearityOfGates(shape.cell) }
    if shape.isBidirectional, !isTransducer { throw .bidirectionalLanguageModel }
    let settings = NetworkSettings(
      cell: shape.cell, nonlinearity: nonlinearity ?? .tanh, layers: shape.layerCount, hidden: shape.hiddenSize,
      embedding: shape.inputSize, tied: !isTransducer && isTied(layout), bidirectional: shape.isBidirectional,
      forgetBias: 0)
    try mapError(StateDictFlaw.outOfRange, settings.checkRanges())
    return settings
  }

  private func check(_ rowCount: Int, _ vocabulary: Vocabulary, _ name: String) throws(StateDictFlaw) {
    guard rowCount == vocabulary.count else {
      throw .vocabularySize(name: name, rows: rowCount, tokens: vocabulary.count)
    }
  }

  /// Whether embedding and decoder have the same bits.
  private func isTied(_ layout: StateDictLayout) -> Bool {
    guard let embedding = content.tensor(named: layout.embedding),
      let decoder = content.tensor(named: layout.decoderWeight)
    else { return false }
    return embedding.shape == decoder.shape && embedding.values == decoder.values
  }

  private func store(_ layout: StateDictLayout, _ settings: NetworkSettings) throws(StateDictFlaw) -> ParameterStore {
    // Memory is asked for when the shapes have shown that the values are there.
    let shapes = settings.parameterShapes(inputVocabulary: layout.embeddingRows, outputVocabulary: layout.decoderRows)
    for (parameter, shape) in shapes {
      let name = layout.name(of: parameter)
      guard let tensor = content.tensor(named: name) else { throw .missing(name) }
      guard tensor.shape == shape else { throw .shape(name: name, expected: shape, found: tensor.shape) }
    }
    let store = ParameterStore(shapes)
    for parameter in store.layouts {
      let name = layout.name(of: parameter.name)
      guard let tensor = content.tensor(named: name) else { throw .missing(name) }
      let values: [Float]
      switch tensor.values {
      case .float32(let found): values = found
      case .float64(let found): values = found.map { Float($0) }
      case .int32, .int64, .uint8: throw .notFloating(name)
      }
      guard values.allSatisfy(\.isFinite) else { throw .notFinite(name) }
      guard values.allSatisfy({ abs($0) <= Checkpoint.largestWeight }) else { throw .tooLarge(name) }
      store.setValues(values, named: parameter.name)
    }
    return store
  }
}

extension TrainingSettings {
  /// Stands for settings that nobody knows, in a model that was made elsewhere.
  fileprivate static let unknown = TrainingSettings(
    batch: 1, bptt: 1, length: .steps(1), schedule: LearningRateSchedule(peak: 0.001, warmupStepCount: 0),
    validationInterval: 1)
}
