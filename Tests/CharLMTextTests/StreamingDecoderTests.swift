import Testing

@testable import CharLMText

@Suite("Decoding tokens as they come")
struct StreamingDecoderTests {
  /// What each piece lets out, and what `finish` adds.
  private func outputs(_ pieces: [[UInt8]]) throws -> [String] {
    let distinct = pieces.reduce(into: [[UInt8]]()) { if !$0.contains($1) { $0.append($1) } }
    let vocabulary = try Vocabulary(tokens: distinct.map { .text($0) })
    var decoder = StreamingDecoder(vocabulary: vocabulary)
    var outputs = pieces.map { piece in vocabulary.id(of: piece).map { decoder.append($0) } ?? "missing" }
    outputs.append(decoder.finish())
    return outputs
  }

  @Test(
    "a grapheme comes out when what follows shows that it is finished",
    arguments: [
      (["a", "b"], ["", "a", "b"]),
      (["e", "\u{301}", "x"], ["", "", "e\u{301}", "x"]),
      (["\r", "\n", "a"], ["", "", "\r\n", "a"]),
      (["🇩", "🇪", "🇫"], ["", "", "🇩🇪", "🇫"]),
      (["👩", "\u{200D}", "🚀", "!"], ["", "", "", "👩‍🚀", "!"]),
      (["word ", "two"], ["word", " tw", "o"]),
      ([], [""]),
    ] as [([String], [String])])
  func wholeGraphemes(pieces: [String], expected: [String]) throws {
    let texts = pieces.isEmpty ? [] : try outputs(pieces.map { Array($0.utf8) })
    let scalars = { (text: String) in Array(text.unicodeScalars) }
    #expect(texts.map(scalars) == (pieces.isEmpty ? [] : expected.map(scalars)))
  }

  @Test("special tokens give nothing")
  func specials() throws {
    var decoder = StreamingDecoder(vocabulary: try Vocabulary(tokens: [.special(.document), Token("a")]))
    #expect(decoder.append(1) == "")
    #expect(decoder.append(0) == "")
    #expect(decoder.finish() == "a")
    #expect(decoder.finish() == "")
  }

  @Test("bytes of any kind come out as the standard library repairs them", arguments: 0..<200)
  func bytes(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    var bytes = HardText.random(count: 10, seed: seed)
    for _ in 0..<seed % 5 {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0x80...0xFF, using: &generator)
    }
    let joined = try outputs(bytes.map { [$0] }).joined()
    #expect(Array(joined.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
  }

  @Test("scalars come out in whole graphemes only", arguments: 0..<100)
  func graphemes(seed: Int) throws {
    let utf8 = HardText.random(count: 40, seed: seed)
    let pieces = try outputs(tokens(.scalar, utf8))
    #expect(pieces.flatMap { tokens(.grapheme, Array($0.utf8)) } == tokens(.grapheme, utf8))
  }

  @Test("a copy goes on by itself")
  func copies() throws {
    var decoder = StreamingDecoder(vocabulary: try Vocabulary(tokens: ["e", "\u{301}", "x"].map { Token($0) }))
    #expect(decoder.append(0) == "")
    var copy = decoder
    #expect(copy.append(1) == "")
    #expect(decoder.append(2) == "e")
    #expect(Array(copy.finish().unicodeScalars) == ["e", "\u{301}"])
  }

  @Test("a grapheme without an end comes in pieces")
  func endlessGrapheme() throws {
    var decoder = StreamingDecoder(vocabulary: try Vocabulary(tokens: [Token("e"), Token("\u{301}")]))
    let pieces = [decoder.append(0)] + (0..<5000).map { _ in decoder.append(1) }
    #expect(pieces.allSatisfy { $0.utf8.count <= 1026 })
    let whole = pieces.joined() + decoder.finish()
    #expect(Array(whole.utf8) == Array(("e" + String(repeating: "\u{301}", count: 5000)).utf8))
  }
}
