import CharLMFiles
import CharLMText
import RecurrentNN

/// Reads and writes trained models: a safetensors file whose metadata says all that the tensors do not.
/// The rules are in `models/README.md`.
public enum Checkpoint {
  /// The format that this version writes and the highest that it reads.
  public static let format = 1

  /// A model and what reading it said of its checksum.
  public struct Loaded: Sendable {
    /// The model.
    public let model: ModelSnapshot
    /// `.absent` is worth a warning.
    public let checksum: Safetensors.Checksum
  }

  /// Writes a model, wholly or not at all.
  /// - Parameter previous: where a file that is there already is kept.
  public static func write(
    _ model: ModelSnapshot, to path: String, keepingPreviousAs previous: String? = nil
  ) throws(CheckpointError) {
    do throws(SafetensorsError) {
      try content(of: model).write(to: path, keepingPreviousAs: previous)
    } catch {
      throw CheckpointError(error)
    }
  }

  /// Reads a model and checks every part of it.
  public static func read(path: String) throws(CheckpointError) -> Loaded {
    let file: Safetensors
    do throws(SafetensorsError) { file = try Safetensors.read(path: path) } catch { throw CheckpointError(error) }
    return Loaded(model: try model(from: file, source: path), checksum: file.checksum)
  }

  /// The kind and time of a model, read from the file's header alone; nil where the file is not a model of charlm.
  public static func summary(path: String) -> (kind: ModelKind, created: String)? {
    guard let metadata = try? Safetensors.readMetadata(path: path), metadata["charlm_format"] != nil,
      let kind = metadata["kind"].flatMap(ModelKind.init), let created = metadata["created"]
    else { return nil }
    return (kind, created)
  }
}

// MARK: Writing

extension Checkpoint {
  package static func content(of model: ModelSnapshot) -> Safetensors {
    var metadata = [
      "charlm_format": String(format),
      "kind": model.kind.rawValue,
      "created": model.created,
      "model": SnakeCaseJSON.text(model.settings),
      "text": SnakeCaseJSON.text(model.tokenizer.settings),
      "training": SnakeCaseJSON.text(model.training),
      "vocabulary": SnakeCaseJSON.text(model.tokenizer.vocabulary),
    ]
    if model.kind == .transducer {
      metadata["output_vocabulary"] = SnakeCaseJSON.text(model.outputTokenizer.vocabulary)
    }
    let tensors = model.parameters.map { parameter in
      Safetensors.Tensor(
        name: parameter.name, shape: parameter.shape, values: .float32(model.values(named: parameter.name)))
    }
    return Safetensors(metadata: metadata, tensors: tensors)
  }
}

// MARK: Reading

extension Checkpoint {
  static func model(from file: Safetensors, source: String) throws(CheckpointError) -> ModelSnapshot {
    let fields = MetadataFields(file.metadata, source: source)
    try fields.checkFormat(atMost: format)
    let kind: ModelKind = try fields.choice("kind")
    let settings = try fields.decoded("model", as: NetworkSettings.self)
    let text = try fields.decoded("text", as: TextSettings.self)
    let vocabulary = try fields.decoded("vocabulary", as: Vocabulary.self)
    let outputVocabulary =
      kind == .transducer ? try fields.decoded("output_vocabulary", as: Vocabulary.self) : vocabulary
    try checkSizes(settings, source: source)
    if settings.bidirectional, kind == .language { throw .model(source: source, .bidirectionalLanguageModel) }
    let store = NetworkWeights.emptyStore(
      settings, inputVocabulary: vocabulary.count, outputVocabulary: outputVocabulary.count)
    try fill(store, from: file, source: source)
    return ModelSnapshot(
      kind: kind, created: try fields.string("created"), settings: settings,
      tokenizer: Tokenizer(vocabulary: vocabulary, settings: text),
      outputTokenizer: Tokenizer(vocabulary: outputVocabulary, settings: text),
      training: try fields.decoded("training", as: TrainingRecord.self), parameters: store)
  }

  /// Sizes that a damaged or hostile file could use to ask for absurd memory.
  package static func checkSizes(_ settings: NetworkSettings, source: String) throws(CheckpointError) {
    for (name, size, limit) in [
      ("layers", settings.layers, 1000), ("hidden", settings.hidden, 1 << 20),
      ("embedding", settings.embedding, 1 << 20),
    ] where size < 1 || size > limit {
      throw .model(source: source, .sizeOutOfRange(field: name, value: size, limit: limit))
    }
    if settings.tied, settings.embedding != settings.shape.outputSize {
      throw .model(
        source: source, .tiedSizes(embedding: settings.embedding, output: settings.shape.outputSize))
    }
  }

  /// Every parameter from the tensor of its name; other tensors are refused, for they would be lost unseen.
  private static func fill(_ store: ParameterStore, from file: Safetensors, source: String) throws(CheckpointError) {
    for layout in store.layouts {
      guard let tensor = file.tensor(named: layout.name) else {
        throw .model(source: source, .missingTensor(name: layout.name))
      }
      guard tensor.shape == layout.shape, case .float32(let values) = tensor.values else {
        throw .model(
          source: source, .tensorShape(name: layout.name, expected: layout.shape, found: tensor.shape))
      }
      guard values.allSatisfy(\.isFinite) else {
        throw .model(source: source, .notFinite(name: layout.name))
      }
      store.setValues(values, named: layout.name)
    }
    for tensor in file.tensors where store.layout(named: tensor.name) == nil {
      throw .model(source: source, .unexpectedTensor(name: tensor.name))
    }
  }
}

/// The metadata of a file, field by field, with errors that name the field.
package struct MetadataFields {
  private let metadata: [String: String]
  private let source: String

  package init(_ metadata: [String: String], source: String) {
    self.metadata = metadata
    self.source = source
  }

  package func checkFormat(atMost highest: Int) throws(CheckpointError) {
    guard let text = metadata["charlm_format"] else { throw .model(source: source, .notCharLM) }
    guard let found = Int(text), found >= 1 else {
      throw .model(source: source, .invalidField(name: "charlm_format", reason: "'\(text)' is not a number from 1"))
    }
    guard found <= highest else { throw .model(source: source, .newerFormat(found: found, highest: highest)) }
  }

  package func string(_ name: String) throws(CheckpointError) -> String {
    guard let value = metadata[name] else { throw .model(source: source, .missingField(name: name)) }
    return value
  }

  package func choice<Choice: RawRepresentable>(_ name: String) throws(CheckpointError) -> Choice
  where Choice.RawValue == String {
    let value = try string(name)
    guard let choice = Choice(rawValue: value) else {
      throw .model(source: source, .invalidField(name: name, reason: "'\(value)' is not known"))
    }
    return choice
  }

  package func decoded<Value: Decodable>(_ name: String, as type: Value.Type) throws(CheckpointError) -> Value {
    let text = try string(name)
    do {
      return try SnakeCaseJSON.value(type, from: text.utf8)
    } catch {
      throw .model(source: source, .invalidField(name: name, reason: reason(of: error)))
    }
  }

  private func reason(of error: any Error) -> String {
    switch error {
    case let error as TextError: error.description
    case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    default: "\(error)"
    }
  }
}
