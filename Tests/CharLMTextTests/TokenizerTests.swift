import Testing

@testable import CharLMText

@Suite("Encoding and decoding")
struct TokenizerTests {
  @Test("decode inverts encode, byte for byte", arguments: TextUnit.allCases, HardText.all.filter { !$0.text.isEmpty })
  func lossless(unit: TextUnit, sample: TextSample) throws {
    let utf8 = sample.utf8
    let tokenizer = try tokenizer(for: utf8, TextSettings(unit: unit))
    #expect(tokenizer.decode(try tokenizer.encode(sample.text, source: "text")) == utf8)
  }

  @Test("decode inverts encode for random scalars", arguments: TextUnit.allCases, 0..<60)
  func losslessRandom(unit: TextUnit, seed: Int) throws {
    let utf8 = HardText.random(count: 200, seed: seed)
    for normalization in Normalization.allCases {
      let tokenizer = try tokenizer(for: utf8, TextSettings(unit: unit, normalization: normalization))
      let decoded = tokenizer.decode(try tokenizer.encode(utf8, source: "text"))
      #expect(decoded == normalization.normalized(utf8), "\(normalization)")
    }
  }

  @Test("decode inverts encode with more than 256 and more than 65,536 tokens", arguments: [300, 70_000])
  func losslessWide(count: Int) throws {
    let scalars = (0x20..<UInt32(count + 0x20 + 0x800)).compactMap { Unicode.Scalar($0) }
    let utf8 = scalars.flatMap { Array(String($0).utf8) }
    let tokenizer = try tokenizer(for: utf8, TextSettings(unit: .scalar))
    let tokens = try tokenizer.encode(utf8, source: "text")
    #expect(tokens.bytesPerToken == (count > 65_536 ? 4 : 2))
    #expect(tokenizer.decode(tokens) == utf8)
  }

