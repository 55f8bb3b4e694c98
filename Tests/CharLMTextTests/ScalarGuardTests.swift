import Testing

@testable import CharLMText

@Suite("Tokens that may follow")
struct ScalarGuardTests {
  @Test("every byte that UTF-8 allows may follow, and no other", arguments: 0..<60)
  func bytes(seed: Int) throws {
    var scalarGuard = ScalarGuard(vocabulary: try Vocabulary(tokens: (0...255).map { Token.text([UInt8($0)]) }))
    var generator = SeededGenerator(state: UInt64(seed))
    var text: [UInt8] = []
    for _ in 0..<60 {
      for byte in UInt8(0)...255 {
        let longer = text + [byte]
        let flaw = UTF8Validation.firstError(in: longer.span)
        let isPossible = flaw.map { UTF8Validation.mayBecomeScalar(longer[$0...]) } ?? true
        #expect(scalarGuard.allows(TokenID(byte)) == isPossible, "\(text.suffix(4)), then \(byte)")
      }
      let allowed = (UInt8(0)...255).filter { scalarGuard.allows(TokenID($0)) }
      guard let next = allowed.randomElement(using: &generator) else { return }
      scalarGuard.append(TokenID(next))
      text.append(next)
    }
  }

  @Test("within a scalar only its bytes may follow")
  func mixed() throws {
    let tokens: [Token] = [
      .special(.document), Token("a"), Token("字"), .text([0xE5]), .text([0xAD]), .text([0x97]), .text([0x97, 0x61]),
    ]
    var scalarGuard = ScalarGuard(vocabulary: try Vocabulary(tokens: tokens))
    func allowed() -> [TokenID] { (0..<TokenID(tokens.count)).filter { scalarGuard.allows($0) } }
    #expect(allowed() == [0, 1, 2, 3], "a document may end where no scalar is half done")
    scalarGuard.append(3)
    #expect(allowed() == [4, 5])
    scalarGuard.append(4)
    #expect(allowed() == [4, 5, 6])
    scalarGuard.append(6)
    #expect(allowed() == [0, 1, 2, 3])
    scalarGuard.append(3)
    scalarGuard.append(0)
    #expect(allowed() == [0, 1, 2, 3], "a special token begins a text")
  }

  @Test("where no text can follow well, special tokens do not stand alone")
  func withoutBeginnings() throws {
    let scalarGuard = ScalarGuard(vocabulary: try Vocabulary(tokens: [.special(.unknown), .text([0x97])]))
    #expect(scalarGuard.allows(0) && scalarGuard.allows(1))
  }

  @Test("where all tokens are whole, all may follow")
  func whole() throws {
    let scalarGuard = ScalarGuard(vocabulary: try Vocabulary(tokens: [.special(.document), Token("a"), Token("字")]))
    #expect((0..<3).allSatisfy { scalarGuard.allows($0) })
    #expect(!scalarGuard.isNeeded)
  }

  @Test(
    "what a sample's length cuts is left out",
    arguments: [
      (["a", "👩", "\u{200D}"], "a"), (["a", "🇩"], "a"), (["a", "🇩", "🇪"], "a🇩🇪"), (["क", "\u{94D}"], ""),
      (["a", "e", "\u{301}"], "ae\u{301}"), ([], ""),
    ] as [([String], String)])
  func cut(pieces: [String], expected: String) throws {
    let vocabulary = try Vocabulary(tokens: (Set(pieces).union(["x"])).map { Token($0) })
    var decoder = StreamingDecoder(vocabulary: vocabulary)
    var text = ""
    for piece in pieces { text += decoder.append(vocabulary.id(of: piece) ?? 0) }
    #expect(Array((text + decoder.finishWhole()).utf8) == Array(expected.utf8))
  }

  @Test("bytes that are no whole scalar are left out at the end")
  func partial() throws {
    var decoder = StreamingDecoder(vocabulary: try Vocabulary(tokens: [Token("a")]))
    let text = decoder.append([0x61, 0xE5, 0xAD])
    #expect(text + decoder.finishWhole() == "a")
  }
}
