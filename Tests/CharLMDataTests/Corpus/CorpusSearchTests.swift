import CharLMData
import CharLMText
import TestSupport
import Testing

/// Which texts a corpus has as whole lines or documents.
@Suite struct CorpusSearchTests {
  @Test("lines and documents are found as a whole, whatever their line ends, in files and across pieces")
  func whole() throws {
    let folder = try ScratchFolder()
    let long = String(repeating: "x", count: 3 << 20)
    try folder.file("one.txt", "Anna\r\nBert Otto\n\(long)\nEnd of it\n\nTwo\nlines\n\nlast")
    try folder.file("two.txt", "Only\nhere\n")
    let vocabulary = try Vocabulary(tokens: [Token("a")])
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings(normalization: .nfc))
    let wanted: Set = [
      "Anna", "Ann", "Bert Otto", "Otto", "Two\nlines", "Two", "End of it", "last", "Only\nhere", "Only\nhere\n", "x",
      "", "here", long, "Anna\nBert Otto",
    ]
    let paths = [folder("one.txt"), folder("two.txt")]
    let search = try CorpusSearch(paths: paths, tokenizer: tokenizer, documentSeparator: "\n\n")
    let held = try search.texts(heldAmong: wanted)
    #expect(
      held == [
        "Anna", "Bert Otto", "Two\nlines", "Two", "End of it", "last", "Only\nhere", "Only\nhere\n", "here", long,
      ])
    #expect(try search.texts(heldAmong: []).isEmpty)
    let lines = try CorpusSearch(paths: paths, tokenizer: tokenizer, documentSeparator: nil)
    #expect(try lines.texts(heldAmong: ["Two\nlines", "Two"]) == ["Two"])
    #expect(throws: CorpusError.self) {
      try CorpusSearch(paths: [folder("three.txt")], tokenizer: tokenizer, documentSeparator: nil)
    }
  }
}
