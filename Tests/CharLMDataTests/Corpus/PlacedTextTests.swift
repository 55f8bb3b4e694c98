import CharLMText
import Testing

@testable import CharLMData

@Suite("Places of tokens") struct PlacedTextTests {
  private func tokenizer(
    _ letters: String, unit: TextUnit = .grapheme, specials: [Token.Special] = [],
    normalization: Normalization = .none
  ) throws -> Tokenizer {
    var settings = TextSettings()
    (settings.unit, settings.normalization) = (unit, normalization)
    let tokens = specials.map { Token.special($0) } + letters.map { Token(String($0)) }
    return Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: settings)
  }

  /// Each token with the text at its place.
  private func pieces(_ text: PlacedText, _ tokenizer: Tokenizer) throws -> [(token: Token, piece: String, start: Int)]
  {
    var places = text.places
    return try text.evaluation.tokens.tokens().map { id in
      let range = places.next(id)
      return (tokenizer.vocabulary[id], String(decoding: text.utf8[range], as: UTF8.self), range.lowerBound)
    }
  }

  @Test("each token is the text at its place, in order and without gaps, where all is known")
  func whole() throws {
    let tokenizer = try tokenizer("aé漢\n ")
    let text = try PlacedText(text: "é漢a\n é", tokenizer: tokenizer)
    let pieces = try pieces(text, tokenizer)
    #expect(pieces.map(\.piece).joined() == "é漢a\n é")
    for (token, piece, _) in pieces { #expect(token == Token(piece)) }
    #expect(pieces.map(\.start) == [0, 2, 5, 6, 7, 8])
    #expect(
      try text.evaluation.tokens.tokens() == EvaluationText(text: "é漢a\n é", tokenizer: tokenizer).tokens.tokens())
  }

  @Test("what is skipped or unknown moves no other token")
  func unknown() throws {
    let known = try tokenizer("ab\n")
    let skipped = try PlacedText(text: "xxa漢b\nzb漢", tokenizer: known, onUnknown: .skip)
    let left = try pieces(skipped, known)
    #expect(left.map(\.piece) == ["a", "b", "\n", "b"] && left.map(\.start) == [2, 6, 7, 9])
    let replacing = try tokenizer("ab\n", specials: [.unknown])
    let replaced = try PlacedText(text: "xa漢漢b", tokenizer: replacing)
    let all = try pieces(replaced, replacing)
    #expect(all.map(\.piece) == ["x", "a", "漢", "漢", "b"] && all.map(\.start) == [0, 1, 2, 5, 8])
  }

  @Test("separators of documents belong to no token, and count all the same")
  func documents() throws {
    let tokenizer = try tokenizer("ab", specials: [.document])
    let text = try PlacedText(text: "ab\n\n\nb\na", tokenizer: tokenizer, documentSeparator: "\n")
    let pieces = try pieces(text, tokenizer)
    #expect(String(decoding: text.utf8, as: UTF8.self) == "ab\n\n\nb\na")
    #expect(pieces.map(\.piece) == ["", "a", "b", "", "b", "", "a", ""])
    #expect(pieces.filter { !$0.piece.isEmpty }.map(\.start) == [0, 1, 5, 7])
  }

  @Test("the unknown token ends where its text does, also before a separator")
  func unknownBeforeSeparator() throws {
    let tokenizer = try tokenizer("ab", specials: [.unknown, .document])
    let text = try PlacedText(text: "a漢\nb", tokenizer: tokenizer, documentSeparator: "\n")
    #expect(try pieces(text, tokenizer).map(\.piece) == ["", "a", "漢", "", "b", ""])
  }

  @Test("places are those in the normalized text")
  func normalized() throws {
    let tokenizer = try tokenizer("aé", normalization: .nfc)
    let text = try PlacedText(text: "ae\u{301}a", tokenizer: tokenizer)
    #expect(try pieces(text, tokenizer).map(\.start) == [0, 1, 3])
  }
}
