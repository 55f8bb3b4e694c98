/// One token's number: a row of the embedding.
public typealias TokenID = Int32

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

/// How text becomes tokens; a model keeps it in its checkpoint.
///
/// As JSON: `{"unit": "grapheme", "normalization": "none", "encoding": "utf-8", "minimumCount": 1}`, and
/// `vocabularySize` where there is a limit. Missing keys take their defaults.
public struct TextSettings: Codable, Hashable, Sendable {
  /// What a token is.
  public var unit: TextUnit
  /// The form text is brought to before it is cut into tokens.
  public var normalization: Normalization
  /// The encoding of the corpus, by the name that it was asked for or detected: "utf-8".
  public var encoding: String
  /// Tokens rarer than this are left out of the vocabulary; 1 (or less) keeps everything.
  public var minimumCount: Int
  /// The most rows that the vocabulary may have, special tokens included; `nil` for no limit.
  public var vocabularySize: Int?

  /// Settings; without arguments, graphemes of UTF-8 text as it is, all of them.
  public init(
    unit: TextUnit = .grapheme, normalization: Normalization = .none, encoding: String = "utf-8",
    minimumCount: Int = 1, vocabularySize: Int? = nil
  ) {
    self.unit = unit
    self.normalization = normalization
    self.encoding = encoding
    self.minimumCount = minimumCount
    self.vocabularySize = vocabularySize
  }

  /// Reads settings; a missing key takes its default, an unknown one is ignored.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = TextSettings()
    unit = try container.decodeIfPresent(TextUnit.self, forKey: .unit) ?? defaults.unit
    normalization =
      try container.decodeIfPresent(Normalization.self, forKey: .normalization) ?? defaults.normalization
    encoding = try container.decodeIfPresent(String.self, forKey: .encoding) ?? defaults.encoding
    minimumCount = try container.decodeIfPresent(Int.self, forKey: .minimumCount) ?? defaults.minimumCount
    vocabularySize = try container.decodeIfPresent(Int.self, forKey: .vocabularySize)
  }
}