  private func small(unknown: Bool = false) throws -> Tokenizer {
    let text = ["a", "b", "e", "\n"].map { Token($0) }
    let tokens = (unknown ? [.special(.unknown)] : []) + text
    return Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings())
  }

  @Test("an unknown token is an error that names the first five, with the nearest known ones")
  func unknownIsError() throws {
    let tokenizer = try small()
    #expect {
      try tokenizer.encode("a\u{E9}\u{E9}b字", source: "the seed text")
    } throws: { error in
      guard case .unknownToken("the seed text", let first, 3) = error as? TextError else { return false }
      return first == [
        UnknownToken(
          bytes: [0xC3, 0xA9], scalarNames: ["LATIN SMALL LETTER E WITH ACUTE"], offset: 1, nearest: Array("e".utf8)),
        UnknownToken(
          bytes: Array("字".utf8), scalarNames: ["CJK UNIFIED IDEOGRAPH-5B57"], offset: 6, nearest: nil),
      ]
    }
    #expect {
      try tokenizer.encode("1234567", source: "text")
    } throws: { error in
      guard case .unknownToken(_, let first, 7) = error as? TextError else { return false }
      return first.map(\.bytes) == "12345".utf8.map { [$0] }
    }
  }

  @Test(
    "unknown tokens are skipped, replaced by near ones, or by the unknown token",
    arguments: [
      (false, .skip, "xaÉxb", "ab", 3), (true, .skip, "xab", "ab", 1), (false, .nearest, "ABé", "abe", 3),
      (true, .nearest, "Ax", "a", 2), (true, .error, "axb", "ab", 1), (false, .error, "ab", "ab", 0),
    ] as [(Bool, Tokenizer.UnknownPolicy, String, String, Int)])
  func policies(
    unknown: Bool, policy: Tokenizer.UnknownPolicy, text: String, decoded: String, unknownCount: Int
  ) throws {
    let tokenizer = try small(unknown: unknown)
    let encoding = try tokenizer.measuredEncoding(of: Array(text.utf8), source: "text", onUnknown: policy)
    #expect(tokenizer.decode(encoding.tokens) == Array(decoded.utf8))
    #expect(encoding.unknownCount == unknownCount)
    let unknownIDs = encoding.tokens.filter { $0 == tokenizer.vocabulary.unknownID }.count
    #expect(encoding.tokens.count == decoded.count + unknownIDs)
  }

  @Test("where nothing is near, nearest is an error as any other")
  func nothingNear() throws {
    let tokenizer = try small()
    #expect(throws: TextError.self) { try tokenizer.encode("a字", source: "text", onUnknown: .nearest) }
  }

  @Test(
    "the measure counts bytes and graphemes as they were before normalization, without what was skipped",
    arguments: [
      // text, vocabulary, settings, whole and first token as (bytes, graphemes)
      ("abc", "abc", TextSettings(), (3, 3), (1, 1)),
      ("e\u{301}b", "\u{E9}b", TextSettings(normalization: .nfc), (4, 2), (3, 1)),
      ("e\u{301}b", "\u{E9}b", TextSettings(unit: .scalar, normalization: .nfc), (4, 2), (3, 1)),
      ("xe\u{301}xb", "\u{E9}b", TextSettings(normalization: .nfc), (4, 2), (3, 1)),
      ("xxab", "ab", TextSettings(), (2, 2), (1, 1)),
      ("ae\u{301}b", "ab", TextSettings(normalization: .nfc), (2, 2), (1, 1)),
      ("ﬁx", "fix", TextSettings(normalization: .nfkc), (4, 2), (0, 0)),
      ("e\u{301}b", "e\u{301}b", TextSettings(unit: .scalar), (4, 2), (1, 1)),
      ("éb", "éb", TextSettings(unit: .byte), (3, 2), (1, 1)),
      ("xx", "ab", TextSettings(), (0, 0), (0, 0)),
      ("", "ab", TextSettings(), (0, 0), (0, 0)),
    ] as [(String, String, TextSettings, (Int, Int), (Int, Int))])
  func measures(
    text: String, known: String, settings: TextSettings, whole: (Int, Int), first: (Int, Int)
  ) throws {
    let tokenizer = try tokenizer(for: Array(known.utf8), settings)
    let encoding = try tokenizer.measuredEncoding(of: Array(text.utf8), source: "text", onUnknown: .skip)
    #expect(encoding.extent == TextExtent(byteCount: whole.0, graphemeCount: whole.1))
    #expect(encoding.firstExtent == TextExtent(byteCount: first.0, graphemeCount: first.1))
    #expect(
      encoding.predictedExtent == TextExtent(byteCount: whole.0 - first.0, graphemeCount: whole.1 - first.1))
  }
}

@Suite("Token sequences")
struct TokenSequenceTests {
  @Test(
    "numbers take the fewest bytes that hold the vocabulary",
    arguments: [(1, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)])
  func width(vocabularyCount: Int, bytes: Int) {
    let last = TokenID(vocabularyCount - 1)
    var tokens = TokenSequence([last, 0], vocabularyCount: vocabularyCount)
    tokens.append(last)
    #expect(tokens.bytesPerToken == bytes)
    #expect(Array(tokens) == [last, 0, last])
  }

  @Test("a range is copied to the start of the target", arguments: [200, 60_000, 100_000])
  func copy(vocabularyCount: Int) {
    let ids = (0..<50).map { TokenID($0 * (vocabularyCount / 50)) }
    let tokens = TokenSequence(ids, vocabularyCount: vocabularyCount)
    var target = [TokenID](repeating: -1, count: 12)
    var span = target.mutableSpan
    tokens.copy(20..<30, to: &span)
    #expect(target == Array(ids[20..<30]) + [-1, -1])
  }

  @Test("appending a million tokens takes no time to speak of")
  func appending() {
    var tokens = TokenSequence(vocabularyCount: 1000)
    for id in 0..<1_000_000 { tokens.append(TokenID(id % 1000)) }
    #expect(tokens.count == 1_000_000)
    #expect(tokens[999_999] == 999)
  }
}
