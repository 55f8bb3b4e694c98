import CharLM
import CharLMText
import RecurrentNN

/// What a run will take, before it starts.
public struct TrainingEstimate: Hashable, Sendable {
  /// The number of parameters.
  public let parameterCount: Int
  /// Updates; nil where the clock decides.
  public let stepCount: Int?
  /// Updates that go once through the training text.
  public let stepsPerEpoch: Double
  /// Memory for parameters, optimizer and workspaces, in bytes: a lower bound.
  public let memoryByteCount: Int

  /// The estimate for a job under settings; no large memory is asked for.
  public init(_ job: TrainingData, model: NetworkSettings, training: TrainingSettings) {
    let outputCount = job.outputTokenizer.vocabulary.count
    parameterCount = model.parameterCount(
      inputVocabulary: job.tokenizer.vocabulary.count, outputVocabulary: outputCount)
    stepsPerEpoch =
      job.pairCount.map { Double($0) / Double(training.batch) }
      ?? Double(job.trainTokenCount) / (Double(training.batch) * ChunkLengths(training).mean)
    stepCount = training.length.stepCount(stepsPerEpoch: stepsPerEpoch)
    // Parameters, gradients, two moments, the best, packed forward and backward; a row's logits and each layer's gates,
    // states and output.
    let rowCount = Double(training.batch * training.bptt)
    let gateWidth = model.cell.gateCount * (model.layerNorm ? 3 : 1)
    let layerWidth = (gateWidth + 4) * model.hidden * (model.bidirectional ? 2 : 1)
    let workspace = rowCount * Double(outputCount + model.layers * layerWidth)
    memoryByteCount = Int(4 * (7 * Double(parameterCount) + workspace))
  }
}

extension TrainingRecord {
  /// Trained tokens a second, of the time in updates alone.
  public var tokensPerSecond: Double { Double(trainedTokens) / secondsInSteps }
}
