import CharLM
import CharLMData
import CharLMText
import RecurrentNN
import Testing

@testable import TrainingWatch

/// The page of a scored text: well-formed, small, and safe whatever the text is.
@Suite struct ScorePageTests {
  /// A page of a text whose tokens cost 3 bits each.
  static func page(_ words: String, unit: TextUnit = .grapheme) throws -> (html: String, text: ScoredText) {
    var settings = TextSettings()
    settings.unit = unit
    let tokens =
      unit == .byte ? (0...255).map { Token.text([UInt8($0)]) } : Set(words).sorted().map { Token(String($0)) }
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: settings)
    let text = try PlacedText(text: words, tokenizer: tokenizer)
    var scored = ScoredText(text, tokenizer)
    var places = text.places
    for (index, token) in try text.evaluation.tokens.tokens().enumerated() {
      let guesses = [0, 1, 2].map { TokenScore.Guess(token: TokenID($0) % TokenID(tokens.count), probability: 0.3) }
      scored.add(
        TokenScore(
          index: index, token: token, range: places.next(token), bits: index == 0 ? nil : 3, likeliest: guesses))
    }
    var page = ScorePage(scored)
    page.title = "<b> & co"
    page.words = [.init(line: 1, column: 2, text: "<script>", figure: "9 bits", expected: "a & b")]
    return (page.html, scored)
  }

  @Test("the page is well-formed, escapes what it shows, and asks for nothing from elsewhere")
  func safe() throws {
    let (html, _) = try Self.page("</script><!-- & \u{1B}\u{7F}\u{202E}\u{FFFE} \"quoted\" שלום\r\n漢\u{1F600}")
    let parsed = try ParsedXML(html)
    #expect(parsed.elements["script"] == 2 && parsed.elements["b"] == nil)
    #expect(parsed.text.contains("<b> & co") && parsed.text.contains("\\u003c/script\\u003e"))
    let addresses = html.matches(of: /(?:src|url|@import)\b|https?:\/\/[\w.]+/).map { String($0.0) }
    #expect(Set(addresses) == ["http://www.w3.org"])
  }

  @Test("a page of 100 KB is at most 2 MB, and a longer text is cut and says so")
  func size() throws {
    var random = SeededGenerator(seed: 1)
    let bytes: [UInt8] = (0..<120_000).map { _ in UInt8(0x20 + Int.random(in: 0..<95, using: &random)) }
    let (html, text) = try Self.page(String(decoding: bytes, as: UTF8.self))
    #expect(html.utf8.count <= 2_000_000, "\(html.utf8.count)")
    #expect(text.isCut && text.shownByteCount == ScoredText.limit)
    let (whole, short) = try Self.page("short")
    #expect(!short.isCut && short.shownByteCount == 5 && whole.utf8.count < 30_000)
  }

  @Test("cells are whole graphemes, also where tokens are bytes, and no cell is longer than a byte can say")
  func cells() throws {
    let (_, text) = try Self.page("é漢e\u{301}\r\n", unit: .byte)
    #expect(text.json.contains("\"lengths\":\"AQECAg==\""), "\(text.json)")
    let (_, long) = try Self.page("a" + String(repeating: "\u{301}", count: 700) + "b")
    #expect(
      long.json.contains("\"lengths\":\"///AAQ==\"") || long.json.contains("\"lengths\":\"//+/AQ==\""),
      "\(long.json.suffix(300))")
  }
}
