import CharLM
import CharLMData
import Testing

@testable import CharLMCommand

/// Lines that fit a terminal.
@Suite struct LayoutTests {
  private let notes = [CommandNote(.corpus, "one two three four five six seven eight"), CommandNote(.model, "a")]

  @Test("notes are wrapped at words, further lines below the text of the first")
  func notesWrapped() {
    #expect(
      notes.text(width: 32, isColored: false) == """
          corpus    one two three four
                    five six seven
                    eight
          model     a
        """)
    #expect(notes.text == "  corpus    one two three four five six seven eight\n  model     a")
  }

  @Test("no line is wider than the window, as far as words allow", arguments: 20...60)
  func widths(_ width: Int) {
    let lines = notes.text(width: width, isColored: false).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < width }, "\(lines)")
    #expect(lines.joined(separator: " ").split(separator: " ").joined(separator: " ").hasPrefix("corpus one two three"))
  }

  @Test("colours stand around the subject alone, and only where they are wanted")
  func colors() {
    #expect(notes.text(width: nil, isColored: true).hasPrefix("\u{1B}[36m  corpus    \u{1B}[0mone two"))
    #expect(TextStyle.warning.applied(to: "warning: ", isColored: false) == "warning: ")
  }

  @Test("wide characters take two columns")
  func wideCharacters() {
    #expect(WrappedText.columns("ab日本語") == 8)
    #expect(WrappedText.text("", "日本語 日本語", width: 9) == "日本語\n日本語")
  }

  @Test("the time left is the last part of a line that is dropped", arguments: 8...60)
  func readingLine(_ width: Int) {
    let line = CorpusDisplay.line(.encoding, 50 << 20, of: 100 << 20, seconds: 10, width: width)
    #expect(line.count <= width && line.contains("10s left"))
  }
}

/// What a figure means beside those of simple predictors.
@Suite struct YardstickTextTests {
  private func words(_ bits: Double) throws -> YardstickText {
    let corpus = try Corpus(text: String(repeating: "abracadabra ", count: 40), validation: .fraction(0.2))
    let yardstick = try Yardstick(
      of: try #require(corpus.validation), training: corpus.train, tokenizer: corpus.tokenizer)
    return YardstickText(yardstick, corpus.tokenizer, modelBitsPerToken: bits)
  }

  @Test(
    "the sentence follows the figures",
    arguments: [
      (0.001, "better than a 5-gram"), (1.5, "still predicts better"), (2.5, "how frequent each character is"),
      (2.9, "no better than guessing"),
    ])
  func sentences(_ bits: Double, _ text: String) throws {
    let words = try words(bits)
    #expect(words.meaning.contains(text))
    #expect(words.comparison.hasPrefix("guessing 2.58, letter frequencies "), "\(words.comparison)")
    #expect(words.comparison.hasSuffix("this model \(Quantity.fixed(bits, 2)) bits per character"))
  }
}
