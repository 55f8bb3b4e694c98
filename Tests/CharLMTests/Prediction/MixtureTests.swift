import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Counts that adapt, and mixtures") struct MixtureTests {
  /// A text of the letters a to p that repeats itself.
  private static func letters(_ count: Int, seed: UInt64 = 2) -> String {
    var random = SeededGenerator(seed: seed)
    let words = (0..<6).map { _ in
      String((0..<5).map { _ in Character(Unicode.Scalar(UInt8(0x61 + Int.random(in: 0..<16, using: &random)))) })
    }
    var text = ""
    while text.count < count { text += words[Int.random(in: 0..<6, using: &random)] }
    return String(text.prefix(count))
  }

  private func text(_ predictor: some Predictor, _ text: String) throws -> EvaluationText {
    try EvaluationText(text: text, tokenizer: predictor.tokenizer)
  }

  @Test("a stream's logits are the costs of reading, and sum to one")
  func logits() throws {
    let model = try TestModel.language(.lstm)
    let encoded = try text(model, Self.letters(100))
    let counts = try AdaptiveCounts(tokenizer: model.tokenizer, priming: encoded.tokens)
    #expect(counts.primedTokenCount == encoded.tokens.count)
    var stream = counts.makeStream()
    for token in try encoded.tokens.tokens() {
      let all = stream.logProbabilities
      #expect(abs(all.reduce(0) { $0 + exp(Double($1)) } - 1) < 1e-6)
      #expect(abs(stream.nats(reading: token) + Double(all[Int(token)])) < 1e-5)
    }
  }

  @Test("a text that repeats itself costs less and less, and less still where it was read before")
  func learning() throws {
    let model = try TestModel.language(.lstm)
    let encoded = try text(model, Self.letters(1500))
    let tokens = try encoded.tokens.tokens()
    var stream = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 1500).makeStream()
    let nats = tokens.map { stream.nats(reading: $0) }
    let (first, last) = (nats.prefix(300).reduce(0, +) / 300, nats.suffix(500).reduce(0, +) / 500)
    // Six words of five letters: log 6 nats for each five tokens once they are known.
    #expect(last < 0.6 && first > 1.5 * last, "\(first) \(last)")
    let primed = try AdaptiveCounts(tokenizer: model.tokenizer, priming: encoded.tokens)
    stream = primed.makeStream()
    #expect(tokens.reduce(0) { $0 + stream.nats(reading: $1) } < last * Double(tokens.count))
  }

  @Test("a copy of a stream learns by itself, and a predictor stays as it is")
  func copies() throws {
    let model = try TestModel.language(.lstm)
    let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 1000)
    let tokens = try text(model, Self.letters(200)).tokens.tokens()
    var stream = counts.makeStream()
    for token in tokens.prefix(100) { stream.read(token) }
    let (before, copy) = (stream.logProbabilities, stream)
    for token in tokens.suffix(100) { stream.read(token) }
    #expect(copy.logProbabilities == before && stream.logProbabilities != before)
    #expect(counts.makeStream().logProbabilities == counts.makeStream().logProbabilities)
  }

  @Test("contexts do not reach across the document token, but what was learned does")
  func documents() throws {
    let model = try TestModel.language(.lstm)
    let document = try #require(model.tokenizer.vocabulary.documentID)
    let tokens = try text(model, Self.letters(400)).tokens.tokens()
    let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 400)
    var stream = counts.makeStream()
    for token in tokens { stream.read(token) }
    let before = stream.logProbabilities
    stream.read(document)
    var fresh = counts.makeStream()
    fresh.read(document)
    let after = stream.logProbabilities
    #expect(after != before && after != fresh.logProbabilities)
    // Where nothing is learned, what was read before the document token makes no difference.
    var (one, other) = (stream, stream)
    for token in tokens.prefix(50) + [document, 5, 6] { one.follow(token) }
    for token in [document, 5, 6] { other.follow(token) }
    #expect(one.logProbabilities == other.logProbabilities)
  }

  @Test("memory is bounded and said")
  func memory() throws {
    let model = try TestModel.language(.lstm)
    let sizes = [0, 1000, 100_000, 1 << 30].map { count in
      AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: count).memorySize
    }
    #expect(sizes == sizes.sorted() && sizes[0] < 4 << 20 && sizes[3] < 330_000_000, "\(sizes)")
  }

  @Test("a mixture is at least about as good as either, and its two ways of evaluation agree")
  func mixture() throws {
    let model = try TestModel.language(.lstm)
    let encoded = try text(model, Self.letters(1000))
    let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 1000)
    let both = try model.evaluate(encoded, mixedWith: counts, threadCount: 2)
    let alone = try model.evaluate(encoded, threadCount: 1, keepsTokenNats: true)
    #expect(both.base == alone)
    #expect(both.mixedNats < 1.05 * (try counts.evaluate(encoded).sums.nats))
    #expect(both.mixedNats < both.base.sums.nats)
    let streamed = try Mixture(model, counts).evaluate(encoded, keepsTokenNats: true)
    #expect(abs(streamed.sums.nats - both.mixedNats) < 1e-3 * both.mixedNats)
    #expect(both.mixedTokenNats.count == encoded.tokens.count - 1)
    #expect(abs(both.mixedTokenNats.reduce(0) { $0 + Double($1) } - both.mixedNats) < 1e-2)
  }

  @Test("what comes later does not change the cost of what came before")
  func causal() throws {
    let model = try TestModel.language(.gru)
    let letters = Self.letters(600)
    let changed = String(letters.prefix(400)) + "ponmlk" + letters.dropFirst(406)
    let nats = try [letters, changed].map { letters in
      let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 600)
      return try model.evaluate(text(model, letters), mixedWith: counts).mixedTokenNats
    }
    #expect(nats[0].prefix(399) == nats[1].prefix(399) && nats[0] != nats[1])
  }

  @Test("a mixture that does not learn is the same after any text with the same end")
  func frozen() throws {
    let model = try TestModel.language(.lstm)
    let encoded = try text(model, Self.letters(500))
    let counts = try AdaptiveCounts(tokenizer: model.tokenizer, priming: encoded.tokens)
    let document = try #require(model.tokenizer.vocabulary.documentID)
    for isLearning in [false, true] {
      let mixture = Mixture(model, counts, isLearning: isLearning)
      var (stream, other) = (mixture.makeStream(), mixture.makeStream())
      for token in try encoded.tokens.tokens() { stream.read(token) }
      for number in [0, 1] {
        for token in [document, 5, 9] {
          if number == 0 { stream.read(token) } else { other.read(token) }
        }
      }
      #expect((stream.logProbabilities == other.logProbabilities) == !isLearning)
    }
    #expect(try Mixture(model, counts).sample("abc", length: 40, randomSeed: 1).count == 43)
  }
}
