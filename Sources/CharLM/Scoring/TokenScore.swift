import CharLMText

/// What a model makes of one token of a text.
public struct TokenScore: Sendable {
  /// The number of the token in the text, from 0.
  public let index: Int
  /// The token.
  public let token: TokenID
  /// The bytes of the text that it stands for; none for a document token.
  public let range: Range<Int>
  /// Its surprisal, −log₂ p. nil for the first token of a text, which nothing predicts.
  public let bits: Double?
  /// The likeliest tokens at this place, the likeliest first, as far as they were asked for; empty for the first token.
  public let likeliest: [Guess]

  /// A token that may come, and how likely that is.
  public struct Guess: Hashable, Sendable {
    /// The token.
    public let token: TokenID
    /// Its probability.
    public let probability: Float

    /// A guess.
    public init(token: TokenID, probability: Float) { (self.token, self.probability) = (token, probability) }
  }

  /// A score.
  public init(index: Int, token: TokenID, range: Range<Int>, bits: Double?, likeliest: [Guess]) {
    (self.index, self.token, self.range, self.bits, self.likeliest) = (index, token, range, bits, likeliest)
  }
}
