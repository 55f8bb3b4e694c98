import CharLM
import CharLMData
import CharLMText
import Testing

@testable import CharLMCommand

/// A text in colors on a terminal.
@Suite struct ColoredTextTests {
  private func shown(_ words: String, _ bits: [Double?], _ palette: Palette, unit: TextUnit = .grapheme) throws
    -> String
  {
    var settings = TextSettings()
    settings.unit = unit
    let letters =
      unit == .byte ? (0...255).map { Token.text([UInt8($0)]) } : Set(words).sorted().map { Token(String($0)) }
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: letters), settings: settings)
    let text = try PlacedText(text: words, tokenizer: tokenizer)
    var colors = ColoredText(text, palette)
    var places = text.places
    var output = ""
    for (index, token) in try text.evaluation.tokens.tokens().enumerated() {
      let score = TokenScore(
        index: index, token: token, range: places.next(token), bits: index < bits.count ? bits[index] : 0, likeliest: []
      )
      output += colors.add(score) ?? ""
    }
    return output + colors.finish()
  }

  private let first = "\u{1B}[38;5;16;48;5;230m"
  private let last = "\u{1B}[38;5;231;48;5;160m"
  private let none = "\u{1B}[0m"

  @Test("surprises have a ground of their own, runs of one level share it, and a line's end shows as an arrow")
  func indexed() throws {
    let text = try shown("abcd\ne", [nil, 1.5, 1.9, 20, 20, 0], .indexed)
    #expect(text.hasPrefix("a\(first)bc\(last)d\u{21B5}\(none)\ne\n\nbits, from: "), "\(text)")
    #expect(try shown("ab", [nil, 14], .full).hasPrefix("a\u{1B}[38;5;231;48;2;200;30;44mb"))
  }

  @Test("what a terminal would obey is escaped, and tabs stay")
  func controls() throws {
    let text = try shown("a\u{1B}[2Jb\t\u{202E}c", [], .indexed)
    #expect(text.hasPrefix("a\\u{1B}[2Jb\t\\u{202E}c\n"), "\(text)")
  }

  @Test("parts of a scalar are shown once it is whole; without colors the text is as it was")
  func bytes() throws {
    #expect(
      try shown("é漢", [nil, 0, 0, 0, 9.5], .indexed, unit: .byte).hasPrefix("é\u{1B}[38;5;16;48;5;203m漢\(none)\n"))
    #expect(try shown("ab\n", [nil, 20, 20], .none) == "ab\u{21B5}\n\n")
  }

  @Test("levels begin at these bits")
  func levels() {
    #expect([0, 0.99, 1, 3.9, 4, 12.9, 13, 40].map(Palette.level) == [0, 0, 1, 2, 3, 5, 6, 6])
  }
}
