import CharLM
import CharLMData
import CharLMFiles
import CharLMText

/// A text colored by surprisal, in the form in which a page holds it.
///
/// A cell is what a reader takes for a character, or a longer token. Its surprisal is a byte, in eighths of a bit, and what
/// the model took for likelier three tokens of three bytes each, which are left out where it was as good as sure.
package struct ScoredText {
  /// So many bytes of a text are shown at most, so that a page stays below 2 MB.
  package static let limit = 100_000
  /// How many bytes of the text are shown.
  package var shownByteCount: Int { end }
  /// How many bytes the text has.
  package var wholeByteCount: Int { text.utf8.count }

  static let guessCount = 3
  private static let unitsOfBit = 8.0
  private static let unscored: UInt8 = 255
  private static let leastBitsWithGuesses: UInt8 = 4
  private static let noToken = UInt16.max
  private static let documentEnd = Array("\u{2404}".utf8)

  private let text: PlacedText
  private let vocabulary: Vocabulary
  private var borders: GraphemeBorders
  private var end = 0
  /// The tokens of the present cell.
  private var pending: [TokenScore] = []
  /// Whether the text has more than what is shown.
  package private(set) var isCut = false

  private var cells = PageCells()
  private var bits = PackedBytes()
  private var guesses = PackedBytes()
  private var tokens: [String] = []
  private var tokenNumbers: [TokenID: UInt16] = [:]

  /// A text of which nothing is shown yet.
  package init(_ text: PlacedText, _ tokenizer: Tokenizer) {
    (self.text, vocabulary) = (text, tokenizer.vocabulary)
    borders = GraphemeBorders(text, limit: ScoredText.limit)
  }

  /// Takes the score of the next token; beyond the limit, nothing.
  package mutating func add(_ score: TokenScore) {
    if score.range.upperBound > ScoredText.limit { isCut = true }
    guard !isCut else { return }
    if score.range.isEmpty {
      if score.index > 0 { appendCell(ScoredText.documentEnd[...], [score]) }
      return
    }
    if pending.isEmpty, score.range.lowerBound > end { appendCell(text.utf8[end..<score.range.lowerBound], []) }
    pending.append(score)
    guard borders.contains(score.range.upperBound) else { return }
    appendCell(text.utf8[pending[0].range.lowerBound..<score.range.upperBound], pending)
    pending = []
    end = score.range.upperBound
  }

  private mutating func appendCell(_ utf8: ArraySlice<UInt8>, _ scores: [TokenScore]) {
    let count = cells.append(utf8)
    let known = scores.filter { $0.bits != nil }
    let sum = known.reduce(0) { $0 + ($1.bits ?? 0) }
    let code =
      known.isEmpty ? ScoredText.unscored : UInt8(nearest: (sum * ScoredText.unitsOfBit).rounded(.down), upTo: 254)
    bits.append(code)
    for _ in 1..<count { bits.append(ScoredText.unscored) }
    guard code != ScoredText.unscored, code >= ScoredText.leastBitsWithGuesses,
      let peak = known.max(by: { ($0.bits ?? 0) < ($1.bits ?? 0) })
    else { return }
    for number in 0..<ScoredText.guessCount {
      let guess = number < peak.likeliest.count ? peak.likeliest[number] : nil
      guesses.append(guess.map { self.number(of: $0.token) } ?? ScoredText.noToken)
      guesses.append(UInt8(nearest: ((guess?.probability ?? 0) * 255).rounded(.down)))
    }
  }

  private mutating func number(of token: TokenID) -> UInt16 {
    if let known = tokenNumbers[token] { return known }
    guard tokens.count < Int(ScoredText.noToken) else { return ScoredText.noToken }
    let number = UInt16(tokens.count)
    tokenNumbers[token] = number
    tokens.append(vocabulary[token].shown)
    return number
  }

  private struct PageData: Encodable {
    let text: String
    let lengths: String
    let bits: String
    let guesses: String
    let tokens: [String]
    let guessCount: Int
    let unitsOfBit: Double
    let leastWithGuesses: UInt8
    let noToken: UInt16
  }

  /// The data for the page's script, as JSON.
  var json: String {
    SnakeCaseJSON.text(
      PageData(
        text: cells.text, lengths: cells.lengths.base64, bits: bits.base64, guesses: guesses.base64, tokens: tokens,
        guessCount: ScoredText.guessCount, unitsOfBit: ScoredText.unitsOfBit,
        leastWithGuesses: ScoredText.leastBitsWithGuesses, noToken: ScoredText.noToken))
  }
}
