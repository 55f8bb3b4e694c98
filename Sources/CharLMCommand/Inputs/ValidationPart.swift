import CharLM
import CharLMData
import CharLMTraining

/// Which part of a corpus a model is validated on, in words.
struct ValidationPart {
  private let record: CorpusRecord
  private let tokenCount: Int
  private let wholeTokenCount: Int

  init(_ corpus: Corpus, _ text: EvaluationText) {
    record = corpus.record
    (tokenCount, wholeTokenCount) = (text.tokens.count, corpus.validation?.tokens.count ?? 0)
  }

  init(_ data: TrainingData) {
    record = data.corpus
    (tokenCount, wholeTokenCount) = (data.validationTokenCount, data.wholeValidationTokenCount)
  }

  /// "the last 10% of the text", or "65,536 of 4,200,000 tokens of the last 10% of the text".
  var text: String {
    let whole =
      record.validationFile.map { "the validation file \($0.path)" }
      ?? "the last \(Quantity.short(Float(record.validationFraction * 100)))% of the text"
    return isWhole
      ? whole : "\(Quantity.count(tokenCount)) of \(Quantity.count(wholeTokenCount)) tokens of \(whole)"
  }

  /// Whether no token is left out.
  var isWhole: Bool { tokenCount == wholeTokenCount }
}
