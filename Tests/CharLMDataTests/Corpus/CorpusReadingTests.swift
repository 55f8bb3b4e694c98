import CharLMText
import TestSupport
import Testing

@testable import CharLMData

@Suite struct CorpusReadingTests {
  static let storages = [CorpusFixtures.inMemory, CorpusFixtures.inFile]

  @Test("the tokens are the text, byte for byte, in memory and in a file", arguments: storages, TextUnit.allCases)
  func lossless(_ storage: TokenStorage, _ unit: TextUnit) throws {
    let folder = try ScratchFolder()
    let text = CorpusFixtures.text(characterCount: 3000)
    let path = try folder.file("text.txt", text)
    let corpus = try Corpus(
      paths: [path], settings: TextSettings(unit: unit), validation: .fraction(0.1), storage: storage)
    let (train, validation) = try corpus.decoded()
    #expect(Array((train + validation).utf8) == Array(text.utf8))
    #expect(corpus.train.isInFile == (storage == CorpusFixtures.inFile))
    #expect(corpus.record.files.first?.encoding == "utf-8")
    let scalars = text.unicodeScalars.count
    let kept = train.unicodeScalars.count
    #expect(kept >= scalars * 9 / 10 && (unit == .word || kept < scalars * 9 / 10 + 12), "\(kept) of \(scalars)")
  }

  @Test("the validation part begins where the segmenter says it does", arguments: TextUnit.allCases, [0.0, 0.1, 0.37])
  func cut(_ unit: TextUnit, _ fraction: Double) throws {
    let folder = try ScratchFolder()
    let text = CorpusFixtures.text(characterCount: 999, seed: 3)
    let path = try folder.file("text.txt", text)
    let corpus = try Corpus(
      paths: [path], settings: TextSettings(unit: unit), validation: .fraction(fraction),
      storage: CorpusFixtures.inMemory)
    let start = Segmenter(unit: unit).validationStart(in: Array(text.utf8).span, fraction: fraction)
    #expect(try corpus.decoded().train.utf8.count == start)
  }

  @Test(
    "the parts of a normalized text have the tokens of the whole, wherever it is cut",
    arguments: TextUnit.allCases, Normalization.allCases)
  func normalizedCut(_ unit: TextUnit, _ form: Normalization) throws {
    let folder = try ScratchFolder()
    let text = String(repeating: "xyz e\u{301}e\u{301} c\u{327}a ou\u{300} a\u{AD}B\n", count: 40)
    let path = try folder.file("text.txt", text)
    let settings = TextSettings(unit: unit, normalization: form)
    for fraction in stride(from: 0.1, to: 0.112, by: 0.002) {
      let corpus = try Corpus(
        paths: [path], settings: settings, validation: .fraction(fraction), storage: CorpusFixtures.inMemory)
      let parts = try corpus.train.tokens() + (corpus.validation?.tokens.tokens() ?? [])
      #expect(try parts == Array(corpus.tokenizer.encode(text, source: "text")), "\(fraction)")
    }
  }

  @Test("reading in memory and in a file give the same tokens, sizes and vocabulary", arguments: Normalization.allCases)
  func sameTokens(_ normalization: Normalization) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("text.txt", CorpusFixtures.text(characterCount: 2000, seed: 5))
    let corpora = try Self.storages.map { storage in
      try Corpus(
        paths: [path], settings: TextSettings(normalization: normalization), validation: .fraction(0.2),
        storage: storage)
    }
    #expect(corpora[0].tokenizer.vocabulary == corpora[1].tokenizer.vocabulary)
    #expect(try corpora[0].train.tokens() == corpora[1].train.tokens())
    let validations = try corpora.map { try #require($0.validation) }
    #expect(try validations[0].tokens.tokens() == validations[1].tokens.tokens())
    #expect(validations[0].predicted == validations[1].predicted)
    #expect(validations[0].predicted.graphemeCount > 0)
  }

