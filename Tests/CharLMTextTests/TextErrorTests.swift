import Testing

@testable import CharLMText

@Suite("What people read")
struct TextErrorTests {
  @Test(
    "each error is one line that names the thing and its place",
    arguments: [
      (
        .invalidBytes(source: "corpus.txt", encoding: "utf-8", offset: 17, line: 2, column: 8, bytes: [0xE9, 0x0B]),
        "corpus.txt: not UTF-8 at byte 17 (line 2, column 8): 0xE9 0x0B"
      ),
      (
        .invalidBytes(source: "corpus.txt", encoding: "utf-8", offset: 0, line: 1, column: 1, bytes: [0xFF, 0xFE]),
        "corpus.txt: not UTF-8 at byte 0 (line 1, column 1): 0xFF 0xFE, as UTF-16 begins"
      ),
      (
        .invalidBytes(source: "f", encoding: "gb18030", offset: 4, line: 1, column: 2, bytes: [0x80]),
        "f: not GB18030 at byte 4 (line 1, column 2): 0x80"
      ),
      (.unknownEncoding(name: "uft-8", near: ["utf-8"]), "unknown encoding 'uft-8'; similar: utf-8"),
      (
        .unknownEncoding(name: "utf-17", near: ["utf-16", "utf-7"]),
        "unknown encoding 'utf-17'; similar: utf-16, utf-7"
      ),
      (.unknownEncoding(name: "x", near: []), "unknown encoding 'x'"),
      (
        .uncertainEncoding(
          source: "f", guesses: [.init(name: "windows-1252", confidence: 25), .init(name: "koi8-r", confidence: 3)]),
        "f: its encoding is uncertain: perhaps windows-1252 (25 %), koi8-r (3 %), but none is likely enough"
      ),
      (.uncertainEncoding(source: "f", guesses: []), "f: its encoding is uncertain"),
      (
        .unbrokenText(source: "f", offset: 3, byteCount: 268_435_460),
        "f: 268435460 bytes from byte 3 of its text on have no place where they can be split"
      ),
      (.emptyText(source: "corpus.txt"), "corpus.txt: it has no text"),
      (
        .unknownToken(
          source: "the seed text",
          first: [
            UnknownToken(
              bytes: [0xC3, 0xA9], scalarNames: ["LATIN SMALL LETTER E WITH ACUTE"], offset: 5, nearest: [0x65])
          ], count: 1),
        "the seed text: not in the vocabulary: 'é' (U+00E9 LATIN SMALL LETTER E WITH ACUTE) at byte 5, nearest 'e'"
      ),
      (
        .unknownToken(
          source: "f",
          first: [
            UnknownToken(bytes: [0x0D], scalarNames: ["<control-000D>"], offset: 0, nearest: [0x0A]),
            UnknownToken(bytes: [0xC3], scalarNames: [], offset: 3, nearest: nil),
          ], count: 9),
        "f: 9 tokens are not in the vocabulary, the first: U+000D <control-000D> at byte 0, nearest U+000A; byte 0xC3 at byte 3"
      ),
      (
        .noTokensLeft(minimumCount: 5, vocabularySize: 1),
        "no tokens of the text remain with a minimum count of 5 and a vocabulary of at most 1"
      ),
      (
        .tooFewRows(needed: 257, given: 10),
        "a vocabulary of at most 10 rows is too small to spell tokens by bytes, which needs 257"
      ),
      (
        .invalidVocabulary(.duplicateToken(index: 3, bytes: [0x61])),
        "the vocabulary cannot be used: entry 3 lists 'a' again"
      ),
      (
        .invalidVocabulary(.unknownSpecial(index: 0, name: "pad")),
        "the vocabulary cannot be used: entry 0 is a special token of an unknown kind, 'pad'"
      ),
    ] as [(TextError, String)])
  func descriptions(error: TextError, expected: String) {
    #expect(error.description == expected)
  }

  @Test(
    "scalars have ICU's names",
    arguments: [
      ("é", "LATIN SMALL LETTER E WITH ACUTE"), ("\n", "<control-000A>"), ("가", "HANGUL SYLLABLE GA"),
      ("😀", "GRINNING FACE"),
      ("\u{E000}", "<private use area-E000>"), ("\u{378}", "<unassigned-0378>"), ("\u{FFFE}", "<noncharacter-FFFE>"),
    ] as [(Unicode.Scalar, String)])
  func names(scalar: Unicode.Scalar, expected: String) {
    #expect(UnicodeNames.name(of: scalar) == expected)
  }

  @Test("the library's versions are numbers")
  func versions() {
    #expect(UnicodeLibrary.icuVersion.split(separator: ".").allSatisfy { Int($0) != nil })
    #expect(UnicodeLibrary.unicodeVersion.contains("."))
  }
}
