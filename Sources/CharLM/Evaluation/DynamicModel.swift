import CharLMData
import CharLMText
import RecurrentNN

/// A language model that goes on learning while it is evaluated: from each chunk of 32 tokens after it was predicted,
/// never before, and drawn back to what it was trained to be (Krause et al. 2018).
///
///     let dynamic = try DynamicModel(model, training: corpus.train)
///     print(try dynamic.evaluate(validation).bitsPerByte)
///
/// How large gradients usually are, and the rates, come from the training text. The model itself never changes.
public final class DynamicModel {
  /// The model as it was trained.
  public let model: LanguageModel
  /// How it learns.
  public var rates: DynamicRates { reader.rates }
  private let reader: DynamicReader

  /// So many tokens are predicted before it learns from them.
  public static let chunkLength = DynamicNetwork.chunkLength
  var evaluator: Evaluator { Evaluator(reader) }

  private static let measuredChunkCount = 500
  private static let searchedTokenCount = 16_384

  /// A model that learns at the given rates, or at the best of some that are tried on the end of the training text.
  /// - Parameters:
  ///   - training: the text that the model was trained on.
  ///   - rates: nil to choose them.
  ///   - threadCount: does not change the result.
  ///   - observe: called with each pair of rates that was tried, and the mean loss in nats.
  /// - Throws: `TokenFileError` where the text lies in a file that cannot be read.
  public init(
    _ model: LanguageModel, training: TokenText, rates: DynamicRates? = nil, threadCount: Int = 1,
    observe: (DynamicRates, Double) -> Void = { _, _ in }
  ) throws(TokenFileError) {
    self.model = model
    let network = DynamicNetwork(model.snapshot, pool: WorkerPool(threadCount: threadCount))
    let documentID = model.tokenizer.vocabulary.documentID
    try network.measureGradients(
      training, documentID: documentID, chunkCount: DynamicModel.measuredChunkCount)
    reader = DynamicReader(network, rates: rates ?? DynamicRates(learningRate: 0, decay: 0))
    guard rates == nil else { return }
    let end = training[max(0, training.count - DynamicModel.searchedTokenCount)..<training.count]
    reader.rates = try DynamicRates.best { rates throws(TokenFileError) in
      reader.rates = rates
      let loss = try Evaluator(reader).stateful(end, documentID: documentID).natsPerToken
      observe(rates, loss)
      return loss.isFinite ? loss : .infinity
    }
  }

  /// Reads a text once, in order, from the trained parameters on.
  /// - Throws: `TokenFileError` where the text's tokens lie in a file that cannot be read.
  public func evaluate(
    _ text: EvaluationText, keepsTokenNats: Bool = false
  ) throws(TokenFileError) -> ModelEvaluation {
    let losses = keepsTokenNats ? Buffer<Float>(count: max(text.tokens.count - 1, 0)) : nil
    let sums = try evaluator.stateful(
      text.tokens, documentID: model.tokenizer.vocabulary.documentID,
      observer: PredictionObserver(losses: losses?.view))
    return ModelEvaluation(
      sums: sums, predicted: text.predicted, unknownCount: text.unknownCount, tokenNats: losses?.view.array)
  }

  /// The same, and mixed with counts that learn from the text, too.
  public func evaluate(
    _ text: EvaluationText, mixedWith counts: AdaptiveCounts
  ) throws(TokenFileError) -> MixedEvaluation { try evaluator.mixed(text, with: counts) }
}

extension DynamicRates {
  /// The best of rates that are tried from the usual ones on: first the learning rate up or down by factors of two as
  /// long as that helps, then the decay.
  static func best(
    _ loss: (DynamicRates) throws(TokenFileError) -> Double
  ) throws(TokenFileError) -> DynamicRates {
    var best = DynamicRates(learningRate: usualLearningRates[usualLearningRates.count / 2], decay: usualDecays[1])
    var least = try loss(best)
    func climb(_ candidates: [DynamicRates]) throws(TokenFileError) {
      for candidate in candidates {
        let found = try loss(candidate)
        guard found < least else { return }
        (best, least) = (candidate, found)
      }
    }
    let middle = usualLearningRates.count / 2
    let first = best
    try climb(usualLearningRates[(middle + 1)...].map { DynamicRates(learningRate: $0, decay: first.decay) })
    if best == first {
      try climb(usualLearningRates[..<middle].reversed().map { DynamicRates(learningRate: $0, decay: first.decay) })
    }
    let rate = best.learningRate
    try climb(usualDecays[2...].map { DynamicRates(learningRate: rate, decay: $0) })
    if best.decay == first.decay { try climb([DynamicRates(learningRate: rate, decay: usualDecays[0])]) }
    return best
  }

  private static let usualLearningRates: [Float] = [6.25e-5, 1.25e-4, 2.5e-4, 5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2]
  private static let usualDecays: [Float] = [0, 0.002, 0.01, 0.05]
}
