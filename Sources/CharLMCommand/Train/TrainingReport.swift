import CharLM
import CharLMData
import CharLMText
import CharLMTraining

/// What `charlm train --json` prints: the run, and its saved model as `charlm eval` measures it.
struct TrainingReport: Encodable, Sendable {
  let model: String
  let corpusBytes: Int
  let trainTokens: Int
  let validTokens: Int
  let vocabulary: Int
  let parameters: Int
  let steps: Int
  let epochs: Double
  let seconds: Double
  let trainTokensPerSecond: OrNull<Double>
  let trainNats: OrNull<Double>
  let validNatsStateful: OrNull<Double>
  let validBitsPerToken: OrNull<Double>
  let validBitsPerByte: OrNull<Double>
  let bestStep: Int
  let peakRssMb: Double

  /// Evaluates the model that was saved.
  init(_ run: TrainingRun, _ saved: ModelSnapshot, threadCount: Int) throws {
    let record = run.record
    let (sums, bitsPerByte) = try TrainingReport.evaluate(saved, run.data, threadCount: threadCount)
    model = run.modelPath ?? ""
    corpusBytes = record.corpus.byteCount
    trainTokens = run.data.trainTokenCount
    validTokens = run.data.validationTokenCount
    vocabulary = run.data.tokenizer.vocabulary.count
    parameters = saved.parameterCount
    (steps, epochs, seconds) = (record.steps, record.epochs, record.seconds)
    trainTokensPerSecond = OrNull(finite: record.tokensPerSecond)
    trainNats = OrNull(finite: record.history.last?.trainNats)
    validNatsStateful = OrNull(finite: sums?.natsPerToken)
    validBitsPerToken = OrNull(finite: sums?.bitsPerToken)
    validBitsPerByte = OrNull(finite: bitsPerByte)
    bestStep = record.history.isEmpty ? record.steps : record.bestStep
    peakRssMb = ThisProcess.peakMegabytes
  }

  private static func evaluate(
    _ saved: ModelSnapshot, _ data: TrainingData, threadCount: Int
  ) throws -> (sums: Evaluation?, bitsPerByte: Double?) {
    if let model = LanguageModel(saved), let text = data.validationText {
      let evaluation = try model.evaluate(text, threadCount: threadCount)
      return (evaluation.sums, evaluation.bitsPerByte)
    }
    if let model = Transducer(saved), !data.validationPairs.isEmpty {
      return (model.evaluate(data.validationPairs).sums, nil)
    }
    return (nil, nil)
  }
}
