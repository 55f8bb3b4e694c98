import ArgumentParser
import CharLM
import CharLMText

/// How the corpus becomes tokens.
struct VocabularyOptions: ParsableArguments, DeclaredOptions {
  @Option(help: "What a token is (default: grapheme, what a reader sees as one character).")
  var unit: TextUnit?

  @Option(help: ArgumentHelp("Unicode normalization of the text (default: none).", valueName: "form"))
  var normalization: Normalization?

  @OptionGroup
  var decoding: DecodingOptions

  @Option(
    help: ArgumentHelp(
      "How to spell tokens that are not in the vocabulary: by their scalars, or by their scalars and bytes "
        + "(default: automatic).", valueName: "spelling"))
  var fallback: Fallback?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Leave out tokens that occur less often than this (default: automatic).", valueName: "number"))
  var minCount: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest number of tokens in the vocabulary.", valueName: "number"))
  var vocabularySize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The text between two documents of a file, such as '<|endoftext|>' or '\\n\\n' (default: each file is one "
        + "document).",
      valueName: "text"),
    transform: EscapedText.init(escaped:))
  var documentSeparator: EscapedText?

  static let declarations: [Declaration<Self>] =
    [
      Declaration("--unit", \.unit, excludedBy: [.initFrom, .teacher]),
      Declaration("--normalization", \.normalization, excludedBy: [.initFrom, .teacher]),
    ] + Declaration.group(\.decoding) + [
      Declaration("--fallback", \.fallback, excludedBy: [.initFrom, .teacher, .pairs]),
      Declaration(
        "--min-count", \.minCount, in: .range(SettingRanges.minimumCount), excludedBy: [.initFrom, .teacher]),
      Declaration(
        "--vocabulary-size", \.vocabularySize, in: .range(SettingRanges.vocabularySize),
        excludedBy: [.initFrom, .teacher]),
      Declaration("--document-separator", \.documentSeparator, excludedBy: [.pairs, .teacher]),
    ]

  /// The settings for a new vocabulary.
  var settings: TextSettings {
    TextSettings(
      unit: unit ?? .grapheme, normalization: normalization ?? .none, encoding: decoding.usualEncoding ?? "auto",
      invalid: decoding.invalid ?? .error, fallback: fallback ?? .none, minimumCount: minCount ?? 1,
      vocabularySize: vocabularySize)
  }

  /// The settings for the vocabulary of an existing model.
  func settings(of tokenizer: Tokenizer) -> TextSettings {
    var settings = tokenizer.settings
    settings.encoding = decoding.usualEncoding ?? "auto"
    settings.invalid = decoding.invalid ?? settings.invalid
    return settings
  }

  /// Whether the vocabulary's limits are chosen automatically, and the fallback where it is not given.
  var isAutomatic: Bool { fallback != Fallback.none && minCount == nil && vocabularySize == nil }
}
