import CharLMText

/// Leaves out tokens after which the text would not be well-formed: of a vocabulary of bytes, a scalar's beginning must
/// be followed by its end.
public struct WholeScalars: SamplingFilter {
  private var scalars: ScalarGuard

  /// A filter at the start of a text; nil where no token is a part of a scalar, or where the model learned from text that
  /// is not well-formed itself.
  /// - Complexity: O(vocabulary).
  public init?(for tokenizer: Tokenizer) {
    let scalars = ScalarGuard(vocabulary: tokenizer.vocabulary)
    guard scalars.isNeeded, tokenizer.settings.invalid != .byte else { return nil }
    self.scalars = scalars
  }

  /// Follows how much of a scalar has been written.
  public mutating func note(_ token: TokenID) { scalars.append(token) }

  /// Leaves out what cannot follow.
  public func apply(to logits: inout MutableSpan<Float>) {
    for token in logits.indices where !scalars.allows(TokenID(token)) { logits[token] = -.infinity }
  }
}
