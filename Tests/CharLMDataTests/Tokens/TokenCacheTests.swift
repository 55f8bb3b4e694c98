import CharLMText
import TestSupport
import Testing

@testable import CharLMData
@testable import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct TokenCacheTests {
  /// What happened while a corpus was read.
  final class Events {
    private(set) var all: [String] = []

    func note(_ event: CorpusEvent) {
      switch event {
      case .reused: all.append("reused")
      case .cached: all.append("cached")
      case .notCached(_, .temporaryFile): all.append("temporary")
      case .notCached(_, .memory): all.append("memory")
      default: break
      }
    }
  }

  private func read(
    _ paths: [String], cache: String, text: TextSettings = TextSettings(encoding: "auto"), fraction: Double = 0.2
  ) throws -> (corpus: Corpus, events: [String]) {
    let events = Events()
    let corpus = try Corpus(
      paths: paths, settings: text, validation: .fraction(fraction),
      storage: TokenStorage(cacheFolder: cache, largestInMemory: 0), observe: events.note)
    return (corpus, events.all)
  }

  @Test("the second reading of the same files takes the tokens of the first, wherever the files are")
  func reuse() throws {
    let folder = try ScratchFolder()
    let text = CorpusFixtures.text(characterCount: 2000)
    let (path, copy) = (try folder.file("a.txt", text), try folder.file("b.txt", text))
    let first = try read([path], cache: folder("cache"))
    #expect(first.events == ["cached"])
    let second = try read([copy], cache: folder("cache"))
    #expect(second.events == ["reused"])
    #expect(second.corpus.record.files[0].path == copy)
    #expect(second.corpus.record.files[0].sha256 == first.corpus.record.files[0].sha256)
    #expect(second.corpus.tokenizer.vocabulary == first.corpus.tokenizer.vocabulary)
    #expect(try second.corpus.train.tokens() == first.corpus.train.tokens())
    #expect(second.corpus.validation?.predicted == first.corpus.validation?.predicted)
  }

  @Test("other settings and other texts get tokens of their own")
  func others() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.txt", CorpusFixtures.text(characterCount: 500))
    #expect(try read([path], cache: folder("cache")).events == ["cached"])
    for settings in [
      TextSettings(unit: .scalar, encoding: "auto"), TextSettings(normalization: .nfc, encoding: "auto"),
      TextSettings(encoding: "auto", minimumCount: 2), TextSettings(encoding: "auto", vocabularySize: 9),
    ] {
      #expect(try read([path], cache: folder("cache"), text: settings).events == ["cached"], "\(settings)")
      #expect(try read([path], cache: folder("cache"), text: settings).events == ["reused"], "\(settings)")
    }
    #expect(try read([path], cache: folder("cache"), fraction: 0.3).events == ["cached"])
    #expect(try read([path, path], cache: folder("cache")).events == ["cached"])
    var bytes = try Files.read(path)
    bytes.swapAt(0, bytes.count - 1)
    try folder.file("a.txt", Array("a".utf8) + Array(repeating: UInt8(ascii: "b"), count: bytes.count - 1))
    #expect(try read([path], cache: folder("cache")).events == ["cached"])
  }

  @Test("tokens of another encoding than the one asked for are not taken, be the vocabulary a model's")
  func otherEncoding() throws {
    let folder = try ScratchFolder()
    let line = "caf\u{E9} na\u{EF}ve d\u{E9}j\u{E0} vu\n"
    let latin = line.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    let path = try folder.file("a.txt", Array(repeating: latin, count: 50).flatMap(\.self))
    let cyrillicLetters = String((0x400...0x45F).compactMap(Unicode.Scalar.init).map(Character.init))
    let letters = try folder.file("letters.txt", cyrillicLetters + line)
    let tokenizer = try Corpus(
      paths: [letters], settings: TextSettings(), validation: .fraction(0), storage: CorpusFixtures.inMemory
    ).tokenizer
    func tokens(_ encoding: String, _ events: Events) throws -> [TokenID] {
      try Corpus(
        paths: [path], settings: TextSettings(encoding: encoding), validation: .fraction(0), tokenizer: tokenizer,
        storage: TokenStorage(cacheFolder: folder("cache"), largestInMemory: 0), observe: events.note
      ).train.tokens()
    }
    let events = Events()
    let western = try tokens("iso-8859-1", events)
    let cyrillic = try tokens("koi8-r", events)
    #expect(try tokens("iso-8859-1", events) == western)
    #expect(western != cyrillic)
    #expect(events.all == ["cached", "cached", "reused"])
  }

  @Test("the validation part of a record takes the tokens of the training")
  func record() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.txt", CorpusFixtures.text(characterCount: 2000))
    let corpus = try read([path], cache: folder("cache")).corpus
    let events = Events()
    let text = try Corpus.validationText(
      of: corpus.record, tokenizer: corpus.tokenizer, lookingIn: ["."],
      storage: TokenStorage(cacheFolder: folder("cache"), largestInMemory: 0), observe: events.note)
    #expect(events.all == ["reused"])
    #expect(try text?.tokens.tokens() == corpus.validation?.tokens.tokens())
    #expect(text?.predicted == corpus.validation?.predicted)
  }

  @Test("a damaged or cut token file is made again")
  func damaged() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.txt", CorpusFixtures.text(characterCount: 2000))
    let expected = try read([path], cache: folder("cache")).corpus.train.tokens()
    let name = try #require(try Files.names(in: folder("cache")).first)
    let file = Files.join(folder("cache"), name)
    let bytes = try Files.read(file)
    var flipped = bytes
    flipped[100] ^= 1
    for changed in [flipped, Array(bytes.dropLast(10)), Array(bytes.prefix(30)), []] {
      try folder.file("cache/" + name, changed)
      let again = try read([path], cache: folder("cache"))
      #expect(again.events == ["cached"])
      #expect(try again.corpus.train.tokens() == expected)
      #expect(try read([path], cache: folder("cache")).events == ["reused"])
    }
  }

  @Test("where there can be no cache the tokens are in a temporary file, which leaves nothing behind")
  func noCache() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.txt", CorpusFixtures.text(characterCount: 2000))
    try folder.file("file", "x")
    let (corpus, events) = try read([path], cache: folder("file/cache"))
    #expect(events == ["temporary"])
    #expect(corpus.train.isInFile)
    #expect(try corpus.train.tokens().count == corpus.train.count)
    #expect(folder.contents == ["a.txt", "file"])
  }

  @Test("a corpus that changed is not taken for the one of a record")
  func changed() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.txt", CorpusFixtures.text(characterCount: 500))
    let corpus = try read([path], cache: folder("cache")).corpus
    let text = CorpusFixtures.text(characterCount: 500)
    // Another size shows before anything is read; another text of the same size by its digest.
    for other in [text + "x", String(text.dropLast()) + "\u{1}"] {
      try folder.file("a.txt", other)
      let error = #expect(throws: CorpusError.self) {
        try Corpus.validationText(of: corpus.record, tokenizer: corpus.tokenizer, lookingIn: ["."])
      }
      switch try #require(error) {
      case .otherSize(path, corpus.record.byteCount, other.utf8.count): #expect(other.utf8.count != text.utf8.count)
      case .changed(path, _, _): #expect(other.utf8.count == text.utf8.count)
      default: Issue.record("\(String(describing: error))")
      }
    }
  }
}
