import CharLM
import CharLMData
import CharLMText
@testable import CharLMTraining
import RecurrentNN
import Testing

@Suite struct LearningTests {
  @Test("training comes within 3 % of a source's entropy and not below it", arguments: [CellKind.lstm, .gru, .rnn])
  func entropy(_ cell: CellKind) throws {
    let source = MarkovSource(symbolCount: 6, skew: 2.5, seed: 1)
    let trainer = Self.trainer(cell, source.text(count: 100_000, seed: 2))
    while trainer.stepCount < trainer.totalStepCount ?? 0 { _ = try trainer.step() }

    let text = source.text(count: 20_000, seed: 3)
    let evaluation = try trainer.makeEvaluator().stateful(TokenText(text), documentID: nil)
    let (loss, entropy) = (evaluation.natsPerToken, source.entropyRate)
    let surprisals = source.surprisals(of: text)
    let mean = surprisals.reduce(0, +) / Double(surprisals.count)
    let variance = surprisals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(surprisals.count)
    let standardError = (variance / Double(surprisals.count)).squareRoot()
    let what = "\(cell): loss \(loss), entropy \(entropy) ± \(standardError), of this text \(mean)"
    #expect(abs(mean - entropy) <= 4 * standardError, "\(what)")
    #expect(loss <= 1.03 * entropy, "\(what)")
    #expect(loss >= entropy - 4 * standardError, "\(what)")
    // A model q that sees the past alone gains Σ log q/p on the source p with E[exp gain] = 1, so a gain of 20 nats on
    // the whole text has a chance below e⁻²⁰ (Markov's inequality). The text's first predictions can only lose.
    #expect(evaluation.nats - surprisals.reduce(0, +) >= -20, "\(what)")
    #expect(source.entropyRateOfOneSymbol >= 1.1 * entropy, "a context of one symbol must not be enough")
  }

  static func trainer(_ cell: CellKind, _ text: TokenSequence) -> Trainer {
    let model = NetworkSettings(cell: cell, hidden: 24, embedding: 6)
    let settings = TrainingSettings(
      batch: 32, bptt: 16, length: .steps(400), schedule: LearningRateSchedule(peak: 0.03, warmupStepCount: 20),
      validationInterval: 1000)
    return Trainer(
      network: model,
      parameters: NetworkWeights.initialStore(model, inputVocabulary: 6, outputVocabulary: 6, seed: 4),
      source: StreamBatches(TokenText(text), batchSize: settings.batch, timeStepCount: settings.bptt, documentID: nil),
      settings: settings, threadCount: 1)
  }
}
