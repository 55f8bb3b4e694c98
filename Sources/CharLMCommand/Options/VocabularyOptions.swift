import ArgumentParser
import CharLMText

/// How the corpus becomes tokens.
struct VocabularyOptions: ParsableArguments {
  @Option(help: "What a token is (default: grapheme, what a reader takes for one character).")
  var unit: TextUnit?

  @Option(help: ArgumentHelp("Unicode normalization of the text (default: none).", valueName: "form"))
  var normalization: Normalization?

  @OptionGroup
  var decoding: DecodingOptions

  @Option(
    help: ArgumentHelp(
      "How tokens that the vocabulary leaves out are spelled: by their scalars, or these by their bytes "
        + "(default: chosen).", valueName: "spelling"))
  var fallback: Fallback?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Leave rarer tokens out of the vocabulary (default: chosen).", valueName: "number"))
  var minCount: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most tokens that the vocabulary may have.", valueName: "number"))
  var vocabularySize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What stands between two documents of a file, such as '<|endoftext|>' or '\\n\\n'; each file is one without.",
      valueName: "text"),
    transform: EscapedText.init(escaped:))
  var documentSeparator: EscapedText?

  func validate() throws {
    try Limits.check(minCount, 1...1_000_000_000, "--min-count")
    try Limits.check(vocabularySize, 2...10_000_000, "--vocabulary-size")
  }

  /// The settings for a new vocabulary.
  var settings: TextSettings {
    TextSettings(
      unit: unit ?? .grapheme, normalization: normalization ?? .none, encoding: decoding.usualEncoding ?? "auto",
      invalid: decoding.invalid ?? .error, fallback: fallback ?? .none, minimumCount: minCount ?? 1,
      vocabularySize: vocabularySize)
  }

  /// The settings for a vocabulary that is there.
  func settings(of tokenizer: Tokenizer) -> TextSettings {
    var settings = tokenizer.settings
    settings.encoding = decoding.usualEncoding ?? "auto"
    settings.invalid = decoding.invalid ?? settings.invalid
    return settings
  }

  /// Whether the vocabulary's limits are to be chosen, and the fallback where it is not given.
  var isAutomatic: Bool { fallback != Fallback.none && minCount == nil && vocabularySize == nil }

  /// The options that a vocabulary depends on and that were given.
  var givenForVocabulary: [String] {
    given(
      ("--unit", unit != nil), ("--normalization", normalization != nil), ("--fallback", fallback != nil),
      ("--min-count", minCount != nil), ("--vocabulary-size", vocabularySize != nil))
  }

  /// The options that were given, as they are written.
  var given: [String] {
    givenForVocabulary + decoding.given + given(("--document-separator", documentSeparator != nil))
  }
}
