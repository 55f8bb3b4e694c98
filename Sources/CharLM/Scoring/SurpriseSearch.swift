import CharLMData
import CharLMText
import RecurrentNN

/// Finds the most surprising lines and words of a text from the scores of its tokens, in order.
///
///     var search = SurpriseSearch(text, limit: 10)
///     while let scores = try scorer.next() { for score in scores { search.add(score) } }
///     let found = search.finish()
///
/// A line and the best words are kept as it goes, and some 100 bytes for each line.
public struct SurpriseSearch {
  private let text: PlacedText
  private let limit: Int
  /// The tokens of the present line.
  private var line: [TokenScore] = []
  private var lineNumber = 1
  private var lineStart = 0
  /// Where the last token ends.
  private var end = 0
  private var lines: [SurprisingPart] = []
  private var words: [SurprisingPart] = []
  private var moments = Moments()

  /// A search at the beginning of a text.
  /// - Parameter limit: how many lines and words are found at most.
  public init(_ text: PlacedText, limit: Int) { (self.text, self.limit) = (text, limit) }

  /// Takes the score of the next token.
  public mutating func add(_ score: TokenScore) {
    if let bits = score.bits { moments.add(bits) }
    // Between two tokens may stand what separates documents, or what the model does not know.
    while end < score.range.lowerBound {
      end += 1
      if text.utf8[end - 1] == UInt8(ascii: "\n") { endLine(at: end) }
    }
    end = max(end, score.range.upperBound)
    line.append(score)
    if !score.range.isEmpty, text.utf8[score.range.upperBound - 1] == UInt8(ascii: "\n") {
      endLine(at: score.range.upperBound)
    }
  }

  /// What was found, after the last token.
  public consuming func finish() -> SurprisingParts {
    endLine(at: end)
    let (mean, deviation) = (moments.mean, moments.deviation)
    let ranked = lines.map { line in
      let count = Double(line.tokenCount)
      let excess = deviation > 0 ? (line.bits - mean * count) / (deviation * count.squareRoot()) : 0
      return line.ranked(by: excess)
    }
    let sorted = ranked.sorted { ($0.strength, $1.range.lowerBound) > ($1.strength, $0.range.lowerBound) }
    return SurprisingParts(lines: Array(sorted.prefix(limit)), words: words)
  }

  private mutating func endLine(at end: Int) {
    defer {
      line.removeAll(keepingCapacity: true)
      lineStart = end
      lineNumber += 1
    }
    guard !line.isEmpty else { return }
    var textEnd = end
    while textEnd > lineStart, [0x0A, 0x0D].contains(text.utf8[textEnd - 1]) { textEnd -= 1 }
    if let whole = part(lineStart..<textEnd, line[...], column: 1) { lines.append(whole) }
    findWords()
  }

  private mutating func findWords() {
    var next = 0
    var (column, counted) = (1, 0)
    var found: [SurprisingPart] = []
    let bytes = Array(text.utf8[lineStart..<max(lineStart, end)])
    Segmenter(unit: .word).forEachToken(in: bytes.span) { piece in
      let range = lineStart + piece.lowerBound..<lineStart + piece.upperBound
      let first = next
      column += bytes[counted..<piece.lowerBound].scalarCount
      counted = piece.lowerBound
      while next < line.count, line[next].range.lowerBound < range.upperBound { next += 1 }
      guard SurpriseSearch.isWord(bytes[piece]), let word = part(range, line[first..<next], column: column) else {
        return
      }
      found.append(word.ranked(by: SurpriseSearch.strength(line[first..<min(next + 1, line.count)])))
    }
    for word in found { insert(word) }
  }

  /// The power mean of surprisal with the exponent 4, in bits: near the largest, but lower where it stands alone in a long
  /// word, as in a rare name. Of the ways to rank words that were tried it finds the most typing errors in English
  /// (Benchmarks/planted_typos.py).
  private static func strength(_ tokens: ArraySlice<TokenScore>) -> Double {
    let bits = tokens.compactMap(\.bits)
    let sum = bits.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    return (sum / Double(max(bits.count, 1))).squareRoot().squareRoot()
  }

  private static func isWord(_ utf8: ArraySlice<UInt8>) -> Bool {
    String(decoding: utf8, as: UTF8.self).unicodeScalars.contains {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
  }

  private mutating func insert(_ word: SurprisingPart) {
    guard limit > 0, words.count < limit || word.strength > words[words.count - 1].strength else { return }
    // A word that is surprising everywhere, such as a name, is listed once.
    if let same = words.firstIndex(where: { text.utf8[$0.range] == text.utf8[word.range] }) {
      guard words[same].strength < word.strength else { return }
      words.remove(at: same)
    }
    let place = words.firstIndex { $0.strength < word.strength } ?? words.count
    words.insert(word, at: place)
    if words.count > limit { words.removeLast() }
  }

  /// nil where none of the tokens was predicted.
  private func part(_ range: Range<Int>, _ tokens: ArraySlice<TokenScore>, column: Int) -> SurprisingPart? {
    let predicted = tokens.filter { $0.bits != nil }
    guard let peak = predicted.max(by: { ($0.bits ?? 0) < ($1.bits ?? 0) }) else { return nil }
    return SurprisingPart(
      range: range, line: lineNumber, column: column, tokenCount: predicted.count,
      bits: predicted.reduce(0) { $0 + ($1.bits ?? 0) }, strength: 0, peak: peak)
  }
}

extension SurprisingPart {
  fileprivate func ranked(by strength: Double) -> SurprisingPart {
    SurprisingPart(
      range: range, line: line, column: column, tokenCount: tokenCount, bits: bits, strength: strength, peak: peak)
  }
}

extension ArraySlice<UInt8> {
  /// The number of bytes that begin a scalar.
  package var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }
}

/// Mean and deviation of numbers that come one by one (Welford 1962).
private struct Moments {
  private var count = 0.0
  private(set) var mean = 0.0
  private var squares = 0.0

  var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }

  mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / count
    squares += difference * (value - mean)
  }
}
