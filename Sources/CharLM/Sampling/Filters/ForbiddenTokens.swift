import CharLMText

/// Leaves certain tokens out, such as special ones.
public struct ForbiddenTokens: SamplingFilter {
  /// What is never drawn.
  public let tokens: [TokenID]

  /// Leaves these tokens out.
  public init(_ tokens: [TokenID]) { self.tokens = tokens }

  /// Leaves out the unknown token and the document token of a vocabulary.
  public init(specialTokensOf vocabulary: Vocabulary) {
    self.init([vocabulary.unknownID, vocabulary.documentID].compactMap(\.self))
  }

  /// Leaves the tokens out.
  public func apply(to logits: inout MutableSpan<Float>) {
    for token in tokens { logits[Int(token)] = -.infinity }
  }
}