  @Test("a CR LF, a character and a normalized sequence over the border of two reads stay whole")
  func readBorders() throws {
    let folder = try ScratchFolder()
    for (piece, count) in [("\r\n", 1), ("字", 1), ("e\u{301}", 1), ("🇩🇪", 1)] {
      for shift in 0...piece.utf8.count {
        let filler = String(repeating: "ab", count: (1 << 19) - 16) + String(repeating: "b", count: 32 - shift)
        let path = try folder.file("text.txt", filler + piece + "ab")
        let corpus = try Corpus(
          paths: [path], settings: TextSettings(), validation: .fraction(0), storage: CorpusFixtures.inMemory)
        #expect(corpus.train.count == filler.utf8.count + count + 2, "\(piece) \(shift) bytes before the border")
        #expect(corpus.tokenizer.vocabulary.id(of: piece) != nil)
      }
    }
  }

  @Test("each of several files is a document, and the one in which the cut falls is cut")
  func documents() throws {
    let folder = try ScratchFolder()
    let paths = [
      try folder.file("a", "first text"), try folder.file("b", "second text"), try folder.file("c", "third text"),
    ]
    let corpus = try Corpus(
      paths: paths, settings: TextSettings(), validation: .fraction(0.5), storage: CorpusFixtures.inMemory)
    #expect(corpus.documentCount == 3)
    let (train, validation) = try corpus.decoded()
    #expect(train == "¶first text¶secon")
    #expect(validation == "d text¶third text¶")
  }

