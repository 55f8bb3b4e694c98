import Testing

@testable import CharLMText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Vocabularies")
struct VocabularyTests {
  private func vocabulary(
    _ text: String, unit: TextUnit = .grapheme, minimumCount: Int = 1, size: Int? = nil, documents: Bool = false,
    unknown: Bool = false
  ) throws -> [String] {
    let settings = TextSettings(unit: unit, minimumCount: minimumCount, vocabularySize: size)
    var builder = VocabularyBuilder(settings: settings, hasDocuments: documents, reservesUnknown: unknown)
    builder.count(Array(text.utf8).span)
    let vocabulary = try builder.vocabulary()
    return (0..<vocabulary.count).map { vocabulary[TokenID($0)].description }
  }

  @Test("tokens come in the order of their scalars, special ones first")
  func order() throws {
    #expect(try vocabulary("b\u{1F600}aé\u{FF21}a") == ["'a'", "'b'", "'é'", "'Ａ'", "'😀'"])
    #expect(try vocabulary("ba", documents: true, unknown: true) == ["<unknown>", "<document>", "'a'", "'b'"])
    #expect(try vocabulary("é", unit: .byte) == ["byte 0xA9", "byte 0xC3"])
  }

  @Test("a minimum count leaves out rare tokens, and only then is there an unknown one")
  func minimumCount() throws {
    #expect(try vocabulary("aabbc", minimumCount: 2) == ["<unknown>", "'a'", "'b'"])
    #expect(try vocabulary("aabb", minimumCount: 2) == ["'a'", "'b'"])
  }

  @Test("a size limit counts every row, keeps the most frequent, and of equals the lower")
  func sizeLimit() throws {
    #expect(try vocabulary("zzzyyxxw", size: 3) == ["<unknown>", "'x'", "'z'"])
    #expect(try vocabulary("zzzyyxxw", size: 3, documents: true) == ["<unknown>", "<document>", "'z'"])
    #expect(try vocabulary("zzzyyxxw", size: 4) == ["'w'", "'x'", "'y'", "'z'"])
    #expect(try vocabulary("zyx", size: 3) == ["'x'", "'y'", "'z'"])
    #expect(try vocabulary("zzyyx", minimumCount: 2, size: 3) == ["<unknown>", "'y'", "'z'"])
  }

