import CharLM
import CharLMText
import RecurrentNN

/// The size of a run before it starts: parameters, steps, memory.
package struct TrainingEstimate: Hashable, Sendable {
  /// The number of parameters.
  package let parameterCount: Int
  /// The number of steps; nil where the clock decides.
  package let stepCount: Int?
  /// Steps in one pass through the training text.
  package let stepsPerEpoch: Double
  /// Memory for parameters, optimizer and workspaces, in bytes: a lower bound.
  package let memoryByteCount: Int

  /// The estimate for a run; allocates nothing large.
  package init(_ data: TrainingData, _ settings: RunSettings) {
    let (network, training) = (settings.network, settings.training)
    let outputCount = data.outputTokenizer.vocabulary.count
    parameterCount = network.parameterCount(
      inputVocabulary: data.tokenizer.vocabulary.count, outputVocabulary: outputCount)
    stepsPerEpoch =
      data.pairCount.map { Double($0) / Double(training.batch) }
      ?? Double(data.trainTokenCount) / (Double(training.batch) * ChunkLengths(training).mean)
    stepCount = training.length.stepCount(stepsPerEpoch: stepsPerEpoch)
    let shapes = network.parameterShapes(
      inputVocabulary: data.tokenizer.vocabulary.count, outputVocabulary: outputCount)
    let additional = OptimizerState.additionalMemoryCount(training.optimizer.kind, of: shapes.map(\.shape))
    memoryByteCount = TrainingEstimate.memory(
      network, parameterCount: parameterCount, outputCount: outputCount, rowCount: training.batch * training.bptt,
      additionalCount: additional)
  }

  /// Parameters, gradients, two moments, the best, packed forward and backward; a row's logits and each layer's gates,
  /// states and output.
  /// - Parameter additionalCount: the numbers that the optimizer takes beside its moments.
  static func memory(
    _ network: NetworkSettings, parameterCount: Int, outputCount: Int, rowCount: Int, additionalCount: Int = 0
  ) -> Int {
    let gateWidth = network.cell.gateCount * (network.layerNorm ? 3 : 1)
    let layerWidth = (gateWidth + 4) * network.hidden * (network.bidirectional ? 2 : 1)
    // Each round keeps its factors and what it makes.
    let gatedWidth = network.mogrifierRounds * (network.embedding + network.layers * network.hidden)
    let workspace = Double(rowCount) * Double(outputCount + network.layers * layerWidth + gatedWidth)
    return Int(min(4 * (7 * Double(parameterCount) + Double(additionalCount) + workspace), 0x1p62))
  }
}

extension TrainingRecord {
  /// Trained tokens per second, counting only the time spent in steps.
  public var tokensPerSecond: Double { Double(trainedTokens) / secondsInSteps }
}
