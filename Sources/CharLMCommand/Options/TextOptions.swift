import ArgumentParser
import CharLM
import CharLMText

/// How the corpus becomes tokens, and what is kept for validation.
struct TextOptions: ParsableArguments {
  @Option(help: "What a token is (default: grapheme, what a reader takes for one character).")
  var unit: TextUnit?

  @Option(help: "Unicode normalization of the text (default: none).")
  var normalization: Normalization?

  @Option(help: ArgumentHelp("The encoding of the files: auto or utf-8 (default: auto).", valueName: "name"))
  var encoding: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Leave rarer tokens out of the vocabulary (default: 1).", valueName: "number"))
  var minCount: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most tokens that the vocabulary may have.", valueName: "number"))
  var vocabularySize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The part at the end that is kept for validation (default: 0.1).", valueName: "fraction"))
  var validation: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("A file to validate on instead.", valueName: "file"))
  var validationFile: String?

  func validate() throws {
    try Limits.check(minCount, 1...1_000_000_000, "--min-count")
    try Limits.check(vocabularySize, 2...10_000_000, "--vocabulary-size")
    try Limits.check(validation, 0...0.9, "--validation")
    try Limits.exclude([("--validation", validation != nil), ("--validation-file", validationFile != nil)])
    if let encoding, !["auto", "utf-8", "utf8"].contains(encoding.lowercased()) {
      throw ValidationError(
        "--encoding \(encoding): only UTF-8 is read so far; convert the file first (iconv -t UTF-8)")
    }
  }

  /// The settings for a new vocabulary.
  var settings: TextSettings {
    TextSettings(
      unit: unit ?? .grapheme, normalization: normalization ?? .none, minimumCount: minCount ?? 1,
      vocabularySize: vocabularySize)
  }

  /// The part or the file to validate on.
  var validationPart: Corpus.Validation {
    validationFile.map { .file($0) } ?? .fraction(validation ?? 0.1)
  }

  /// The options that a vocabulary depends on and that were given.
  var givenVocabulary: [String] {
    given(
      ("--unit", unit != nil), ("--normalization", normalization != nil), ("--min-count", minCount != nil),
      ("--vocabulary-size", vocabularySize != nil))
  }

  /// The options that were given, as they are written.
  var given: [String] {
    givenVocabulary
      + given(
        ("--encoding", encoding != nil), ("--validation", validation != nil),
        ("--validation-file", validationFile != nil))
  }
}
