import CharLMText
import TestSupport
import Testing

@testable import CharLMData

@Suite struct TextInMemoryTests {
  @Test(
    "a corpus of a string equals that of a file with its bytes, but for the path", arguments: TextUnit.allCases,
    Normalization.allCases)
  func equalsFile(_ unit: TextUnit, _ form: Normalization) throws {
    let folder = try ScratchFolder()
    let text = CorpusFixtures.text(characterCount: 1500, seed: 7)
    let settings = TextSettings(unit: unit, normalization: form)
    let path = try folder.file("text.txt", text)
    for (validation, separator) in [(0.1, nil), (0, nil), (0.3, "\n")] {
      let file = try Corpus(
        paths: [path], settings: settings, validation: .fraction(validation), documentSeparator: separator,
        storage: .memory)
      let memory = try Corpus(
        text: text, settings: settings, validation: .fraction(validation), documentSeparator: separator)
      #expect(try memory.train.tokens() == file.train.tokens())
      #expect(try memory.validation?.tokens.tokens() == file.validation?.tokens.tokens())
      #expect(memory.validation?.predicted == file.validation?.predicted)
      #expect(memory.tokenizer.vocabulary == file.tokenizer.vocabulary)
      #expect(memory.tokenizer.settings == file.tokenizer.settings)
      #expect(memory.documentCount == file.documentCount)
      var record = file.record
      record.files[0].path = "(text in memory)"
      #expect(memory.record == record)
    }
  }

  @Test("without settings a text becomes graphemes, the last tenth for validation, and stays in memory")
  func defaults() throws {
    let corpus = try Corpus(text: String(repeating: "e\u{301}x", count: 50))
    #expect(corpus.tokenizer.settings == TextSettings())
    #expect(corpus.train.count == 90 && corpus.validation?.tokens.count == 10)
    #expect(!corpus.train.isInFile)
    #expect(corpus.record.byteCount == 200)
  }

  @Test("messages call a text in memory by its name")
  func messages() {
    #expect(throws: CorpusError.tooShort(source: "the text", tokenCount: 3, needed: 8)) {
      try Corpus(text: "abc", validation: .fraction(0))
    }
    #expect(throws: CorpusError.oneToken(source: "the letters", token: Array("a".utf8))) {
      try Corpus(text: "aaaaaaaaaaaa", name: "the letters")
    }
    #expect(throws: CorpusError.text(.emptyText(source: "the text"))) { try Corpus(text: "") }
  }

  @Test("a text to evaluate equals that of a file, with its documents", arguments: [nil, "|"])
  func evaluation(_ separator: String?) throws {
    let folder = try ScratchFolder()
    let tokenizer = try Corpus(text: "one text|another text|a third", documentSeparator: separator).tokenizer
    let path = try folder.file("text.txt", "another|text")
    let file = try EvaluationText(
      paths: [path], tokenizer: tokenizer, encoding: "utf-8", documentSeparator: separator, storage: .memory)
    let memory = try EvaluationText(text: "another|text", tokenizer: tokenizer, documentSeparator: separator)
    #expect(try memory.tokens.tokens() == file.tokens.tokens())
    #expect(memory.predicted == file.predicted)
    #expect(throws: CorpusError.tooShort(source: "the text", tokenCount: 1, needed: 2)) {
      try EvaluationText(text: "o", tokenizer: Corpus(text: "some text without documents").tokenizer)
    }
    #expect(try EvaluationText(text: "o?te?", tokenizer: tokenizer, onUnknown: .skip).unknownCount == 2)
  }

  @Test("pairs in memory equal those of a file")
  func pairs() throws {
    let folder = try ScratchFolder()
    let lines = (0..<30).map { "ab\($0 % 10)\tba\($0 % 7)\r\n" }.joined() + "\n"
    let file = try PairCorpus(path: try folder.file("pairs.tsv", lines))
    let memory = try PairCorpus(text: lines)
    #expect(memory.train == file.train && memory.validation == file.validation)
    #expect(memory.train.count == 27)
    #expect(memory.tokenizer.vocabulary == file.tokenizer.vocabulary)
    #expect(memory.outputTokenizer.vocabulary == file.outputTokenizer.vocabulary)
    #expect(memory.record.files.map(\.sha256) == file.record.files.map(\.sha256))
    #expect(throws: CorpusError.malformedPair(source: "the text", line: 2, problem: .tabCount(0))) {
      try PairCorpus(text: "a\tb\nab\n")
    }
  }
}
