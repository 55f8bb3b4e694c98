import CharLMFiles
import CharLMText

/// Finds out which texts a corpus holds as a whole line or a whole document.
///
/// The corpus is read anew for each search, so that memory depends on the texts alone.
public struct CorpusSearch {
  private let sources: [CorpusSource]
  private let settings: TextSettings
  private let separator: String?

  /// - Parameters:
  ///   - paths: as those of a corpus.
  ///   - tokenizer: that of the model that makes the texts; the corpus is normalized as it says.
  ///   - documentSeparator: a text that stands between two documents of a file; nil where each file is one.
  ///   - observe: receives what happens meanwhile.
  /// - Throws: `CorpusError` where a file is missing, is no text, or its encoding is uncertain.
  public init(
    paths: [String], tokenizer: Tokenizer, documentSeparator: String?,
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    settings = {
      var settings = tokenizer.settings
      settings.encoding = "auto"
      return settings
    }()
    separator = documentSeparator
    var found = try CorpusSource.find(paths, acceptsMarkup: false) { observe(.skipped($0)) }
    for index in found.indices { _ = try found[index].detectEncoding(settings) }
    sources = found
  }

  /// Those of some texts that are a whole line or document; line ends at the end do not count.
  /// - Complexity: O(corpus).
  /// - Throws: `CorpusError` where a file cannot be read.
  public func texts(heldAmong texts: Set<String>) throws(CorpusError) -> Set<String> {
    var search = WholeTexts(texts)
    for source in sources {
      let reader = try SourceReader(source, settings: settings, separator: separator)
      while let part = try reader.next() {
        if part.beginsDocument { search.endDocument() }
        search.read(part.piece.normalized)
      }
      search.endDocument()
    }
    return search.found
  }
}

/// Compares the lines and documents of a text that is read in pieces.
private struct WholeTexts {
  private(set) var found: Set<String> = []
  private let wanted: [[UInt8]: [String]]
  private let longest: Int
  private var line: [UInt8] = []
  private var document: [UInt8] = []

  init(_ texts: Set<String>) {
    wanted = Dictionary(grouping: texts) { WholeTexts.withoutLineEnds(Array($0.utf8)) }
    // Longer lines and documents are none of the texts, whatever line ends stand behind them.
    longest = (wanted.keys.map(\.count).max() ?? 0) + 2
  }

  private static func withoutLineEnds(_ utf8: [UInt8]) -> [UInt8] {
    Array(utf8[..<(utf8.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? 0)])
  }

  mutating func read(_ utf8: [UInt8]) {
    document.append(contentsOf: utf8.prefix(max(longest + 1 - document.count, 0)))
    var rest = utf8[...]
    while let end = rest.firstIndex(of: 0x0A) {
      extendLine(rest[..<end])
      endLine()
      rest = rest[(end + 1)...]
    }
    extendLine(rest)
  }

  private mutating func extendLine(_ utf8: ArraySlice<UInt8>) {
    line.append(contentsOf: utf8.prefix(max(longest + 1 - line.count, 0)))
  }

  private mutating func endLine() {
    take(line)
    line.removeAll(keepingCapacity: true)
  }

  mutating func endDocument() {
    endLine()
    take(document)
    document.removeAll(keepingCapacity: true)
  }

  private mutating func take(_ utf8: [UInt8]) {
    guard !utf8.isEmpty, utf8.count <= longest else { return }
    if let texts = wanted[WholeTexts.withoutLineEnds(utf8)] { found.formUnion(texts) }
  }
}
