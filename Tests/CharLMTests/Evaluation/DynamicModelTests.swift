import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@testable import CharLM

@Suite("Models that go on learning") struct DynamicModelTests {
  private static let rates = DynamicRates(learningRate: 1e-2, decay: 1e-3)

  private func letters(_ count: Int, seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    return (0..<count).reduce(into: "") { text, place in
      // Every second letter follows from the one before it.
      let number =
        place % 2 == 0
        ? Int.random(in: 0..<16, using: &random) : (Int(text.unicodeScalars.last?.value ?? 0) - 0x61) * 5 % 16
      text.unicodeScalars.append(Unicode.Scalar(UInt8(0x61 + number)))
    }
  }

  private func text(_ model: LanguageModel, _ letters: String) throws -> EvaluationText {
    try EvaluationText(text: letters, tokenizer: model.tokenizer)
  }

  private func nats(
    _ model: LanguageModel, _ letters: String, rates: DynamicRates = rates, threadCount: Int = 1
  ) throws -> [Float] {
    let training = try text(model, self.letters(2000, seed: 1)).tokens
    let dynamic = try DynamicModel(model, training: training, rates: rates, threadCount: threadCount)
    return try #require(try dynamic.evaluate(text(model, letters), keepsTokenNats: true).tokenNats)
  }

  @Test("at a rate of zero it is the model as it was trained", arguments: [CellKind.lstm, .gru])
  func still(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let letters = letters(900, seed: 2)
    let expected = try #require(try model.evaluate(text(model, letters), keepsTokenNats: true).tokenNats)
    for decay in [0, 0.5] as [Float] {
      let found = try nats(model, letters, rates: DynamicRates(learningRate: 0, decay: decay))
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test("it learns what the text repeats, from the second chunk on", arguments: [CellKind.lstm, .gru, .rnn])
  func learning(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let letters = letters(4000, seed: 2)
    let (found, expected) = (
      try nats(model, letters), try nats(model, letters, rates: DynamicRates(learningRate: 0, decay: 0))
    )
    let first = DynamicModel.chunkLength
    #expect(found.prefix(first) == expected.prefix(first))
    let (learned, still): (Float, Float) = (found.suffix(1000).reduce(0, +), expected.suffix(1000).reduce(0, +))
    #expect(learned < 0.93 * still)
  }

  @Test("what comes later does not change the cost of what came before, nor do threads")
  func causal() throws {
    let model = try TestModel.language(.lstm)
    let whole = letters(500, seed: 3)
    let changed = String(whole.prefix(300)) + "ponmlkji" + whole.dropFirst(308)
    let (found, other) = (try nats(model, whole), try nats(model, changed))
    #expect(found.prefix(299) == other.prefix(299) && found != other)
    #expect(try nats(model, String(whole.prefix(301))).prefix(300) == found.prefix(300))
    #expect(try nats(model, whole, threadCount: 3) == found)
  }

  @Test("the model stays as it was, and a second reading costs the same")
  func repeated() throws {
    let model = try TestModel.language(.lstm)
    let encoded = try text(model, letters(600, seed: 4))
    let before = model.snapshot.parameterStore.flat.array
    let dynamic = try DynamicModel(model, training: encoded.tokens, rates: Self.rates)
    let first = try dynamic.evaluate(encoded)
    #expect(try dynamic.evaluate(encoded) == first && model.snapshot.parameterStore.flat.array == before)
    let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: 600)
    let mixed = try dynamic.evaluate(encoded, mixedWith: counts)
    #expect(mixed.base.sums == first.sums && mixed.mixedNats < first.sums.nats)
  }

  @Test("a strong decay keeps it near the model as it was trained")
  func decay() throws {
    let model = try TestModel.language(.lstm)
    let letters = letters(1500, seed: 5)
    let still = try nats(model, letters, rates: DynamicRates(learningRate: 0, decay: 0))
    let distances = try ([0, 0.01, 1] as [Float]).map { decay in
      let found = try nats(model, letters, rates: DynamicRates(learningRate: 1e-2, decay: decay))
      return zip(found, still).map { abs($0 - $1) }.reduce(0, +)
    }
    #expect(distances == distances.sorted(by: >), "\(distances)")
  }

  @Test("rates are chosen by what they cost, and the choice is told")
  func search() throws {
    let model = try TestModel.language(.lstm)
    let training = try text(model, letters(3000, seed: 6)).tokens
    var tried: [(DynamicRates, Double)] = []
    let dynamic = try DynamicModel(model, training: training) { tried.append(($0, $1)) }
    let best = try #require(tried.min { $0.1 < $1.1 })
    #expect(dynamic.rates == best.0 && tried.count >= 4)
    let found = try DynamicRates.best { rates in
      let (rate, decay) = (Double(rates.learningRate), Double(rates.decay))
      return abs(log(rate / 2.5e-4)) + abs(decay - 0.01)
    }
    #expect(found == DynamicRates(learningRate: 2.5e-4, decay: 0.01))
  }

  @Test("a document begins from the zero state, and a text too short to learn from is read")
  func documentsAndShortTexts() throws {
    let model = try TestModel.language(.lstm)
    let document = try #require(model.tokenizer.vocabulary.documentID)
    let training = try text(model, letters(500, seed: 7)).tokens
    let dynamic = try DynamicModel(
      model, training: training, rates: DynamicRates(learningRate: 0, decay: 0))
    let tokens: [TokenID] = [document, 4, 9, 3, document, 4, 9, 3]
    let evaluator = dynamic.evaluator
    let losses = Buffer<Float>(count: tokens.count - 1)
    _ = try evaluator.stateful(
      TokenText(TokenSequence(tokens, vocabularyCount: 18)), documentID: document,
      observer: PredictionObserver(losses: losses.view))
    #expect(losses.view.array[0..<3].elementsEqual(losses.view.array[4..<7]))
    for count in [2, 3] {
      let short = try text(model, String(repeating: "a", count: count))
      #expect(try DynamicModel(model, training: short.tokens).evaluate(short).sums.tokenCount == short.tokens.count - 1)
    }
  }
}
