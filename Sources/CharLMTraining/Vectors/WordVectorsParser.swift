import CharLMText

/// Reads the lines of a file of vectors, one call each.
struct WordVectorsParser {
  private let source: String
  private let vocabulary: Vocabulary?
  private var line = 0
  /// What a first line of `count size` said.
  private var stated: (count: Int, size: Int)?
  private var row: [Float] = []

  private(set) var error: WordVectorsError?
  private(set) var dimensionCount = 0
  private(set) var duplicateCount = 0
  private(set) var lineCount = 0
  /// Lines of a vector whose token is no text: not UTF-8, or missing, as a space is.
  private(set) var skippedCount = 0
  private(set) var tokens = ByteStringTable()
  private(set) var values: [Float] = []

  init(source: String, vocabulary: Vocabulary?) {
    self.source = source
    self.vocabulary = vocabulary
  }

  /// Reads a line; a flaw is left in `error`. Empty lines are skipped.
  mutating func read(_ utf8: Span<UInt8>, _ range: Range<Int>) {
    line += 1
    let fields = Fields(line == 1 ? WordVectorsParser.withoutMark(utf8, range) : range, in: utf8)
    if fields.isEmpty { return }
    if lineCount == 0, stated == nil, let header = fields.header(in: utf8) {
      stated = header
      (dimensionCount, row) = (header.size, [Float](repeating: 0, count: header.size))
      return
    }
    if dimensionCount == 0 {
      dimensionCount = max(fields.trailingNumberCount(in: utf8), 1)
      row = [Float](repeating: 0, count: dimensionCount)
    }
    if let flaw = take(fields, in: utf8) { error = .line(source: source, number: line, flaw) }
  }

  /// Checks the whole.
  mutating func finish() throws(WordVectorsError) {
    if let error { throw error }
    if let stated, stated.count != lineCount + skippedCount {
      throw .headerCount(source: source, stated: stated.count, found: lineCount + skippedCount)
    }
    if lineCount == 0 { throw .empty(source: source) }
  }

  /// Parses the values from the right; what is left is the token.
  private mutating func take(_ fields: Fields, in utf8: Span<UInt8>) -> WordVectorsFlaw? {
    var rest = fields
    for place in (0..<dimensionCount).reversed() {
      guard let field = rest.removeLast(in: utf8), !rest.isEmpty else {
        // As many numbers as a vector has, and no token.
        if place == 0, lineCount > 0, fields.areNumbers(in: utf8) {
          skippedCount += 1
          return nil
        }
        return valueCount(fields.count(in: utf8) - 1)
      }
      guard let value = Decimal.value(utf8, field) else {
        let found = fields.count(in: utf8) - 1
        if found < dimensionCount { return valueCount(found) }
        return .notNumber(String(decoding: field.prefix(24).map { utf8[$0] }, as: UTF8.self))
      }
      row[place] = value
    }
    // A token with spaces is text to its end; numbers there are values too many.
    var before = rest
    if let last = before.removeLast(in: utf8), !before.isEmpty, Decimal.value(utf8, last) != nil {
      return valueCount(fields.trailingNumberCount(in: utf8))
    }
    guard String(validating: rest.range.map { utf8[$0] }, as: UTF8.self) != nil else {
      // Of the first line this shows that the file is none of vectors; published files have a few such tokens.
      if lineCount == 0, stated == nil { return .invalidUTF8 }
      skippedCount += 1
      return nil
    }
    lineCount += 1
    keep(rest.range, of: utf8)
    return nil
  }

  private func valueCount(_ found: Int) -> WordVectorsFlaw { .valueCount(expected: dimensionCount, found: found) }

  private mutating func keep(_ token: Range<Int>, of utf8: Span<UInt8>) {
    let known = tokens.count
    let isWanted = vocabulary.map { $0.id(of: token.map { utf8[$0] }) != nil } ?? true
    guard isWanted else { return }
    if Int(tokens.insert(utf8, token)) < known {
      duplicateCount += 1
    } else {
      values.append(contentsOf: row)
    }
  }

  /// A line without the byte-order mark at its beginning.
  private static func withoutMark(_ utf8: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let isThere = range.count >= 3 && mark.indices.allSatisfy { utf8[range.lowerBound + $0] == mark[$0] }
    return isThere ? range.lowerBound + 3..<range.upperBound : range
  }
}
