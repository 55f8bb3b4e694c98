import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a predictor makes of a text: its losses, and the size of the text that it predicted.
public struct ModelEvaluation: Hashable, Sendable {
  /// The sums over all predictions.
  public let sums: Evaluation
  /// Bytes and graphemes of what was predicted.
  public let predicted: TextExtent
  /// How many tokens of the text the vocabulary lacks.
  public let unknownCount: Int
  /// −log p of each predicted token, in nats, in the order of the text (of `cold256`, window after window): element i is
  /// the loss of token i + 1. nil unless it was asked for.
  public let tokenNats: [Float]?

  /// The mean of −log₂ p over the bytes of the predicted text.
  public var bitsPerByte: Double { sums.bits / Double(predicted.byteCount) }
  /// The mean of −log₂ p over the graphemes of the predicted text.
  public var bitsPerGrapheme: Double { sums.bits / Double(predicted.graphemeCount) }
}

extension Evaluation {
  /// The number of equally likely tokens that would be as hard to predict: exp of the mean loss.
  public var perplexity: Double { exp(natsPerToken) }

  /// The number of equally likely choices that so many bits stand for: 2 to their power.
  public static func choices(bits: Double) -> Double { exp2(bits) }
}

extension Predictor {
  /// Reads a text and sums the losses.
  ///
  /// - Parameters:
  ///   - text: encoded with this model's tokenizer.
  ///   - evaluationProtocol: how it is read.
  ///   - threadCount: does not change the result.
  ///   - keepsTokenNats: whether each token's loss is kept, which takes 4 bytes a token.
  ///   - precision: what a network's weights are kept in, to learn what a precision of sampling costs; nil for float32
  ///     by the engine of training, which is faster.
  ///   - communicator: the ranks that read the text together; each of them has to call this, and gets the whole result.
  /// - Returns: `stateful`: the extent of the text's predicted part as it was before normalization; `cold256`: that of
  ///   the windows' predicted text, decoded, overlaps counted as often as they were read; unknown tokens have none.
  /// - Throws: `TokenFileError` where the text's tokens lie in a file that cannot be read.
  public func evaluate(
    _ text: EvaluationText, by evaluationProtocol: Evaluation.EvaluationProtocol = .stateful, threadCount: Int = 1,
    keepsTokenNats: Bool = false, precision: StreamPrecision? = nil, communicator: Communicator = .alone
  ) throws(TokenFileError) -> ModelEvaluation {
    let evaluator = Evaluator(self, threadCount: threadCount, precision: precision)
    let windows =
      switch evaluationProtocol {
      case .stateful: text.tokens.count > 1 ? [0..<text.tokens.count] : []
      case .cold256: Evaluator.coldWindows(tokenCount: text.tokens.count)
      }
    let losses = keepsTokenNats ? Buffer<Float>(count: windows.reduce(0) { $0 + $1.count - 1 }) : nil
    let observer = PredictionObserver(losses: losses?.view)
    let (sums, predicted): (Evaluation, TextExtent)
    switch evaluationProtocol {
    case .stateful:
      sums = try evaluator.stateful(
        text.tokens, documentID: tokenizer.vocabulary.documentID, observer: observer, communicator: communicator)
      predicted = text.predicted
    case .cold256:
      sums = try evaluator.cold256(text.tokens, observer: observer, communicator: communicator)
      predicted = try decodedExtent(windows, of: text.tokens)
    }
    if let losses { communicator.merge(losses.view) }
    return ModelEvaluation(
      sums: sums, predicted: predicted, unknownCount: text.unknownCount, tokenNats: losses?.view.array)
  }

  /// Reads a text and sums the losses.
  /// - Throws: `CorpusError.text` where the text has tokens that the vocabulary lacks, `.tooShort` where it has fewer than
  ///   two tokens.
  public func evaluate(
    _ text: String, by evaluationProtocol: Evaluation.EvaluationProtocol = .stateful, threadCount: Int = 1,
    keepsTokenNats: Bool = false
  ) throws(CorpusError) -> ModelEvaluation {
    let encoded = try EvaluationText(text: text, tokenizer: tokenizer)
    return try mapError(
      CorpusError.tokens,
      evaluate(encoded, by: evaluationProtocol, threadCount: threadCount, keepsTokenNats: keepsTokenNats))
  }

  /// Bytes and graphemes of what is predicted in windows of a text, overlaps counted as often as they are read.
  private func decodedExtent(_ windows: [Range<Int>], of tokens: TokenText) throws(TokenFileError) -> TextExtent {
    var predicted = TextExtent(byteCount: 0, graphemeCount: 0)
    for window in windows {
      let extent = tokenizer.predictedExtent(try tokens.tokens(window))
      predicted.byteCount += extent.byteCount
      predicted.graphemeCount += extent.graphemeCount
    }
    return predicted
  }
}
