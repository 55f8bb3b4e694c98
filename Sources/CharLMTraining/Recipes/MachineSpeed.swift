import CharLM
import CharLMText

/// How fast a machine trains, measured on a few steps of one network.
///
/// The time of another network is proportional to the number of weights that each token is multiplied with; the token
/// table makes the first layer's input free.
package struct MachineSpeed: Hashable, Sendable {
  /// Weights multiplied with a token per second of training.
  let multiplicationsPerSecond: Double

  /// - Parameter tokensPerSecond: how many tokens of the data it trains a network on.
  package init(tokensPerSecond: Double, of network: NetworkSettings, on data: TrainingData) {
    multiplicationsPerSecond = tokensPerSecond * Double(network.multiplicationCount(data))
  }

  /// Measures by training the network that would be chosen without a time limit, for half a second or a fiftieth of the
  /// requested time, whichever is shorter. Nothing is written.
  package static func measured(
    for data: TrainingData, requested: RequestedSettings, threadCount: Int, clock: () -> Double
  ) throws -> MachineSpeed {
    var seconds = 0.5
    if case .budget(let budget) = requested[\.training.length] { seconds = min(seconds, budget / 50) }
    let settings = try AutomaticSettings.settings(for: data, requested: requested)
    let run = TrainingRun(
      data, network: settings.network, settings: settings.training, threadCount: threadCount)
    let timing = try run.measureTiming(seconds: seconds, clock: clock)
    return MachineSpeed(tokensPerSecond: timing.tokensPerSecond, of: settings.network, on: data)
  }

  func tokensPerSecond(_ network: NetworkSettings, on data: TrainingData) -> Double {
    multiplicationsPerSecond / Double(network.multiplicationCount(data))
  }
}

extension NetworkSettings {
  /// The number of weights that a token is multiplied with: all but the embedding (unless the decoder shares it) and W_ih
  /// of the first layer.
  func multiplicationCount(_ data: TrainingData) -> Int {
    parameterShapes(
      inputVocabulary: data.tokenizer.vocabulary.count, outputVocabulary: data.outputTokenizer.vocabulary.count
    )
    .filter { $0.name != ParameterName.embedding || tied }
    .filter { !$0.name.hasPrefix(ParameterName.recurrentPrefix + "weight_ih_l0") }
    .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }
}
