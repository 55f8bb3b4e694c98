import CICU
import Testing

@testable import CharLMText

@Suite("Cutting text into tokens")
struct SegmenterTests {
  @Test(
    "graphemes are what a reader takes for characters",
    arguments: [
      ("abc", ["a", "b", "c"]),
      ("a\r\nb", ["a", "\r\n", "b"]),
      ("\n\r\r\n", ["\n", "\r", "\r\n"]),
      ("e\u{301}é\u{301}", ["e\u{301}", "é\u{301}"]),
      ("\u{301}a", ["\u{301}", "a"]),
      ("한국\u{1112}\u{1161}\u{11AB}", ["한", "국", "\u{1112}\u{1161}\u{11AB}"]),
      ("👨‍👩‍👧x", ["👨‍👩‍👧", "x"]),
      ("🇩🇪🇫🇷🇪", ["🇩🇪", "🇫🇷", "🇪"]),
      ("字典。", ["字", "典", "。"]),
      ("\u{600}1\u{600}\r\n", ["\u{600}1", "\u{600}", "\r\n"]),
      ("ที่", ["ที่"]),
      ("क्ष", ["क्ष"]),
      ("", []),
    ] as [(String, [String])])
  func graphemes(text: String, expected: [String]) {
    #expect(tokens(.grapheme, Array(text.utf8)) == expected.map { Array($0.utf8) })
  }

  @Test("scalars and bytes are cut where UTF-8 says", arguments: HardText.all)
  func scalarsAndBytes(sample: TextSample) {
    let utf8 = sample.utf8
    #expect(tokens(.scalar, utf8) == sample.text.unicodeScalars.map { Array(String($0).utf8) })
    #expect(tokens(.byte, utf8) == utf8.map { [$0] })
  }

  @Test("the table and ICU together give what ICU gives alone", arguments: 0..<300)
  func agreesWithICU(seed: Int) {
    let utf8 = HardText.random(count: 60, seed: seed)
    #expect(tokens(.grapheme, utf8) == icuGraphemes(utf8))
  }

  @Test("two neighbours of any kind are cut as ICU cuts them")
  func pairsAgreeWithICU() {
    for left in HardText.kinds {
      for right in HardText.kinds {
        let utf8 = Array((String(left) + String(right)).utf8)
        #expect(
          tokens(.grapheme, utf8) == icuGraphemes(utf8),
          "\(UnicodeNames.codePoint(left)) \(UnicodeNames.codePoint(right))")
      }
    }
  }

  @Test("tokens cover ill-formed bytes too", arguments: TextUnit.allCases, 0..<60)
  func coversEverything(unit: TextUnit, seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    let bytes = (0..<50).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let valid = HardText.random(count: 5, seed: seed)
    #expect(tokens(unit, bytes + valid + bytes).flatMap { $0 } == bytes + valid + bytes)
  }

  @Test("the boundary at or after an offset is the first of all", arguments: TextUnit.allCases, HardText.all)
  func boundaries(unit: TextUnit, sample: TextSample) {
    let utf8 = sample.utf8
    let segmenter = Segmenter(unit: unit)
    var ends = [0]
    segmenter.forEachToken(in: utf8.span) { ends.append($0.upperBound) }
    for offset in stride(from: 0, through: utf8.count, by: utf8.count > 1000 ? 37 : 1) {
      #expect(segmenter.boundary(atOrAfter: offset, in: utf8.span) == ends.first { $0 >= offset }, "offset \(offset)")
    }
  }

  @Test(
    "the validation part begins at a token boundary after the training part's scalars",
    arguments: [
      (TextUnit.grapheme, "0123456789", 0.1, 9), (.scalar, "0123456789", 0.25, 7), (.byte, "0123456789", 1, 0),
      (.byte, "0123456789", 0, 10), (.scalar, "éééé", 0.5, 4), (.byte, "éééé", 0.5, 4),
      (.grapheme, "abe\u{301}", 0.25, 5), (.scalar, "abe\u{301}", 0.25, 3), (.grapheme, "", 0.1, 0),
    ])
  func validation(unit: TextUnit, text: String, fraction: Double, expected: Int) {
    #expect(Segmenter(unit: unit).validationStart(in: Array(text.utf8).span, fraction: fraction) == expected)
  }

  @Test(
    "a cut for validation leaves the tokens of both parts as they are, whatever the normalization",
    arguments: TextUnit.allCases, Normalization.allCases)
  func normalizedValidation(unit: TextUnit, form: Normalization) {
    let marks = "e\u{301} a\u{AD}\u{308}u\u{308}\u{301} ᄒ\u{1161}\u{11AB} ﬁx Å\u{AD}x か\u{3099}\u{3002}か ça où\n"
    for text in [Array(marks.utf8)] + (0..<4).map({ HardText.random(count: 40, seed: $0) }) {
      let whole = tokens(unit, form.normalized(text))
      for kept in 0...UTF8Scalars.count(in: text.span) {
        let start = Segmenter(unit: unit).validationStart(in: text.span, scalarCount: kept, normalization: form)
        let (first, second) = (form.normalized(Array(text[..<start])), form.normalized(Array(text[start...])))
        #expect(tokens(unit, first) + tokens(unit, second) == whole, "after \(kept) scalars of \(text)")
      }
    }
  }

  @Test("a run longer than one piece is cut as a whole")
  func longRun() {
    let flags = String(repeating: "🇪🇺", count: 200_000)
    #expect(Graphemes.count(in: Array(flags.utf8).span) == 200_000)
  }

  @Test("threads that cut at the same time do not disturb one another")
  func concurrency() async {
    let texts = (0..<8).map { HardText.random(count: 400, seed: $0) }
    let expected = texts.map { tokens(.grapheme, $0) }
    await withTaskGroup(of: Bool.self) { group in
      for round in 0..<32 {
        group.addTask { tokens(.grapheme, texts[round % 8]) == expected[round % 8] }
      }
      for await same in group { #expect(same) }
    }
  }

  @Test("what a body throws ends the walk")
  func throwing() {
    struct Enough: Error {}
    var seen = 0
    #expect(throws: Enough.self) {
      try Segmenter(unit: .grapheme).forEachToken(in: Array("e\u{301}e\u{301}e\u{301}".utf8).span) { _ in
        seen += 1
        if seen == 2 { throw Enough() }
      }
    }
    #expect(seen == 2)
  }

  private func icuGraphemes(_ utf8: [UInt8]) -> [[UInt8]] {
    let breaker = TextBreaker.borrow(for: CICU_GRAPHEMES)
    defer { breaker.giveBack() }
    var tokens: [[UInt8]] = []
    var start = 0
    while start < utf8.count {
      let base = start
      for index in 0..<breaker.findEnds(in: utf8.span, range: base..<utf8.count) {
        let end = base + Int(breaker.ends[index])
        tokens.append(Array(utf8[start..<end]))
        start = end
      }
    }
    return tokens
  }
}
