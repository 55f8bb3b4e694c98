import CharLMText
import TestSupport
import Testing

@testable import CharLMData
@testable import CharLMFiles

@Suite struct TokenFileTests {
  /// A file of 4 · `vocabularyCount` tokens, that stay below `vocabularyCount`.
  private func makeFile(_ name: String, in folder: ScratchFolder, vocabularyCount: Int) throws -> [TokenID] {
    let writer = try TokenFileWriter(in: folder.path, vocabularyCount: vocabularyCount)
    let tokens = (0..<4 * vocabularyCount).map { TokenID($0 * 7919 % vocabularyCount) }
    for start in stride(from: 0, to: tokens.count, by: 1000) {
      let part = tokens[start..<min(start + 1000, tokens.count)]
      try writer.append(TokenSequence(part, vocabularyCount: vocabularyCount))
    }
    let scalars = (0..<vocabularyCount).map { Unicode.Scalar(UInt32($0 < 0xD000 ? $0 : $0 + 0x10000)) }
    var description = TokenFileDescription(
      corpus: CorpusRecord(), requested: TextSettings(), isAutomatic: false, isVocabularyGiven: false,
      text: TextSettings(),
      vocabulary: try Vocabulary(tokens: scalars.map { Token(String($0 ?? "?")) }), unicodeVersion: "15.0",
      onUnknown: .error)
    description.trainTokenCount = tokens.count
    _ = try writer.finish(description, as: folder(name))
    return tokens
  }

  @Test("tokens come back, in the fewest bytes", arguments: [(3, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)])
  func roundTrip(_ vocabularyCount: Int, _ width: Int) throws {
    let folder = try ScratchFolder()
    let tokens = try makeFile("t.tokens", in: folder, vocabularyCount: vocabularyCount)
    let file = try TokenFile(folder("t.tokens"))
    try file.verify()
    let text = TokenText(file)
    #expect(try text.tokens() == tokens)
    #expect(try text[5..<9].tokens() == Array(tokens[5..<9]))
    #expect(try text[1..<9][2..<2].tokens() == [])
    let size = try Files.size(folder("t.tokens"))
    #expect(size == 16 + tokens.count * width + file.description.json.count + 48)
    #expect(folder.contents == ["t.tokens"])
  }

  @Test("a file that is cut, damaged or another is refused")
  func refusals() throws {
    let folder = try ScratchFolder()
    _ = try makeFile("t.tokens", in: folder, vocabularyCount: 300)
    let bytes = try Files.read(folder("t.tokens"))
    func flaw(_ bytes: [UInt8]) throws -> TokenFileFlaw? {
      let path = try folder.file("changed.tokens", bytes)
      do throws(TokenFileError) {
        try TokenFile(path).verify()
        return nil
      } catch {
        guard case .invalid(_, let flaw) = error else { throw error }
        return flaw
      }
    }
    #expect(try flaw(bytes) == nil)
    #expect(try flaw([]) == .notTokens)
    #expect(try flaw(Array("Shall I compare thee to a summer's day?".utf8) + bytes) == .notTokens)
    for count in [1, 47, 48, 49, 1000, bytes.count - 17, bytes.count - 16] {
      #expect(try flaw(Array(bytes.dropLast(count))) == .notTokens, "\(count) bytes fewer")
    }
    #expect(try flaw(bytes + [0]) == .notTokens)
    var changed = bytes
    changed[8] = 2
    #expect(try flaw(changed) == .version(found: 2))
    for place in [20, bytes.count - 200, bytes.count - 1] {
      changed = bytes
      changed[place] ^= 1
      let found = try flaw(changed)
      #expect(found != nil, "byte \(place)")
    }
  }

  @Test(
    "a file whose numbers of tokens cannot be is refused",
    arguments: [(.max, .max), (.max, 1), (-1, 13), (13, -1), (.min, .min), (11, 0)] as [(Int, Int)])
  func impossibleCounts(_ train: Int, _ validation: Int) throws {
    let folder = try ScratchFolder()
    let writer = try TokenFileWriter(in: folder.path, vocabularyCount: 3)
    try writer.append(TokenSequence([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], vocabularyCount: 3))
    var description = TokenFileDescription(
      corpus: CorpusRecord(), requested: TextSettings(), isAutomatic: false, isVocabularyGiven: false,
      text: TextSettings(),
      vocabulary: try Vocabulary(tokens: ["a", "b", "c"].map { Token($0) }), unicodeVersion: "15.0", onUnknown: .error)
    (description.trainTokenCount, description.validationTokenCount) = (train, validation)
    #expect(throws: TokenFileError.invalid(path: folder("t.tokens"), .notTokens)) {
      try writer.finish(description, as: folder("t.tokens"))
    }
    (description.trainTokenCount, description.validationTokenCount) = (5, 7)
    #expect(description.isPossible(tokenCount: 12))
    description.documentCount = -1
    #expect(!description.isPossible(tokenCount: 12))
  }

  @Test("a file that shrinks while it is read is an error, not a crash")
  func shrunk() throws {
    let folder = try ScratchFolder()
    let tokens = try makeFile("t.tokens", in: folder, vocabularyCount: 16)
    let text = TokenText(try TokenFile(folder("t.tokens")))
    #expect(truncateFile(folder("t.tokens"), to: 16 + 40) == 0)
    #expect(try text[0..<40].tokens() == Array(tokens[..<40]))
    #expect(throws: TokenFileError.invalid(path: folder("t.tokens"), .shrunk(position: 41))) {
      try text[0..<41].tokens()
    }
  }

  @Test("a token that the vocabulary lacks is an error, wherever it comes from")
  func outOfRange() throws {
    let folder = try ScratchFolder()
    let tokens = try makeFile("t.tokens", in: folder, vocabularyCount: 16)
    var bytes = try Files.read(folder("t.tokens"))
    bytes[16 + 30] = 16
    let text = TokenText(try TokenFile(try folder.file("changed.tokens", bytes)))
    #expect(try text[0..<30].tokens() == Array(tokens[..<30]))
    #expect(throws: TokenFileError.invalid(path: folder("changed.tokens"), .unknownToken(position: 20))) {
      try text[20..<40].tokens()
    }
  }
}
