import CharLMText
import Testing

@Suite("Vocabularies that grow") struct VocabularyExtensionTests {
  private func vocabulary(_ text: String, _ specials: [Token.Special] = []) throws -> Vocabulary {
    try Vocabulary(tokens: specials.map { .special($0) } + text.map { Token(String($0)) })
  }

  @Test("tokens that are lacking come between those that are there, in the order of scalars")
  func order() throws {
    let extended = try vocabulary("bdf").extended(by: try vocabulary("abcé"))
    #expect(extended == (try vocabulary("abcdfé")))
    let added = try vocabulary("abcé").tokens(missingFrom: try vocabulary("bdf"))
    #expect(added == ["a", "c", "é"].map { Token($0) })
  }

  @Test("a vocabulary that lacks nothing stays as it is, in whatever order")
  func nothing() throws {
    let vocabulary = try vocabulary("zay", [.document, .unknown])
    #expect(vocabulary.extended(by: try self.vocabulary("ya", [.unknown])) == vocabulary)
  }

  @Test("special tokens come first, in their own order")
  func specials() throws {
    let extended = try vocabulary("b", [.document]).extended(by: try vocabulary("a", [.unknown]))
    #expect(extended == (try vocabulary("ab", [.unknown, .document])))
  }

  @Test("canonically equivalent tokens are different ones")
  func equivalence() throws {
    #expect(try vocabulary("é").extended(by: try vocabulary("e\u{301}")).count == 2)
  }
}
