import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

/// Samples that match a regular expression.
@Suite struct MatchingTextTests {
  /// Bigrams over a document token, an unknown token, letters and a space.
  private func bigrams(_ letters: String = "abc ") throws -> Bigrams {
    let vocabulary = try Vocabulary(
      tokens: [.special(.document), .special(.unknown)] + letters.map { Token(String($0)) })
    var random = SeededGenerator(seed: 5)
    let count = vocabulary.count
    let logits = (0..<count).map { _ in (0..<count).map { _ in 2 * random.uniform() } }
    return Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()), logits: logits)
  }

  private let plain = SamplingSettings(temperature: 1)

  @Test(
    "every text matches as a whole",
    arguments: ["[ab]{3,6}", "(a|bc)+", "a*b", "c(a b){2}", "\\w{4} \\w", "(?=.*c)[abc]{5}", "abc"])
  func matches(_ pattern: String) throws {
    let texts = MatchingText(try bigrams(), try TextExpression(pattern), length: 40, sampling: plain)
    for seed in 0..<30 {
      let sample = try #require(texts.sample(randomSeed: UInt64(seed)))
      let range = sample.text.range(of: "^(?:" + pattern + ")$", options: .regularExpression)
      #expect(range != nil, "'\(sample.text)'")
      #expect(sample.tokenCount == sample.text.count && sample.tokenCount <= 40)
    }
  }

  @Test("tokens are drawn by the predictor's probabilities among those that may follow")
  func probabilities() throws {
    let bigrams = try bigrams()
    let texts = MatchingText(bigrams, try TextExpression("[ac]"), length: 5, sampling: plain)
    let samples = (0..<3000).compactMap { texts.sample(randomSeed: UInt64($0)) }
    let row = bigrams.logits[0].map { exp(Double($0)) }
    let expected = row[2] / (row[2] + row[4])
    let share = Double(samples.count { $0.text == "a" }) / 3000
    #expect(samples.count == 3000)
    #expect(abs(share - expected) < 4 * (expected * (1 - expected) / 3000).squareRoot())
  }

  @Test("where nothing can follow, tokens are taken back")
  func retreat() throws {
    // After 'ab' the vocabulary has no 'd', so that only 'ac' leads on.
    let texts = MatchingText(try bigrams(), try TextExpression("a(bd|c{2})"), length: 10, sampling: plain)
    for seed in 0..<20 { #expect(texts.sample(randomSeed: UInt64(seed))?.text == "acc") }
    // A length that ends in the middle is no match either.
    let short = MatchingText(try bigrams(), try TextExpression("(abc){3}|ab"), length: 5, sampling: plain)
    for seed in 0..<20 { #expect(short.sample(randomSeed: UInt64(seed))?.text == "ab") }
  }

  @Test("what cannot match gives nothing", arguments: ["d", "a{9}", "(?!)"])
  func nothing(_ pattern: String) throws {
    let texts = MatchingText(try bigrams(), try TextExpression(pattern), length: 8, sampling: plain)
    #expect(texts.sample(randomSeed: 1) == nil)
  }

  @Test("the seed comes first and need not match; the same random seed gives the same text, with any filters")
  func seeds() throws {
    let bigrams = try bigrams()
    let settings = SamplingSettings(temperature: 0.7, topK: 1)
    let texts = MatchingText(
      bigrams, try TextExpression("[bc]{4}"), seed: try SampleSeed("aaa ", for: bigrams), length: 10, sampling: settings
    )
    let text = try #require(texts.sample(randomSeed: 3)).text
    #expect(text.hasPrefix("aaa ") && text.count == 8)
    #expect(texts.sample(randomSeed: 3)?.text == text)
  }

  @Test("scalars of several tokens are whole")
  func bytes() throws {
    let tokens = [UInt8(0x61), 0xC3, 0xA9, 0xA8, 0xE2, 0x82, 0xAC].map { Token.text([$0]) }
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(tokens: tokens), settings: TextSettings(unit: .byte))
    let predictor = Bigrams(tokenizer: tokenizer, logits: (0..<7).map { _ in [Float](repeating: 0, count: 7) })
    let texts = MatchingText(predictor, try TextExpression("[aé€]{4}"), length: 20, sampling: plain)
    var seen: Set<Character> = []
    for seed in 0..<40 {
      let text = try #require(texts.sample(randomSeed: UInt64(seed))).text
      #expect(text.count == 4 && text.allSatisfy { "aé€".contains($0) })
      seen.formUnion(text)
    }
    #expect(seen == ["a", "é", "€"])
  }
}
