import CharLMText

/// A model of text that a program can sample from and evaluate: an immutable value, safe to share between threads.
public struct LanguageModel: Sendable {
  /// Settings, vocabulary, parameters.
  public let snapshot: ModelSnapshot

  /// A language model, or nil where the snapshot is of another kind.
  public init?(_ snapshot: ModelSnapshot) {
    guard snapshot.kind == .language else { return nil }
    self.snapshot = snapshot
  }

  /// How text becomes the model's tokens.
  public var tokenizer: Tokenizer { snapshot.tokenizer }

  /// The token that a sample without a seed begins from: the document token, else a newline, else the commonest
  /// token, which is the one that the decoder's bias favours.
  public var startToken: TokenID {
    let vocabulary = tokenizer.vocabulary
    if let document = vocabulary.documentID { return document }
    if let newline = vocabulary.id(of: [UInt8(ascii: "\n")]) { return newline }
    let bias = snapshot.values(named: ParameterName.decoderBias)
    let ordinary = bias.indices.filter { $0 != vocabulary.unknownID.map(Int.init) }
    return TokenID(ordinary.max { bias[$0] < bias[$1] } ?? 0)
  }
}
