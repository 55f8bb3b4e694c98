/// How text becomes tokens; a model keeps it in its checkpoint.
///
/// As JSON: `{"unit": "grapheme", "normalization": "none", "encoding": "utf-8", "invalid": "error", "fallback": "none",
/// "minimumCount": 1}`, and `vocabularySize` where there is a limit. Missing keys take their defaults.
public struct TextSettings: Codable, Hashable, Sendable {
  /// What a token is.
  public var unit: TextUnit
  /// The form text is brought to before it is cut into tokens.
  public var normalization: Normalization
  /// The encoding of the corpus by its usual name in lower case, such as "utf-8" or "gb18030"; "auto" before it is known.
  public var encoding: String
  /// How bytes are handled that are invalid in the encoding.
  public var invalid: InvalidPolicy
  /// How a token that the vocabulary lacks is spelled.
  public var fallback: Fallback
  /// Tokens rarer than this are left out of the vocabulary; 1 (or less) keeps everything.
  public var minimumCount: Int
  /// The most rows that the vocabulary may have, special tokens included; `nil` for no limit.
  public var vocabularySize: Int?

  /// Settings; without arguments, graphemes of UTF-8 text as it is, all of them.
  public init(
    unit: TextUnit = .grapheme, normalization: Normalization = .none, encoding: String = "utf-8",
    invalid: InvalidPolicy = .error, fallback: Fallback = .none, minimumCount: Int = 1, vocabularySize: Int? = nil
  ) {
    self.unit = unit
    self.normalization = normalization
    self.encoding = encoding
    self.invalid = invalid
    self.fallback = fallback
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
    invalid = try container.decodeIfPresent(InvalidPolicy.self, forKey: .invalid) ?? defaults.invalid
    fallback = try container.decodeIfPresent(Fallback.self, forKey: .fallback) ?? defaults.fallback
    minimumCount = try container.decodeIfPresent(Int.self, forKey: .minimumCount) ?? defaults.minimumCount
    vocabularySize = try container.decodeIfPresent(Int.self, forKey: .vocabularySize)
  }
}
