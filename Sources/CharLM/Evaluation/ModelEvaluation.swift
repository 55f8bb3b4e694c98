import CharLMData
import CharLMText
import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a language model, or an ensemble, makes of a text: its losses, and the size of the text that it predicted.
public struct ModelEvaluation: Hashable, Sendable {
  /// The sums over all predictions.
  public let sums: Evaluation
  /// Bytes and graphemes of what was predicted.
  public let predicted: TextExtent
  /// How many tokens of the text the vocabulary lacks.
  public let unknownCount: Int

  /// The mean of −log₂ p over the bytes of the predicted text.
  public var bitsPerByte: Double { sums.bits / Double(predicted.byteCount) }
  /// The mean of −log₂ p over the graphemes of the predicted text.
  public var bitsPerGrapheme: Double { sums.bits / Double(predicted.graphemeCount) }
}

extension Evaluation {
  /// The number of equally likely tokens that would be as hard to predict: exp of the mean loss.
  public var perplexity: Double { exp(natsPerToken) }
}

extension TextModel {
  /// Reads a text and sums the losses. What `charlm eval` prints comes from here, and so does what training says of the
  /// model that it saved.
  ///
  /// - Parameters:
  ///   - text: encoded with this model's tokenizer.
  ///   - evaluationProtocol: how it is read.
  ///   - threadCount: does not change the result.
  /// - Returns: `stateful`: the extent of the text's predicted part as it was before normalization; `cold256`: that of
  ///   the windows' predicted text, decoded, overlaps counted as often as they were read; unknown tokens have none.
  /// - Throws: `TokenFileError` where the text's tokens lie in a file that cannot be read.
  public func evaluate(
    _ text: EvaluationText, by evaluationProtocol: Evaluation.EvaluationProtocol = .stateful, threadCount: Int
  ) throws(TokenFileError) -> ModelEvaluation {
    let pool = WorkerPool(threadCount: threadCount)
    let evaluator = Evaluator(models.map { Evaluator.weights(of: $0.snapshot) }, pool: pool)
    switch evaluationProtocol {
    case .stateful:
      let sums = try evaluator.stateful(text.tokens, documentID: tokenizer.vocabulary.documentID)
      return ModelEvaluation(sums: sums, predicted: text.predicted, unknownCount: text.unknownCount)
    case .cold256:
      var predicted = TextExtent(byteCount: 0, graphemeCount: 0)
      for window in Evaluator.coldWindows(tokenCount: text.tokens.count) {
        let extent = decodedExtent(try text.tokens.tokens(window))
        predicted.byteCount += extent.byteCount
        predicted.graphemeCount += extent.graphemeCount
      }
      return ModelEvaluation(
        sums: try evaluator.cold256(text.tokens), predicted: predicted, unknownCount: text.unknownCount)
    }
  }

  /// The text of a window's tokens but the first, which is context: its bytes, and the graphemes that begin in it.
  private func decodedExtent(_ window: [TokenID]) -> TextExtent {
    let utf8 = tokenizer.decode(window)
    let start = window.first.map { tokenizer.vocabulary.bytes(of: $0).count } ?? 0
    var extent = TextExtent(byteCount: utf8.count - start, graphemeCount: 0)
    Segmenter(unit: .grapheme).forEachToken(in: utf8.span) { if $0.lowerBound >= start { extent.graphemeCount += 1 } }
    return extent
  }
}
