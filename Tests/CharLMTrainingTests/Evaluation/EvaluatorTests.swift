import CharLM
import CharLMData
import CharLMText
@testable import CharLMTraining
import RecurrentNN
import Testing

@Suite struct EvaluatorTests {
  @Test("parallel streams with a warm-up agree with a single one", arguments: [CellKind.lstm, .gru])
  func parallel(_ cell: CellKind) throws {
    var variant = TrainerVariant(batch: 16, bptt: 16)
    variant.model = NetworkSettings(cell: cell, hidden: 16, embedding: 7)
    let source = MarkovSource(symbolCount: TrainerVariant.vocabularyCount, skew: 2.5, seed: 1)
    let trainer = variant.makeTrainer(source.text(count: 8000, seed: 2))
    try trainer.run(40)
    let text = source.text(count: 20_000, seed: 3)
    let evaluator = trainer.makeEvaluator()
    let parallel = try evaluator.stateful(TokenText(text), documentID: nil)
    let single = try evaluator.stateful(TokenText(text), documentID: nil, isSingleStream: true)
    #expect(parallel.tokenCount == 19_999 && single.tokenCount == 19_999)
    // The promise is 0.001. A small model's state forgets within a warm-up all but rounding, so this is stricter: nine
    // streams without their warm-up would differ by some nats in 19,999, which the promise alone would not notice.
    #expect(abs(parallel.natsPerToken - single.natsPerToken) <= 1e-6)
    #expect(abs(parallel.correctCount - single.correctCount) <= 1)
  }

  @Test("every token but the first is predicted once", arguments: [2, 3, 64, 65, 66, 2048, 2049, 4097, 4098, 9001])
  func count(tokenCount: Int) throws {
    let evaluator = Self.smallest.makeTrainer().makeEvaluator()
    let evaluation = try evaluator.stateful(TokenText(TestText.uniform(count: tokenCount)), documentID: nil)
    #expect(evaluation.tokenCount == tokenCount - 1)
    #expect((evaluation.natsPerToken - 2.77).magnitude < 1, "\(evaluation)")
  }

  @Test("a text without a prediction has none", arguments: [0, 1])
  func empty(tokenCount: Int) throws {
    let evaluator = Self.smallest.makeTrainer().makeEvaluator()
    let text = TokenText(TestText.uniform(count: tokenCount))
    #expect(try evaluator.stateful(text, documentID: nil).tokenCount == 0)
    #expect(try evaluator.cold256(text).tokenCount == 0)
  }

  @Test("the losses are the reference's, with documents and without", arguments: [nil, 5 as TokenID?])
  func reference(documentID: TokenID?) throws {
    let trainer = TrainerVariant().makeTrainer()
    let text = TestText.uniform(count: 90)
    let evaluation = try trainer.makeEvaluator().stateful(TokenText(text), documentID: documentID)
    let tokens = text.map { Int($0) }
    var problem = NetworkProblem(trainer.network, vocabularyCount: TrainerVariant.vocabularyCount, lengths: [89])
    problem.tokens = [Array(tokens.dropLast())]
    problem.targets = [Array(tokens.dropFirst())]
    problem.resets = tokens.indices.dropLast().filter { documentID.map(Int.init) == tokens[$0] }.map {
      Walk.Reset(step: $0, row: 0)
    }
    problem.initialHidden = problem.initialHidden.map { [$0[0].map { _ in 0 }] }
    problem.initialCell = problem.initialCell.map { [$0[0].map { _ in 0 }] }
    for layout in trainer.parameters.layouts {
      problem.parameters[layout.name] = trainer.parameters.values(named: layout.name)
    }
    let expected = problem.solvedByReference()
    let width = TrainerVariant.vocabularyCount
    let correctCount = problem.targets[0].enumerated().count { place, target in
      let logits = expected.logits[place * width..<(place + 1) * width]
      return logits[logits.startIndex + target] == logits.max()
    }
    #expect(abs(evaluation.natsPerToken - expected.loss) <= 1e-5 * expected.loss)
    #expect(evaluation.correctCount == correctCount)
    #expect(documentID == nil || problem.resets.count > 2, "the text has documents")
    if documentID == nil {
      let cold = try trainer.makeEvaluator().cold256(TokenText(text))
      #expect(abs(cold.natsPerToken - expected.loss) <= 1e-5 * expected.loss, "a text shorter than a window")
    }
  }

  @Test("the cold protocol draws the same windows each time, whatever the threads", arguments: [300, 257, 40, 5000])
  func cold(tokenCount: Int) throws {
    var variant = Self.smallest
    let text = TokenText(TestText.uniform(count: tokenCount))
    let first = try variant.makeTrainer().makeEvaluator().cold256(text)
    variant.threadCount = 2
    let evaluator = variant.makeTrainer().makeEvaluator()
    #expect(try evaluator.cold256(text) == first)
    #expect(try evaluator.cold256(text) == first)
    #expect(first.tokenCount % min(256, tokenCount - 1) == 0)
  }

  private static let smallest: TrainerVariant = {
    var variant = TrainerVariant()
    variant.model = NetworkSettings(cell: .rnn, hidden: 4, embedding: 3)
    return variant
  }()
}
