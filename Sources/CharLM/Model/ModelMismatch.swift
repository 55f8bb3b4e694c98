import CharLMData
import CharLMText

/// Two models that were to be used together, but differ.
public struct ModelMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The one's name.
  public let first: String
  /// The other's name.
  public let other: String
  /// The first thing that they differ in.
  public let difference: ModelDifference

  /// One line: which models, and what they differ in.
  public var description: String { "\(first) and \(other) differ: \(difference)" }
}

/// In what two models differ.
public enum ModelDifference: Error, Equatable, Sendable {
  /// The value of a setting.
  case setting(name: String, String, String)
  /// The token of a number; nil where a vocabulary has no more.
  case token(TokenID, Token?, Token?)
  /// What shows that they are of different runs of training.
  case run(name: String, String, String)
}

extension ModelDifference: CustomStringConvertible {
  /// What differs, with both values.
  public var description: String {
    switch self {
    case .setting(let name, let first, let other): "\(name) is \(first) in the one, \(other) in the other"
    case .token(let id, let first, let other):
      "token \(id) is \(first?.description ?? "missing") in the one, \(other?.description ?? "missing") in the other"
    case .run(let name, let first, let other): "they are of different runs, \(name) \(first) and \(other)"
    }
  }
}

extension ModelDifference {
  /// The first setting that makes other tokens of the same text. The encoding of a corpus and the limits of a vocabulary
  /// do not, once there is one.
  static func ofText(_ first: Tokenizer, _ other: Tokenizer) -> ModelDifference? {
    let (a, b) = (first.settings, other.settings)
    return ofSettings([
      ("the unit", a.unit.rawValue, b.unit.rawValue),
      ("the normalization", a.normalization.rawValue, b.normalization.rawValue),
      ("the fallback", a.fallback.rawValue, b.fallback.rawValue),
      ("the handling of invalid bytes", a.invalid.rawValue, b.invalid.rawValue),
    ])
  }

  /// The first token that differs.
  static func ofVocabulary(_ first: Vocabulary, _ other: Vocabulary) -> ModelDifference? {
    guard first != other else { return nil }
    for id in 0..<TokenID(max(first.count, other.count)) {
      let (a, b) = (Int(id) < first.count ? first[id] : nil, Int(id) < other.count ? other[id] : nil)
      if a != b { return .token(id, a, b) }
    }
    return nil
  }

  /// The first setting that gives the parameters other shapes or another meaning.
  static func ofNetwork(_ a: NetworkSettings, _ b: NetworkSettings) -> ModelDifference? {
    ofSettings([
      ("the cell", a.cell.rawValue, b.cell.rawValue), ("the number of layers", "\(a.layers)", "\(b.layers)"),
      ("the width of a layer", "\(a.hidden)", "\(b.hidden)"),
      ("the width of the embedding", "\(a.embedding)", "\(b.embedding)"),
      ("the nonlinearity", a.nonlinearity.rawValue, b.nonlinearity.rawValue),
      ("whether the decoder is tied", "\(a.tied)", "\(b.tied)"),
      ("whether it reads both ways", "\(a.bidirectional)", "\(b.bidirectional)"),
      ("whether the cells are normalized", "\(a.layerNorm)", "\(b.layerNorm)"),
      ("the number of mogrifier rounds", "\(a.mogrifierRounds)", "\(b.mogrifierRounds)"),
    ])
  }

  /// What shows that two models are not of one run: its beginning, its seed, its corpus.
  static func ofRun(_ a: ModelSnapshot, _ b: ModelSnapshot) -> ModelDifference? {
    let (first, other) = (a.training, b.training)
    if a.created != b.created { return .run(name: "begun", a.created, b.created) }
    if first.settings.randomSeed != other.settings.randomSeed {
      return .run(name: "with the random seeds", "\(first.settings.randomSeed)", "\(other.settings.randomSeed)")
    }
    if !first.corpus.isSameText(as: other.corpus) {
      return .run(name: "of the corpora", first.corpus.name, other.corpus.name)
    }
    return nil
  }

  private static func ofSettings(_ settings: [(name: String, String, String)]) -> ModelDifference? {
    settings.first { $0.1 != $0.2 }.map { .setting(name: $0.name, $0.1, $0.2) }
  }
}
