import CharLM
import CharLMData
import CharLMText
import Foundation
import RecurrentNN
import Testing

@Suite("Ensembles") struct EnsembleTests {
  private static func probabilities(_ logits: [Float]) -> [Double] {
    let largest = Double(logits.max() ?? 0)
    let weights = logits.map { exp(Double($0) - largest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The probabilities of what follows each token of a text.
  private func probabilities(_ models: [LanguageModel], _ tokens: [TokenID]) -> [[Double]] {
    let network = StreamEnsemble(models.map(\.snapshot), rowCount: 1, StreamOptions(threadCount: 2))
    let state = network.makeState()
    return tokens.map { token in
      network.step({ _ in token }, state)
      return Self.probabilities(network.logits(state).row(0).array)
    }
  }

  private func text(_ model: some Predictor, _ text: String) throws -> EvaluationText {
    try EvaluationText(text: text, tokenizer: model.tokenizer)
  }

  /// Models of one vocabulary whose sizes and cells differ.
  private func different() throws -> [(name: String, model: LanguageModel)] {
    [
      ("a", try TestModel.language(.lstm)), ("b", try TestModel.language(.gru, hidden: 24, seed: 8)),
      ("c", try TestModel.language(.rnn, tied: true, hidden: 64, seed: 9)),
    ]
  }

  @Test("the mean of logits is that of their probabilities, however far apart they are")
  func mean() {
    let logits: [[Float]] = [[1, 2, 3, -200], [500, -500, 0, 499], [-3, -3, -3, -3]]
    let mean = ProbabilityMean(vocabularyCount: 4)
    let rows = logits.map { values in
      let row = Buffer<Float>(count: 4)
      row.view.copy(from: values)
      return row
    }
    mean.average(rows.map(\.view))
    for token in 0..<4 {
      let expected = logits.reduce(0) { $0 + Self.probabilities($1)[token] } / 3
      #expect(abs(exp(Double(rows[0].view[token])) - expected) <= 1e-6 * expected, "token \(token)")
    }
  }

  @Test("a probability too small for a float stays a number")
  func tinyProbabilities() {
    let (mean, row, other) = (ProbabilityMean(vocabularyCount: 2), Buffer<Float>(count: 2), Buffer<Float>(count: 2))
    for row in [row, other] { row.view.copy(from: [0, -300]) }
    mean.average([row.view, other.view])
    #expect(row.view.array == [0, -300])
  }

  @Test("one model is left as it is, bit for bit", arguments: CellKind.allCases)
  func single(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let ensemble = try Ensemble([("a", model)])
    var (one, other) = (Generator(model, randomSeed: 5), Generator(ensemble, randomSeed: 5))
    one.read(4)
    other.read(4)
    #expect((0..<50).map { _ in one.next() } == (0..<50).map { _ in other.next() })
    let text = try text(model, "abcdefghijklmnop")
    #expect(try model.evaluate(text, threadCount: 1) == ensemble.evaluate(text, threadCount: 2))
  }

  @Test("a model with itself predicts what it does alone", arguments: CellKind.allCases)
  func twice(_ cell: CellKind) throws {
    let model = try TestModel.language(cell)
    let twice = try Ensemble([("a", model), ("again", model), ("and again", model)])
    let text = try text(model, String(repeating: "abcponmhgdef", count: 30))
    for evaluationProtocol in Evaluation.EvaluationProtocol.allCases {
      let alone = try model.evaluate(text, by: evaluationProtocol, threadCount: 1)
      let together = try twice.evaluate(text, by: evaluationProtocol, threadCount: 2)
      #expect(abs(alone.sums.natsPerToken - together.sums.natsPerToken) <= 1e-6)
      #expect(alone.predicted == together.predicted && alone.sums.tokenCount == together.sums.tokenCount)
    }
  }

  @Test("the probabilities of several are the mean of each one's")
  func several() throws {
    let models = try different().map(\.model)
    let tokens: [TokenID] = [3, 17, 2, 9, 9, 4]
    let each = models.map { probabilities([$0], tokens) }
    let together = probabilities(models, tokens)
    for place in tokens.indices {
      for token in together[place].indices {
        let expected = each.reduce(0) { $0 + $1[place][token] } / Double(models.count)
        #expect(abs(together[place][token] - expected) <= 1e-6 * expected, "place \(place), token \(token)")
      }
    }
  }

  @Test("evaluation sums the probabilities that sampling draws from")
  func agreement() throws {
    let ensemble = try Ensemble(different())
    let text = try text(ensemble, String(repeating: "jabcponmhgdefkil", count: 20))
    let tokens = try text.tokens.tokens(0..<text.tokens.count)
    let probabilities = probabilities(ensemble.models, Array(tokens.dropLast()))
    let nats = zip(probabilities, tokens.dropFirst()).reduce(0) { $0 - log($1.0[Int($1.1)]) }
    let sums = try ensemble.evaluate(text, threadCount: 2).sums
    #expect(abs(sums.nats - nats) <= 1e-5 * nats)
    let correctCount = zip(probabilities, tokens.dropFirst()).count { $0.0[Int($0.1)] == $0.0.max() }
    #expect(sums.correctCount == correctCount)
  }

  @Test("an ensemble's streams write what each writes alone, and copies go on by themselves")
  func streams() throws {
    let ensemble = try Ensemble(different())
    let group = GeneratorGroup(ensemble, capacity: 3, precision: .bfloat16, threadCount: 2)
    for randomSeed in 1...3 { _ = group.add([4], randomSeed: UInt64(randomSeed)) }
    let together = (0..<40).map { _ in group.step().map(\.token) }
    for row in 0..<3 {
      var alone = Generator(ensemble, randomSeed: 1 + UInt64(row), precision: .bfloat16)
      alone.read(4)
      var copy = alone
      let written = (0..<40).map { _ in alone.next() }
      #expect(together.map { $0[row] } == written)
      #expect((0..<40).map { _ in copy.next() } == written)
    }
  }

  @Test("a document token resets every model")
  func documents() throws {
    let models = try different().map(\.model)
    let document = try #require(models[0].tokenizer.vocabulary.documentID)
    var (used, new) = (
      Generator(try Ensemble(different()), randomSeed: 1), Generator(try Ensemble(different()), randomSeed: 1)
    )
    for token in [document, 6, 7, 8, document] { used.read(token) }
    new.read(document)
    #expect((0..<20).map { _ in used.next() } == (0..<20).map { _ in new.next() })
  }

  @Test("models of other vocabularies and settings are refused, saying where they differ")
  func mismatch() throws {
    let model = try TestModel.language(.lstm)
    func other(_ letters: [String], _ settings: TextSettings) throws -> LanguageModel {
      let vocabulary = try Vocabulary(tokens: [.special(.document), .special(.unknown)] + letters.map { Token($0) })
      let tokenizer = Tokenizer(vocabulary: vocabulary, settings: settings)
      let store = NetworkWeights.initialStore(
        NetworkSettings(hidden: 4, embedding: 4), inputVocabulary: vocabulary.count, outputVocabulary: vocabulary.count,
        seed: 1)
      let snapshot = ModelSnapshot(
        kind: .language, created: "", settings: NetworkSettings(hidden: 4, embedding: 4), tokenizer: tokenizer,
        outputTokenizer: tokenizer, training: model.snapshot.training, parameters: store)
      return try #require(LanguageModel(snapshot))
    }
    let letters = "abcdefghijklmnop".map { String($0) }
    for (changed, settings, message) in [
      (Array(letters.dropLast()), TextSettings(), "token 17 is 'p' in the one, missing in the other"),
      (["A"] + letters.dropFirst(), TextSettings(), "token 2 is 'a' in the one, 'A' in the other"),
      (letters, TextSettings(unit: .scalar), "the unit is grapheme in the one, scalar in the other"),
    ] {
      let error = #expect(throws: ModelMismatch.self) {
        _ = try Ensemble([("a.safetensors", model), ("b.safetensors", try other(changed, settings))])
      }
      #expect(error?.description == "a.safetensors and b.safetensors differ: " + message)
    }
  }
}
