import Testing

@testable import CharLMText

@Suite("Spelling what the vocabulary lacks")
struct FallbackTests {
  private func rows(_ text: String, _ fallback: Fallback, minimumCount: Int = 1, size: Int? = nil) throws -> [String] {
    let settings = TextSettings(fallback: fallback, minimumCount: minimumCount, vocabularySize: size)
    let vocabulary = try tokenizer(for: Array(text.utf8), settings).vocabulary
    return (0..<vocabulary.count).map { vocabulary[TokenID($0)].description }
  }

  @Test("by scalars: what is rare leaves its scalars, all of them")
  func scalars() throws {
    let text = "aaaa👩‍🚀👩‍🚀👩‍🔬bé"
    #expect(try rows(text, .scalar) == ["'a'", "'b'", "'é'", "'👩‍🔬'", "'👩‍🚀'"].sorted(by: byScalars))
    #expect(
      try rows(text, .scalar, minimumCount: 2)
        == ["'a'", "'b'", "'é'", "'\u{200D}'", "'👩'", "'👩‍🚀'", "'🔬'"].sorted(by: byScalars))
  }

  @Test("by bytes: all 256 are there, and what is frequent")
  func bytes() throws {
    let text = "aaaa👩‍🚀👩‍🚀👩‍🔬bé字字"
    let kept = try rows(text, .byte, minimumCount: 2).filter { !$0.hasPrefix("byte") }
    #expect(try rows(text, .byte, minimumCount: 2).count == 256 + 2)
    #expect(kept.suffix(2) == ["'字'", "'👩‍🚀'"])
    #expect(kept.count == 128 + 2)
    // Spelled by 👩, ZWJ and 🔬, of which the first two are frequent then.
    let more = try rows(text + "👩‍🎨", .byte, minimumCount: 2).filter { !$0.hasPrefix("byte") }
    #expect(more.suffix(4) == ["'\u{200D}'", "'字'", "'👩'", "'👩‍🚀'"])
  }

  @Test("a size limit counts every row")
  func sizes() throws {
    let text = String(repeating: "字", count: 5) + "語語語語典典典👩‍🚀👩‍🚀👩‍🔬b"
    for size in 256...264 {
      let found = try rows(text, .byte, size: size)
      #expect(found.count == min(size, 256 + 5), "\(size)")
      #expect(found.contains("'字'") == (size > 256))
    }
    for size in 7...12 {
      #expect(try rows(text, .scalar, size: size).count <= size)
      #expect(!(try rows(text, .scalar, size: size).contains("<unknown>")) || size < 8)
    }
    #expect(try rows(text, .scalar, size: 4).contains("<unknown>"))
    #expect(throws: TextError.tooFewRows(needed: 256, given: 255)) {
      try rows(text, .byte, size: 255)
    }
  }

  @Test("every text is lossless in every unit with every fallback", arguments: TextUnit.allCases, Fallback.allCases)
  func lossless(unit: TextUnit, fallback: Fallback) throws {
    for seed in 0..<12 {
      let known = HardText.random(count: 60, seed: seed)
      let utf8 = fallback == .byte ? HardText.random(count: 60, seed: seed + 1000) : known
      for minimumCount in fallback == .none ? [1] : [1, 2, 5] {
        let settings = TextSettings(unit: unit, fallback: fallback, minimumCount: minimumCount)
        var builder = VocabularyBuilder(settings: settings)
        builder.count(known.span)
        let tokenizer = Tokenizer(vocabulary: try builder.vocabulary(), settings: settings)
        #expect(tokenizer.decode(try tokenizer.encode(utf8, source: "text")) == utf8, "\(seed), \(minimumCount)")
      }
    }
  }

  @Test("any bytes are lossless under 'byte', as tokens or spelled", arguments: 0..<12)
  func anyBytes(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    let bytes =
      (0..<80).map { _ in UInt8.random(in: 0...255, using: &generator) } + HardText.random(count: 5, seed: seed)
    for unit in TextUnit.allCases {
      for fallback in Fallback.allCases {
        let settings = TextSettings(unit: unit, invalid: .byte, fallback: fallback)
        let tokenizer = try tokenizer(for: bytes, settings)
        #expect(tokenizer.decode(try tokenizer.encode(bytes, source: "text")) == bytes)
      }
    }
  }

  @Test("what cannot be spelled is unknown")
  func unknown() throws {
    let settings = TextSettings(fallback: .scalar)
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: ["e", "x"].map { Token($0) }), settings: settings)
    #expect(throws: TextError.self) { try tokenizer.encode("xe\u{301}", source: "text") }
    let skipping = try tokenizer.measuredEncoding(of: Array("xe\u{301}x".utf8), source: "text", onUnknown: .skip)
    #expect(Array(skipping.tokens) == [1, 0, 1])
    #expect(skipping.unknownCount == 1)
  }

  @Test("a vocabulary that is large for its corpus gets a fallback, others do not")
  func advice() throws {
    func advice(_ counts: [(characters: Range<UInt32>, times: Int)], _ unit: TextUnit = .grapheme) -> VocabularyAdvice {
      var builder = VocabularyBuilder(settings: TextSettings(unit: unit))
      for (characters, times) in counts {
        let text = characters.compactMap(Unicode.Scalar.init).map { String(repeating: Character($0), count: times) }
        builder.count(Array(text.joined().utf8).span)
      }
      return builder.advice
    }
    let many = advice([(0x4E00..<0x5200, 4), (0x41..<0x5A, 2000)])
    #expect(many.settings.fallback == .byte)
    #expect(many.settings.minimumCount == 10)
    #expect((many.tokenCount, many.rareCount) == (1049, 1024))
    let poems = advice([(0x4E00..<0x5200, 4), (0x41..<0x5A, 20)])
    #expect(!poems.isFallback, "what would spell nothing is not advised")
    let bare = advice([(0x4E00..<0x4F2C, 12), (0x5000..<0x54B0, 8)])
    #expect((bare.settings.fallback, bare.settings.minimumCount, bare.spelledShare) == (.none, 1, 0))
    #expect((bare.tokenCount, bare.rareCount) == (1500, 1200))
    let few = advice([(0x4E00..<0x4E64, 2), (0x5000..<0x5384, 9), (0x41..<0x5A, 200)])
    #expect(!few.isFallback, "256 bytes are more than the 100 characters that they would spell")
    #expect(!advice([(0x4E00..<0x4F00, 4)]).isFallback, "a small vocabulary stays whole")
    #expect(!advice([(0x4E00..<0x5200, 10)]).isFallback, "what is frequent stays whole")
    #expect(!advice([(0x4E00..<0x5200, 4)], .word).isFallback)
  }

  private func byScalars(_ one: String, _ other: String) -> Bool {
    Array(one.utf8).lexicographicallyPrecedes(Array(other.utf8))
  }
}
