import ArgumentParser
import CharLM
import CharLMData

/// How the corpus becomes tokens, and what is set aside for validation.
struct TextOptions: ParsableArguments, DeclaredOptions {
  @OptionGroup
  var vocabulary: VocabularyOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The part at the end to hold out for validation (default: 0.1).", valueName: "fraction"))
  var validation: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("A file to validate on instead.", valueName: "file"))
  var validationFile: String?

  static let declarations: [Declaration<Self>] =
    Declaration.group(\.vocabulary) + [
      Declaration("--validation", \.validation, in: .range(SettingRanges.validation)),
      Declaration("--validation-file", \.validationFile, excludedBy: [.pairs]),
    ]

  func validate() throws {
    try checkRanges()
    try Limits.exclude([("--validation", validation != nil), ("--validation-file", validationFile != nil)])
  }

  /// The part or the file to validate on.
  var validationPart: Corpus.Validation {
    validationFile.map { .file($0) } ?? .fraction(validation ?? 0.1)
  }
}
