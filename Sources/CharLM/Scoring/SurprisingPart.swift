import CharLMText

/// A line or a word of a text, and how surprising a model found it.
public struct SurprisingPart: Sendable {
  /// Its bytes in the text, without the end of the line.
  public let range: Range<Int>
  /// The line that it begins in, from 1.
  public let line: Int
  /// Where it begins in the line, in scalars, from 1.
  public let column: Int
  /// The number of its tokens that were predicted.
  public let tokenCount: Int
  /// Their surprisal together.
  public let bits: Double
  /// What it is ranked by: of a word, the power mean of the bits of its tokens and of the token after it, which shows that
  /// it ended too early, with the exponent 4; of a line, by how many standard deviations its bits exceed what so many
  /// tokens of the text take.
  public let strength: Double
  /// Its most surprising token.
  public let peak: TokenScore
}

/// The most surprising lines and words of a text, each the most surprising first.
public struct SurprisingParts: Sendable {
  /// Whole lines.
  public let lines: [SurprisingPart]
  /// Different words by Unicode's rules that have a letter or a digit, each at its most surprising place.
  public let words: [SurprisingPart]
}
