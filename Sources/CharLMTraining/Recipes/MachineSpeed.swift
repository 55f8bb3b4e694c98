import CharLM
import CharLMText

/// How fast a machine trains, as a few steps of one network showed.
///
/// A network's time goes with the weights that each token is multiplied with; the token table makes the first layer's
/// input free.
public struct MachineSpeed: Hashable, Sendable {
  /// Multiplications of weights by a token that it makes a second in training.
  let multiplicationsPerSecond: Double

  /// - Parameter tokensPerSecond: what it trains of a network.
  public init(tokensPerSecond: Double, of model: NetworkSettings, on job: TrainingData) {
    multiplicationsPerSecond = tokensPerSecond * Double(model.multiplicationCount(job))
  }

  /// Trains the network that would be chosen without a time for up to half a second, or a fiftieth of the time that
  /// there is. Nothing is written.
  public static func measured(
    for job: TrainingData, requested: RequestedSettings, threadCount: Int, clock: () -> Double
  ) throws -> MachineSpeed {
    var seconds = 0.5
    if case .budget(let budget) = requested.length { seconds = min(seconds, budget / 50) }
    let (model, training) = try AutomaticSettings.settings(for: job, requested: requested)
    let run = TrainingRun(job, model: model, settings: training, modelPath: "", threadCount: threadCount)
    let pace = try run.measureTiming(seconds: seconds, clock: clock)
    return MachineSpeed(tokensPerSecond: pace.tokensPerSecond, of: model, on: job)
  }

  func tokensPerSecond(_ model: NetworkSettings, on job: TrainingData) -> Double {
    multiplicationsPerSecond / Double(model.multiplicationCount(job))
  }
}

extension NetworkSettings {
  /// The weights that a token is multiplied with: all but the embedding, unless it is the decoder's too, and W_ih of the
  /// first layer.
  func multiplicationCount(_ job: TrainingData) -> Int {
    parameterShapes(
      inputVocabulary: job.tokenizer.vocabulary.count, outputVocabulary: job.outputTokenizer.vocabulary.count
    )
    .filter { $0.name != "embedding.weight" || tied }
    .filter { !$0.name.hasPrefix("rnn.weight_ih_l0") }
    .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }
}
