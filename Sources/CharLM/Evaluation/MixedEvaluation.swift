import CharLMData
import CharLMText
import RecurrentNN

/// What a predictor makes of a text alone, and mixed with counts that adapt.
public struct MixedEvaluation: Sendable {
  /// The predictor alone.
  public let base: ModelEvaluation
  /// The sum of −log p of the mixture, in nats, over the same predictions.
  public let mixedNats: Double
  /// −log p of each predicted token, in nats, as in `ModelEvaluation.tokenNats`.
  public let mixedTokenNats: [Float]

  /// The mean of −log₂ p over the bytes of the predicted text.
  public var mixedBitsPerByte: Double {
    Evaluation.bits(nats: mixedNats) / Double(base.predicted.byteCount)
  }
}

extension Evaluator {
  /// Reads a text once, in order, and mixes what the reader predicts with counts that learn from the text.
  ///
  /// The base reads first, in whatever order is fastest, and leaves what it says of the choices on the way to each token,
  /// 4 bytes a choice; then the counts read, in order.
  package func mixed(
    _ text: EvaluationText, with counts: AdaptiveCounts
  ) throws(TokenFileError) -> MixedEvaluation {
    let tokens = try text.tokens.tokens()
    let opinions = TreeOpinions(counts.mixer.tree, of: Array(tokens.dropFirst()))
    let documentID = counts.tokenizer.vocabulary.documentID
    let losses = Buffer<Float>(count: max(tokens.count - 1, 0))
    let observer = PredictionObserver(losses: losses.view) { opinions.set($0, $1) }
    let sums = try stateful(text.tokens, documentID: documentID, observer: observer)
    var stream = counts.makeStream()
    var nats: [Float] = []
    var total = 0.0
    if let first = tokens.first { stream.read(first) }
    for (place, token) in tokens.dropFirst().enumerated() {
      let cost = stream.nats(reading: token, outside: opinions.way(to: place))
      nats.append(Float(cost))
      total += cost
    }
    return MixedEvaluation(
      base: ModelEvaluation(
        sums: sums, predicted: text.predicted, unknownCount: text.unknownCount, tokenNats: losses.view.array),
      mixedNats: total, mixedTokenNats: nats)
  }
}

extension Predictor {
  /// Reads a text once, in order, alone and mixed with counts that learn from the text.
  ///
  /// - Parameters:
  ///   - text: encoded with this model's tokenizer.
  ///   - counts: of the same vocabulary, as they are before the text.
  ///   - threadCount: does not change the result.
  /// - Throws: `TokenFileError` where the text's tokens lie in a file that cannot be read.
  public func evaluate(
    _ text: EvaluationText, mixedWith counts: AdaptiveCounts, threadCount: Int = 1
  ) throws(TokenFileError) -> MixedEvaluation {
    try Evaluator(self, threadCount: threadCount).mixed(text, with: counts)
  }
}
