import CICU
import Testing

@testable import CharLMText

@Suite("Words as tokens")
struct WordTests {
  @Test(
    "words, spaces and marks are tokens",
    arguments: [
      ("Hello, world!", ["Hello", ",", " ", "world", "!"]),
      ("It's 3.5, isn't it?", ["It's", " ", "3.5", ",", " ", "isn't", " ", "it", "?"]),
      ("a  b\t\tc", ["a", "  ", "b", "\t", "\t", "c"]),
      ("one\r\ntwo\n\n", ["one", "\r\n", "two", "\n", "\n"]),
      ("e\u{301}te\u{301} né", ["e\u{301}te\u{301}", " ", "né"]),
      ("snake_case x-y", ["snake_case", " ", "x", "-", "y"]),
      ("👩‍🚀🇩🇪 ok", ["👩‍🚀", "🇩🇪", " ", "ok"]),
      ("Привет, мир", ["Привет", ",", " ", "мир"]),
      ("مرحبا بالعالم", ["مرحبا", " ", "بالعالم"]),
      ("한국어 말", ["한국어", " ", "말"]),
      ("", []),
    ] as [(String, [String])])
  func words(text: String, expected: [String]) {
    #expect(tokens(.word, Array(text.utf8)) == expected.map { Array($0.utf8) })
  }

  @Test("dictionaries cut Thai and Chinese between words", arguments: ["ภาษาไทยเป็นภาษาที่สวยงาม", "我们喜欢读书和写字。"])
  func dictionaries(text: String) {
    let utf8 = Array(text.utf8)
    let words = tokens(.word, utf8)
    #expect(words.flatMap { $0 } == utf8)
    // Which words is ICU's affair; not one for the whole, nor one for each character.
    #expect(words.count > 3 && words.count < text.unicodeScalars.count)
    #expect(words.contains { $0.count > 3 })
  }

  @Test("cut in pieces, a text has the words that ICU gives it as a whole", arguments: 0..<150)
  func pieces(seed: Int) {
    let utf8 = HardText.withSureBreaks(count: 120, seed: seed)
    let whole = icuWords(utf8)
    for pieceSize in [1, 7, 64, 1 << 15] {
      var found: [[UInt8]] = []
      Segmenter.forEachWord(in: utf8.span, pieceSize: pieceSize) { found.append(Array(utf8[$0])) }
      #expect(found == whole, "pieces of \(pieceSize) bytes")
    }
  }

  @Test("a cut for validation leaves the words of both parts as they are", arguments: 0..<60)
  func cut(seed: Int) {
    let utf8 = HardText.withSureBreaks(count: 200, seed: seed)
    let start = Segmenter(unit: .word).validationStart(in: utf8.span, fraction: 0.5)
    let (first, second) = (Array(utf8[..<start]), Array(utf8[start...]))
    #expect(tokens(.word, first) + tokens(.word, second) == tokens(.word, utf8))
  }

  @Test("a text of many lines is read in pieces without loss")
  func long() throws {
    let line = "It's 3.5 o'clock, in Saltmere; ภาษาไทย 我们喜欢读书。\r\n"
    let utf8 = Array(String(repeating: line, count: 3000).utf8)
    let expected = tokens(.word, Array(line.utf8))
    #expect(Segmenter(unit: .word).count(in: utf8.span) == expected.count * 3000)
    let tokenizer = try tokenizer(for: utf8, TextSettings(unit: .word))
    #expect(tokenizer.vocabulary.count == Set(expected).count)
    #expect(tokenizer.decode(try tokenizer.encode(utf8, source: "text")) == utf8)
  }

  @Test("words come out of the streaming decoder as they are")
  func streaming() throws {
    let text = "Hello, the boat!\r\nภาษาไทย 👩‍🚀"
    let tokenizer = try tokenizer(for: Array(text.utf8), TextSettings(unit: .word))
    var decoder = StreamingDecoder(vocabulary: tokenizer.vocabulary)
    var output = ""
    for token in try tokenizer.encode(text, source: "text") { output += decoder.append(token) }
    #expect(Array((output + decoder.finish()).utf8) == Array(text.utf8))
  }

  @Test("an unknown word finds the same word in the other case")
  func nearest() throws {
    let tokenizer = try tokenizer(for: Array("hello the boat".utf8), TextSettings(unit: .word))
    let encoded = try tokenizer.encode("Hello THE boat", source: "text", onUnknown: .nearest)
    #expect(tokenizer.decode(encoded) == Array("hello the boat".utf8))
  }

  /// All at once: one search over the whole text.
  private func icuWords(_ utf8: [UInt8]) -> [[UInt8]] {
    let breaker = TextBreaker.borrow(for: CICU_WORDS)
    defer { breaker.giveBack() }
    var words: [[UInt8]] = []
    var start = 0
    for index in 0..<breaker.findAllEnds(in: utf8.span, range: utf8.indices) {
      words.append(Array(utf8[start..<Int(breaker.ends[index])]))
      start = Int(breaker.ends[index])
    }
    return words
  }
}

extension HardText {
  /// A random text in which every kind of sure word break occurs among scalars of every kind.
  static func withSureBreaks(count: Int, seed: Int) -> [UInt8] {
    var generator = SeededGenerator(state: UInt64(seed))
    let places = [
      " a", " Z", " 7", "\n", "\r\n", "。读", "、か", "。\u{3099}", " \u{301}a", "  b", "ไทยที่", "我们喜欢", "'", ".",
    ]
    var utf8: [UInt8] = []
    for step in 0..<count / 4 {
      utf8 += random(count: 3, seed: seed * 1000 + step)
      utf8 += Array(places[Int.random(in: 0..<places.count, using: &generator)].utf8)
    }
    return utf8
  }
}
