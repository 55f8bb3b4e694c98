import CharLMData
import CharLMText
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Two predictors on one text") struct TextComparisonTests {
  private func tokenizer(_ letters: String, normalization: Normalization = .none) throws -> Tokenizer {
    var settings = TextSettings()
    settings.normalization = normalization
    return Tokenizer(vocabulary: try Vocabulary(tokens: letters.map { Token(String($0)) }), settings: settings)
  }

  private func scores(_ words: String, _ logits: [Float], _ tokenizer: Tokenizer) throws -> ByteScores {
    let text = try PlacedText(text: words, tokenizer: tokenizer, onUnknown: .skip)
    return try ByteScores(Unigram(tokenizer: tokenizer, logits: logits), text)
  }

  @Test("the difference is that of what evaluate says, and its parts add up to it, however it is divided")
  func sums() throws {
    let tokenizer = try tokenizer("ab Éé1.\n漢")
    let words = "ab É1.\nbé é漢\n\na. bab\n"
    let (even, other) = ([Float](repeating: 0, count: 9), (0..<9).map { Float($0) / 3 })
    let comparison = try #require(
      TextComparison(scores(words, even, tokenizer), scores(words, other, tokenizer)))
    let text = try EvaluationText(text: words, tokenizer: tokenizer)
    let evaluations = try [even, other].map {
      try Unigram(tokenizer: tokenizer, logits: $0).evaluate(text).bitsPerByte
    }
    #expect(abs(comparison.difference - (evaluations[0] - evaluations[1])) < 1e-5)
    for groups in [comparison.scripts, comparison.kinds, comparison.columns] {
      #expect(groups.reduce(0) { $0 + $1.sums.byteCount } == comparison.whole.byteCount)
      #expect(abs(groups.reduce(0) { $0 + $1.sums.difference } - comparison.whole.difference) < 1e-4)
    }
    #expect(abs(comparison.lines.reduce(0) { $0 + $1.sums.difference } - comparison.whole.difference) < 1e-4)
    #expect(comparison.lines.map(\.number) == [1, 2, 3, 4])
    #expect(comparison.scripts.map(\.name).sorted() == ["Common", "Han", "Latin"])
    #expect(comparison.kinds.first { $0.name == "capital letters" }?.sums.byteCount == 2)
    #expect(comparison.columns.map(\.name) == ["column 1", "columns 2 to 3", "columns 4 to 7"])
    #expect(comparison.difference(in: 0..<1) == nil && comparison.difference(in: 1..<2) != nil)
  }

  @Test("what one of the two does not know counts for neither; other normalizations are not compared")
  func differentVocabularies() throws {
    let (small, large) = (try tokenizer("ab\n"), try tokenizer("abc\n"))
    let comparison = try #require(
      TextComparison(
        scores("abcab\n", [0, 0, 0], small), scores("abcab\n", [0, 0, 0, 0], large)))
    #expect(comparison.whole.byteCount == 4)
    #expect(abs(comparison.whole.secondBits - 8) < 1e-4)
    let composed = try tokenizer("aé\n", normalization: .nfc)
    let plain = try tokenizer("ae\u{301}\n")
    #expect(
      try TextComparison(scores("ae\u{301}a", [0, 0, 0], composed), scores("ae\u{301}a", [0, 0, 0], plain)) == nil)
  }

  @Test("the interval holds the difference, is narrow where lines agree, and around zero where there is none")
  func bootstrap() throws {
    let tokenizer = try tokenizer("ab\n")
    var random = SeededGenerator(seed: 4)
    let lines = (0..<400).map { _ in
      (0..<20).map { _ in Int.random(in: 0..<3, using: &random) == 0 ? "a" : "b" }.joined() + "\n"
    }
    let words = lines.joined()
    let better = try scores(words, [0, 0.69, -2], tokenizer)
    let worse = try scores(words, [0.69, 0, -2], tokenizer)
    let comparison = try #require(TextComparison(better, worse))
    let bootstrap = try #require(Bootstrap(comparison, drawCount: 400))
    #expect(abs(bootstrap.difference - comparison.difference) < 1e-6)
    #expect(bootstrap.interval.contains(comparison.difference) && bootstrap.interval.upperBound < 0)
    #expect(bootstrap.firstWins == 1 && bootstrap.drawCount == 400)
    // The mean of 8,400 differences of ±1 bit: a deviation of about 0.01 bits a byte.
    let width = bootstrap.interval.upperBound - bootstrap.interval.lowerBound
    #expect(width > 0.02 && width < 0.08, "\(width)")
    #expect(Bootstrap(comparison, drawCount: 400) == bootstrap)
    let none = try #require(TextComparison(better, better))
    #expect(Bootstrap(none, drawCount: 40)?.interval == 0...0)
    let line = try #require(TextComparison(scores("ab", [0, 0, 0], tokenizer), scores("ab", [0, 1, 0], tokenizer)))
    #expect(Bootstrap(line) == nil)
  }
}