  @Test("a separator parts documents and is in none, wherever it stands", arguments: ["<|endoftext|>", "\n\n", "|"])
  func separator(_ separator: String) throws {
    let folder = try ScratchFolder()
    let text = ["one text", "another", "", "the third one", ""].joined(separator: separator)
    let path = try folder.file("text.txt", text)
    let corpus = try Corpus(
      paths: [path], settings: TextSettings(), validation: .fraction(0), documentSeparator: separator,
      storage: CorpusFixtures.inMemory)
    #expect(try corpus.decoded().train == "¶one text¶another¶the third one¶")
    #expect(corpus.documentCount == 3)
    #expect(corpus.record.documentSeparator == separator)
    for mark in ["<", "|", ">", "\n"] { #expect(corpus.tokenizer.vocabulary.id(of: mark) == nil) }
  }

  @Test("files of different encodings make one corpus")
  func encodings() throws {
    let folder = try ScratchFolder()
    let text = "déjà vu à la carte, Straße\n"
    let utf16: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { unit in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let paths = [try folder.file("a", text), try folder.file("b", utf16)]
    let corpus = try Corpus(
      paths: paths, settings: TextSettings(encoding: "auto"), validation: .fraction(0), storage: CorpusFixtures.inMemory
    )
    #expect(try corpus.decoded().train == "¶\(text)¶\(text)¶")
    #expect(corpus.record.files[0].encoding == "utf-8")
    #expect(corpus.record.files[1].encoding?.hasPrefix("utf-16") == true)
  }

  @Test(
    "a file that turns out not to be UTF-8 after its first megabyte is read again, however invalid bytes are handled",
    arguments: InvalidPolicy.allCases)
  func lateEncoding(_ invalid: InvalidPolicy) throws {
    let folder = try ScratchFolder()
    let ascii = Array(repeating: Array("plain words and nothing else\n".utf8), count: 40_000).flatMap(\.self)
    let french = "Tous les êtres humains naissent libres et égaux en dignité et en droits, doués de raison.\n"
    let latin = french.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    let path = try folder.file("late.txt", ascii + Array(repeating: latin, count: 50).flatMap(\.self))
    var found: [String] = []
    let corpus = try Corpus(
      paths: [path], settings: TextSettings(encoding: "auto", invalid: invalid), validation: .fraction(0),
      storage: CorpusFixtures.inMemory
    ) { event in
      if case .detected(_, let detection) = event { found.append(detection.name) }
    }
    #expect(found.count == 1)
    #expect(try corpus.decoded().train.hasSuffix(french))
    #expect(corpus.record.files[0].encoding == found.first)
  }

  @Test("a UTF-8 file with a broken byte in its second megabyte is refused there, not read as something else")
  func lateError() throws {
    let folder = try ScratchFolder()
    let line = Array("größere Wörter\n".utf8)
    var bytes = Array(repeating: line, count: 100_000).flatMap(\.self)
    let place = line.count * 80_000
    bytes[place] = 0xFF
    let path = try folder.file("broken.txt", bytes)
    let error = #expect(throws: CorpusError.self) {
      try Corpus(
        paths: [path], settings: TextSettings(encoding: "auto"), validation: .fraction(0),
        storage: CorpusFixtures.inMemory)
    }
    guard case .text(.invalidBytes(_, "utf-8", place, 80_001, 1, [0xFF])) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "invalid bytes after the first megabyte are replaced or kept, in UTF-8 and where it is not sure what they are",
    arguments: [
      (InvalidPolicy.replace, Array("größer\n".utf8), [0xFF] as [UInt8]), (.byte, Array("größer\n".utf8), [0xFF]),
      (.replace, Array("plain\n".utf8), [0x80, 0x62, 0x81, 0x0A, 0x9D, 0x63, 0xFF]),
    ])
  func lateInvalid(_ invalid: InvalidPolicy, _ line: [UInt8], _ odd: [UInt8]) throws {
    let folder = try ScratchFolder()
    let text = Array(repeating: line, count: 200_000).flatMap(\.self)
    let path = try folder.file("late.txt", text + odd + Array("\n".utf8))
    let corpus = try Corpus(
      paths: [path], settings: TextSettings(encoding: "auto", invalid: invalid), validation: .fraction(0),
      storage: CorpusFixtures.inMemory)
    let expected = invalid == .byte ? odd : Array(String(decoding: odd, as: UTF8.self).utf8)
    let decoded = corpus.tokenizer.decode(try corpus.train.tokens().suffix(odd.count + 1))
    #expect(Array(decoded) == expected + Array("\n".utf8))
    #expect(corpus.tokenizer.settings.encoding == "utf-8")
  }

  @Test("where it is not sure what follows a megabyte of ASCII, the error says what it might be")
  func lateUncertain() throws {
    let folder = try ScratchFolder()
    let ascii = Array(repeating: Array("plain\n".utf8), count: 200_000).flatMap(\.self)
    let path = try folder.file("late.txt", ascii + [0x80, 0x62, 0x81, 0x0A, 0x9D, 0x63, 0xFF])
    let error = #expect(throws: CorpusError.self) {
      try Corpus(
        paths: [path], settings: TextSettings(encoding: "auto"), validation: .fraction(0),
        storage: CorpusFixtures.inMemory)
    }
    guard case .text(.uncertainEncoding(path, _)) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("unknown tokens of all pieces are counted, with their places in the file")
  func unknownTokens() throws {
    let folder = try ScratchFolder()
    let known = try folder.file("known.txt", "abababab abab")
    let corpus = try Corpus(
      paths: [known], settings: TextSettings(), validation: .fraction(0), storage: CorpusFixtures.inMemory)
    let filler = String(repeating: "ab", count: 1 << 20)
    let path = try folder.file("other.txt", "x" + filler + "y" + filler + "x")
    let error = #expect(throws: CorpusError.self) {
      try EvaluationText(
        paths: [path], tokenizer: corpus.tokenizer, onUnknown: .error, storage: CorpusFixtures.inMemory)
    }
    guard case .text(.unknownToken(_, let first, let count)) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(count == 3)
    #expect(first.map(\.offset) == [0, 1 + filler.utf8.count])
    let skipped = try EvaluationText(
      paths: [path], tokenizer: corpus.tokenizer, onUnknown: .skip, storage: CorpusFixtures.inMemory)
    #expect(skipped.unknownCount == 3)
    #expect(skipped.predicted.byteCount == 2 * filler.utf8.count - 1)
  }
}
