/// Why a safetensors file is no model of charlm.
public enum ModelFlaw: Error, Equatable, Sendable {
  /// There is no `charlm_format`.
  case notCharLM
  /// A newer version wrote it.
  case newerFormat(found: Int, highest: Int)
  /// It is a model for another use.
  case wrongKind(expected: ModelKind, found: ModelKind)
  /// A field of the metadata is missing.
  case missingField(name: String)
  /// A field of the metadata does not say what it should.
  case invalidField(name: String, reason: String)
  /// A number of the metadata is not one that a network or its training can have.
  case outOfRange(OutOfRange)
  /// A tied decoder needs an embedding as wide as the output.
  case tiedSizes(embedding: Int, output: Int)
  /// A language model that would read ahead.
  case bidirectionalLanguageModel
  /// A parameter is missing.
  case missingTensor(name: String)
  /// A tensor that belongs to no parameter.
  case unexpectedTensor(name: String)
  /// A parameter of another shape, or not float32.
  case tensorShape(name: String, expected: [Int], found: [Int])
  /// A parameter with NaN or infinity in it.
  case notFinite(name: String)
  /// A parameter with values that no trained network has, and with which its sums would not be finite.
  case tooLarge(name: String)

  var description: String {
    switch self {
    case .notCharLM: "is a safetensors file, but not a model of charlm (it has no charlm_format)"
    case .newerFormat(let found, let highest):
      "has format \(found); this charlm reads up to \(highest): a newer charlm is needed"
    case .wrongKind(let expected, let found): "is \(found.noun), not \(expected.noun)"
    case .missingField(let name): "the metadata lacks '\(name)'"
    case .invalidField(let name, let reason): "the metadata's '\(name)' cannot be used: \(reason)"
    case .outOfRange(let error): "in the metadata, \(error)"
    case .tiedSizes(let embedding, let output):
      "a tied decoder needs an embedding as wide as the output, \(output), not \(embedding)"
    case .bidirectionalLanguageModel: "a language model cannot be bidirectional, only a transducer"
    case .missingTensor(let name): "the tensor \(name) is missing"
    case .unexpectedTensor(let name): "the tensor \(name) belongs to no parameter of the model"
    case .tensorShape(let name, let expected, let found):
      "the tensor \(name) has the shape \(found), not \(expected) in float32"
    case .notFinite(let name): "the tensor \(name) has values that are not finite"
    case .tooLarge(let name): "the tensor \(name) has values too large to compute with"
    }
  }
}

extension ModelKind {
  /// With its article, for messages.
  fileprivate var noun: String {
    switch self {
    case .language: "a language model"
    case .transducer: "a transducer"
    }
  }
}
