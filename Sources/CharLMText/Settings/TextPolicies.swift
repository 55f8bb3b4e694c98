/// How bytes are handled that are invalid in the encoding of a text.
public enum InvalidPolicy: String, Codable, Sendable, CaseIterable {
  /// The text is refused, saying where they are.
  case error
  /// They become U+FFFD, one for each run that could begin a character (as the Unicode Standard recommends, 3.9).
  case replace
  /// They are kept as they are; a UTF-8 text equals its file byte for byte.
  case byte
}

/// How a token that the vocabulary lacks is spelled with tokens that it has.
///
/// Decoding joins the tokens' bytes, so that a text comes back as it was however it is spelled.
public enum Fallback: String, Codable, Sendable, CaseIterable {
  /// It is not: the token is unknown.
  case none
  /// By its scalars.
  case scalar
  /// By its scalars, and those that the vocabulary lacks by their bytes: nothing is unknown.
  case byte
}
