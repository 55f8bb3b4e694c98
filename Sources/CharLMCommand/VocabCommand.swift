import ArgumentParser
import CharLMData
import CharLMText

/// `charlm vocab`.
struct VocabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocab",
    abstract: "Show the tokens of a corpus, and what limits would leave of them.",
    discussion: """
      The tokens with their Unicode names and counts, the most frequent first; the scripts and categories of the text; \
      what a minimum count or a size would lose; and the settings that 'charlm train' would choose.

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
    help: ArgumentHelp("The most rows of the table; 0 for all (default: 20, with --json all).", valueName: "number"))
  var limit: Int?

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try Limits.check(limit, 0...1_000_000_000, "--limit")
    try Limits.checkReadOnce(corpora)
  }

  func run() throws {
    let display = CorpusDisplay(output.console)
    defer { display.finish() }
    let corpus = try CorpusVocabulary(
      paths: corpora, settings: text.settings, isAutomatic: text.isAutomatic,
      documentSeparator: text.documentSeparator?.text, observe: display.show)
    display.finish()
    for line in display.lines { output.console.say("\(line.name): \(line.text)") }
    let limit = limit ?? (output.json ? 0 : 20)
    let report = VocabularyReport(corpus, rowLimit: limit == 0 ? corpus.counts.count : limit)
    if output.json { try StandardOutput.print(json: report) } else { try StandardOutput.print(report.text) }
  }
}

/// What `charlm vocab` prints.
struct VocabularyReport: Encodable {
  /// The corpus as it was given.
  let files: [FileRecord]
  /// How many tokens there are, and how many different ones.
  let tokens: Int
  let distinct: Int
  let rows: [Row]
  let scripts: [CorpusVocabulary.PropertyCount]
  let categories: [CorpusVocabulary.PropertyCount]
  let minimumCounts: [CorpusVocabulary.Loss]
  let sizes: [CorpusVocabulary.Loss]
  /// The settings that training would use, and the rows of its vocabulary.
  let settings: TextSettings
  let vocabulary: Int
  /// The tokens that are rare, by the advice's rule.
  let rare: Int
  /// Whether training would spell rare tokens unasked.
  let isFallbackChosen: Bool
  /// What it would spell then, and why, in words.
  let spelling: String?

  /// A token of the corpus.
  struct Row: Encodable {
    let token: Token
    let codePoints: [String]
    let names: [String]
    let count: Int
    let share: Double
    /// The part of the corpus that this token and all before it make up.
    let coverage: Double
  }

  init(_ corpus: CorpusVocabulary, rowLimit: Int) {
    files = corpus.record.files
    tokens = corpus.tokenCount
    distinct = corpus.counts.count
    scripts = corpus.scripts
    categories = corpus.categories
    minimumCounts = corpus.lossesByCount
    sizes = corpus.lossesBySize
    settings = corpus.settings
    vocabulary = corpus.rowCount
    rare = corpus.advice.rareCount
    isFallbackChosen = corpus.isFallbackChosen
    spelling = corpus.isFallbackChosen ? corpus.advice.text : nil
    var covered = 0
    rows = corpus.counts.prefix(rowLimit).map { count in
      covered += count.occurrences
      return Row(count, covered: covered, of: corpus.tokenCount)
    }
  }
}

extension VocabularyReport.Row {
  init(_ counted: VocabularyBuilder.Count, covered: Int, of total: Int) {
    token = .text(counted.bytes)
    let scalars = String(validating: counted.bytes, as: UTF8.self).map { Array($0.unicodeScalars) } ?? []
    codePoints = scalars.map(UnicodeNames.codePoint)
    names = scalars.map(UnicodeNames.name)
    count = counted.occurrences
    share = Double(counted.occurrences) / Double(total)
    coverage = Double(covered) / Double(total)
  }
}
