import CharLMData
import CharLMText

/// What `charlm vocab` prints.
struct VocabularyReport: Encodable {
  /// The corpus as it was given.
  let files: [FileRecord]
  /// The number of tokens, and of different ones.
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
  /// The number of tokens that are rare by the advice's rule.
  let rare: Int
  /// Whether training would spell rare tokens by default.
  let isFallbackChosen: Bool
  /// What it would spell, and why, in words.
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
  /// The code points of a token that are listed: no grapheme of a written language has as many.
  private static let namedLimit = 32

  init(_ counted: VocabularyBuilder.Count, covered: Int, of total: Int) {
    token = .text(counted.bytes)
    let scalars = String(validating: counted.bytes, as: UTF8.self).map { Array($0.unicodeScalars) } ?? []
    codePoints = scalars.prefix(Self.namedLimit).map(UnicodeNames.codePoint)
    names = scalars.prefix(Self.namedLimit).map(UnicodeNames.name)
    count = counted.occurrences
    share = Double(counted.occurrences) / Double(total)
    coverage = Double(covered) / Double(total)
  }
}
