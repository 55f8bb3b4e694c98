import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Predictors") struct PredictorTests {
  /// Bigrams of random logits over four letters.
  private func bigrams() throws -> Bigrams {
    let vocabulary = try Vocabulary(tokens: "abcd".map { Token(String($0)) })
    var random = SeededGenerator(seed: 5)
    let logits = (0..<4).map { _ in (0..<4).map { _ in 4 * random.uniform() } }
    return Bigrams(tokenizer: Tokenizer(vocabulary: vocabulary, settings: TextSettings()), logits: logits)
  }

  private func text(_ predictor: some Predictor, _ text: String) throws -> EvaluationText {
    try EvaluationText(text: text, tokenizer: predictor.tokenizer)
  }

  private func probability(_ logits: [Float], _ token: Int) -> Double {
    exp(Double(logits[token])) / logits.reduce(0) { $0 + exp(Double($1)) }
  }

  @Test("a predictor of one's own is evaluated, and every token's loss is handed out")
  func ownPredictor() throws {
    let bigrams = try bigrams()
    let letters = Array("abdcabbacddabc")
    let tokens = letters.map { Int($0.asciiValue ?? 0) - 0x61 }
    let evaluation = try bigrams.evaluate(text(bigrams, String(letters)), keepsTokenNats: true)
    let nats = try #require(evaluation.tokenNats)
    #expect(nats.count == tokens.count - 1 && evaluation.sums.tokenCount == nats.count)
    for (place, loss) in nats.enumerated() {
      let expected = -log(probability(bigrams.logits[tokens[place]], tokens[place + 1]))
      #expect(abs(Double(loss) - expected) < 1e-5, "token \(place + 1)")
    }
    #expect(abs(evaluation.sums.nats - nats.reduce(0) { $0 + Double($1) }) < 1e-4)
    #expect(try bigrams.evaluate(String(letters)).sums == evaluation.sums)
  }

  @Test("a predictor of one's own writes as often as its probabilities say, alone and side by side")
  func ownSamples() throws {
    let bigrams = try bigrams()
    var generator = Generator(bigrams, sampling: SamplingSettings(temperature: 1), randomSeed: 3)
    generator.read(2)
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<4000 {
      var copy = generator
      counts[Int(copy.next())] += 1
      _ = generator.next()
      generator.read(2)
    }
    for token in 0..<4 {
      let expected = probability(bigrams.logits[2], token)
      let allowed = 5 * (expected * (1 - expected) / 4000).squareRoot()
      #expect(abs(Double(counts[token]) / 4000 - expected) <= allowed, "token \(token)")
    }
    let group = GeneratorGroup(bigrams)
    for randomSeed in [4, 5] as [UInt64] { _ = group.add([1], randomSeed: randomSeed) }
    let together = (0..<50).map { _ in group.step().map(\.token) }
    for row in 0..<2 {
      var alone = Generator(bigrams, randomSeed: 4 + UInt64(row))
      alone.read(1)
      #expect(together.map { $0[row] } == (0..<50).map { _ in alone.next() })
    }
  }

  @Test("a network read token by token gives the losses that it gives in chunks", arguments: CellKind.allCases)
  func networkByToken(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let text = try text(model, String(repeating: "abcponmhgdefkl", count: 100))
    let fast = try model.evaluate(text, keepsTokenNats: true)
    let slow = try Disguised(model: model).evaluate(text, keepsTokenNats: true)
    #expect(fast.sums.tokenCount == slow.sums.tokenCount)
    #expect(abs(fast.sums.nats - slow.sums.nats) < 1e-4 * slow.sums.nats)
    let (fastNats, slowNats) = (try #require(fast.tokenNats), try #require(slow.tokenNats))
    for (place, (a, b)) in zip(fastNats, slowNats).enumerated() { #expect(abs(a - b) < 1e-3, "token \(place + 1)") }
  }

  @Test("each token's loss stands at its place, whatever stream read it", arguments: [1, 2])
  func places(_ threadCount: Int) throws {
    let model = try TestModel.language(.gru)
    var random = SeededGenerator(seed: 9)
    let letters = String(
      (0..<9000).map { _ in Character(UnicodeScalar(UInt8.random(in: 0x61...0x70, using: &random))) })
    let text = try text(model, letters)
    let evaluation = try model.evaluate(text, threadCount: threadCount, keepsTokenNats: true)
    let nats = try #require(evaluation.tokenNats)
    #expect(nats.count == text.tokens.count - 1)
    #expect(abs(nats.reduce(0) { $0 + Double($1) } - evaluation.sums.nats) < 1e-6 * evaluation.sums.nats)
    let one = try #require(try Disguised(model: model).evaluate(text, keepsTokenNats: true).tokenNats)
    for (place, (a, b)) in zip(nats, one).enumerated() { #expect(abs(a - b) < 2e-3, "token \(place + 1)") }
    let cold = try model.evaluate(text, by: .cold256, threadCount: threadCount, keepsTokenNats: true)
    let coldNats = try #require(cold.tokenNats)
    #expect(coldNats.count == 200 * 256)
    #expect(abs(coldNats.reduce(0) { $0 + Double($1) } - cold.sums.nats) < 1e-6 * cold.sums.nats)
  }

  @Test("probabilities sum to one", arguments: CellKind.allCases)
  func sumToOne(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    var stream = try Ensemble([("a", model), ("b", model)]).makeStream(StreamOptions())
    for token: TokenID in [3, 5, 2] {
      stream.read(token)
      #expect(abs(stream.logProbabilities.reduce(0) { $0 + exp(Double($1)) } - 1) < 1e-5)
    }
  }

  @Test("of streams side by side, the document token begins a new text in its own alone", arguments: CellKind.allCases)
  func resets(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let document = try #require(model.tokenizer.vocabulary.documentID)
    let group = model.makeStreams(count: 2, StreamOptions())
    let texts: [[TokenID]] = [[4, 5, document, 7], [6, 7, 8, 9]]
    for place in 0..<4 { group.read { texts[$0][place] } }
    let rows = Buffer<Float>(count: 2 * model.tokenizer.vocabulary.count)
    group.forEachStream { number, logits in
      for token in logits.indices { rows.view[number * logits.count + token] = logits[token] }
    }
    for (row, text) in [[document, 7], [6, 7, 8, 9]].enumerated() {
      var alone = model.makeStream()
      for token in text { alone.read(token) }
      let logits = alone.withLogits { logits in logits.indices.map { logits[$0] } }
      let size = logits.count
      #expect(rows.view[row * size..<(row + 1) * size].array == logits, "stream \(row)")
    }
  }
}
