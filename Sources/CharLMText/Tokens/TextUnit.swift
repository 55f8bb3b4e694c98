/// What a token is.
public enum TextUnit: String, Codable, Sendable, CaseIterable {
  /// A grapheme cluster, what a reader takes for one character: `é` in either spelling, `한`, a flag, CR LF.
  case grapheme
  /// A Unicode scalar value (code point).
  case scalar
  /// A byte of UTF-8.
  case byte
  /// A word by ICU's word breaks, or what stands between words: a run of spaces, a mark, a line break. Chinese, Japanese,
  /// Thai, Lao, Khmer and Burmese are cut by ICU's dictionaries.
  case word
}