  @Test("limits that leave nothing are refused")
  func nothingLeft() {
    #expect(throws: TextError.noTokensLeft(minimumCount: 9, vocabularySize: nil)) {
      try vocabulary("ab", minimumCount: 9)
    }
    #expect(throws: TextError.noTokensLeft(minimumCount: 1, vocabularySize: 1)) { try vocabulary("ab", size: 1) }
    #expect(throws: TextError.noTokensLeft(minimumCount: 1, vocabularySize: nil)) { try vocabulary("") }
  }

  @Test("counting in pieces is counting the whole")
  func pieces() {
    let settings = TextSettings()
    var whole = VocabularyBuilder(settings: settings)
    var parts = VocabularyBuilder(settings: settings)
    whole.count(Array("naïve 字字 a".utf8).span)
    for part in ["字 a", "naïve ", "字"] { parts.count(Array(part.utf8).span) }
    #expect(whole.counts == parts.counts)
    #expect(whole.counts.map(\.occurrences) == [2, 2, 1, 1, 1, 1, 2])
  }

  @Test("canonically equivalent tokens are different tokens")
  func exactBytes() throws {
    let vocabulary = try Vocabulary(tokens: [Token("e\u{301}"), Token("\u{E9}"), Token("\u{212B}"), Token("\u{C5}")])
    #expect(vocabulary.id(of: "e\u{301}") == 0)
    #expect(vocabulary.id(of: "\u{E9}") == 1)
    #expect(vocabulary.id(of: "\u{C5}") == 3)
    #expect(vocabulary.id(of: "A\u{30A}") == nil)
    #expect(Token("e\u{301}") != Token("\u{E9}"))
  }

  @Test("many tokens of any length are found again")
  func manyTokens() throws {
    var generator = SeededGenerator(state: 7)
    var tokens: Set<[UInt8]> = []
    while tokens.count < 5000 {
      let length = Int.random(in: 1...20, using: &generator)
      tokens.insert((0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
    let listed = Array(tokens)
    let vocabulary = try Vocabulary(tokens: [.special(.document)] + listed.map { .text($0) })
    for (index, token) in listed.enumerated() {
      #expect(vocabulary.id(of: token) == TokenID(index + 1))
      #expect(Array(vocabulary.bytes(of: TokenID(index + 1))) == token)
    }
    #expect(vocabulary.id(of: [UInt8](repeating: 1, count: 21)) == nil)
    #expect(vocabulary.bytes(of: 0).isEmpty)
    #expect(vocabulary.documentID == 0)
    #expect(vocabulary.unknownID == nil)
  }

  @Test(
    "the nearest token is the other case, then the bare letter, then a look-alike",
    arguments: [
      ("É", "é"), ("ê", "e"), ("Ê", "e"), ("“", "\""), ("–", "-"), ("…", "."), ("\u{A0}", " "), ("ａ", "a"),
      ("\r\n", "\n"),
      ("A", "a"), ("ß", "s"), ("字", nil), ("\u{301}", nil), ("😀", nil), ("e\u{301}", "e"),
    ] as [(String, String?)])
  func nearest(text: String, expected: String?) throws {
    let vocabulary = try Vocabulary(tokens: ["é", "e", "a", "s", "\"", "-", ".", " ", "\n"].map { Token($0) })
    let found = vocabulary.nearest(to: text.utf8).map { Array(vocabulary.bytes(of: $0)) }
    #expect(found == expected.map { Array($0.utf8) })
  }

  @Test("a vocabulary survives JSON, exactly")
  func json() throws {
    let texts = ["\u{0}", "\r\n", "\"", "\\", "/", "\u{2028}", "e\u{301}", "\u{E9}", "😀", "\u{FFFE}", "\u{301}"]
    let bytes: [[UInt8]] = [[0xE4], [0xFF, 0x00]]
    let tokens = [.special(.unknown), .special(.document)] + texts.map { Token($0) } + bytes.map { .text($0) }
    let vocabulary = try Vocabulary(tokens: tokens)
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(Vocabulary.self, from: data) == vocabulary)
    let small = try Vocabulary(tokens: [.special(.unknown), Token("a"), .text([0xE4])])
    #expect(
      String(decoding: try JSONEncoder().encode(small), as: UTF8.self) == #"[{"special":"unknown"},"a",{"bytes":"e4"}]"#
    )
  }

  @Test(
    "a list that is no vocabulary is refused, saying which entry",
    arguments: [
      (#"[]"#, .noText), (#"[{"special": "unknown"}]"#, .noText), (#"["a", ""]"#, .emptyToken(index: 1)),
      (#"["a", {"bytes": ""}]"#, .emptyToken(index: 1)),
      (#"["a", "b", "a"]"#, .duplicateToken(index: 2, bytes: [0x61])),
      (#"["a", {"bytes": "61"}]"#, .duplicateToken(index: 1, bytes: [0x61])),
      (#"[{"special": "unknown"}, {"special": "unknown"}, "a"]"#, .duplicateSpecial(index: 1, special: .unknown)),
      (#"["a", {"special": "document"}]"#, .specialAfterText(index: 1, special: .document)),
      (#"[{"special": "pad"}, "a"]"#, .unknownSpecial(index: 0, name: "pad")),
      (#"["a", {"bytes": "4"}]"#, .invalidHexadecimal(index: 1, text: "4")),
      (#"["a", {"bytes": "zz"}]"#, .invalidHexadecimal(index: 1, text: "zz")),
      (#"["a", 7]"#, .unreadableEntry(index: 1)), (#"["a", null]"#, .unreadableEntry(index: 1)),
      (#"["a", {}]"#, .unreadableEntry(index: 1)), (#"["a", ["b"]]"#, .unreadableEntry(index: 1)),
      (#"["a", {"bytes": "62", "special": "unknown"}]"#, .unreadableEntry(index: 1)),
    ] as [(String, VocabularyProblem)])
  func refused(json: String, problem: VocabularyProblem) {
    #expect(throws: TextError.invalidVocabulary(problem)) {
      try JSONDecoder().decode(Vocabulary.self, from: Data(json.utf8))
    }
  }

  @Test("settings survive JSON, and missing keys take their defaults")
  func settings() throws {
    let settings = TextSettings(unit: .scalar, normalization: .nfkc, minimumCount: 3, vocabularySize: 99)
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(TextSettings.self, from: data) == settings)
    let sparse = Data(#"{"unit": "byte", "new": 1}"#.utf8)
    #expect(try JSONDecoder().decode(TextSettings.self, from: sparse) == TextSettings(unit: .byte))
  }
}
