import CharLM
import CharLMText
import RecurrentNN

/// How fast a machine trains, measured on a few steps of one network.
///
/// The time of another network is proportional to the number of weights that each token is multiplied with, and to what the
/// optimizer multiplies once a step; the token table makes the first layer's input free.
package struct MachineSpeed: Hashable, Sendable {
  /// Weights multiplied with a token per second of training.
  let multiplicationsPerSecond: Double

  /// - Parameter tokensPerSecond: how many tokens of the data it trains a network on.
  package init(tokensPerSecond: Double, of network: NetworkSettings, on data: TrainingData) {
    multiplicationsPerSecond = tokensPerSecond * Double(network.multiplicationCount(data))
  }

  /// Measures by training the network that would be chosen without a time limit, for half a second or a fiftieth of the
  /// requested time, whichever is shorter. Nothing is written. SOAP does more in its first steps than later: AdamW stands
  /// in for it. Weights are not dropped, unless that was requested: a longer run would.
  /// - Throws: `SettingsError` where the network does not fit the data or this machine.
  package static func measured(
    for data: TrainingData, requested: RequestedSettings, threadCount: Int, clock: () -> Double
  ) throws -> MachineSpeed {
    var seconds = 0.5
    if case .budget(let budget) = requested[\.training.length] { seconds = min(seconds, budget / 50) }
    var settings = try AutomaticSettings.settings(for: data, requested: requested)
    if settings.training.optimizer.kind == .soap { settings.training.optimizer.kind = .adamw }
    if requested[\.training.regularization.weightDrop] == nil { settings.training.regularization.weightDrop = 0 }
    try settings.checkSizes(for: data)
    let run = TrainingRun(
      data, network: settings.network, settings: settings.training, threadCount: threadCount)
    let timing = try run.measureTiming(seconds: seconds, clock: clock)
    return MachineSpeed(tokensPerSecond: timing.tokensPerSecond, of: settings.network, on: data)
  }

  /// The speed of all ranks together, each measured while the others were; collective.
  package func sum(over communicator: Communicator) -> MachineSpeed {
    MachineSpeed(multiplicationsPerSecond: communicator.sums([multiplicationsPerSecond])[0])
  }

  private init(multiplicationsPerSecond: Double) { self.multiplicationsPerSecond = multiplicationsPerSecond }

  /// - Parameter steps: the optimizer, and the tokens of a step, which share what it multiplies; nil for tokens alone.
  func tokensPerSecond(
    _ network: NetworkSettings, by steps: (optimizer: OptimizerKind, tokenCount: Int)? = nil, on data: TrainingData
  ) -> Double {
    var multiplicationCount = Double(network.multiplicationCount(data))
    if let steps {
      // Training on a token multiplies a weight three times: forward, and backward for the input and for the weight.
      let ofStep = OptimizerState.multiplicationCount(steps.optimizer, of: network.shapes(data).map(\.shape)) / 3
      multiplicationCount += ofStep / Double(steps.tokenCount)
    }
    return multiplicationsPerSecond / multiplicationCount
  }
}

extension NetworkSettings {
  /// The number of weights that a token is multiplied with: all but the embedding (unless the decoder shares it) and,
  /// without a mogrifier, W_ih of the first layer.
  func multiplicationCount(_ data: TrainingData) -> Int {
    shapes(data)
      .filter { $0.name != ParameterName.embedding || tied }
      .filter { shape.hasMogrifier || !$0.name.hasPrefix(ParameterName.recurrentPrefix + "weight_ih_l0") }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// The weights of the recurrent layers.
  func layerWeightCount(_ data: TrainingData) -> Int {
    shapes(data).filter { $0.name.hasPrefix(ParameterName.recurrentPrefix + "weight") }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  fileprivate func shapes(_ data: TrainingData) -> [(name: String, shape: [Int])] {
    parameterShapes(
      inputVocabulary: data.tokenizer.vocabulary.count, outputVocabulary: data.outputTokenizer.vocabulary.count)
  }
}
