import ArgumentParser
import CharLMData
import CharLMText

/// `charlm vocab`.
struct VocabCommand: ParsableCommand, DeclaredOptions {
  static let configuration = CommandConfiguration(
    commandName: "vocab",
    abstract: "Show the tokens of a corpus, and the effect of limits on the vocabulary.",
    discussion: """
      Lists the tokens with their Unicode names and counts, the most frequent first; the scripts and categories of the \
      text; what a minimum count or a vocabulary size would lose; and the settings that 'charlm train' would choose.

      Example:
        charlm vocab corpora/english.txt
        charlm vocab corpora --unit scalar --limit 0
      """)

  @Argument(help: ArgumentHelp("Text files, folders or patterns; - for standard input.", valueName: "corpus"))
  var corpora: [String]

  @OptionGroup(title: "Text")
  var text: VocabularyOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of rows to show; 0 for all (default: 20, or all with --json).", valueName: "number"))
  var limit: Int?

  @OptionGroup
  var output: OutputOptions

  static let declarations: [Declaration<Self>] = [Declaration("--limit", \.limit, in: .from(0, to: 1_000_000_000))]

  func validate() throws {
    try checkRanges()
    try Limits.checkReadOnce(corpora)
  }

  func run() throws {
    let display = CorpusDisplay(output.console)
    defer { display.finish() }
    let corpus = try CorpusVocabulary(
      paths: corpora, settings: text.settings, isAutomatic: text.isAutomatic,
      documentSeparator: text.documentSeparator?.text, observe: display.show)
    display.finish()
    for note in display.notes { output.console.say("\(note.subject.rawValue): \(note.text)") }
    let limit = limit ?? (output.json ? 0 : 20)
    let report = VocabularyReport(corpus, rowLimit: limit == 0 ? corpus.counts.count : limit)
    if output.json { try StandardOutput.print(json: report) } else { try StandardOutput.print(report.text) }
  }
}
