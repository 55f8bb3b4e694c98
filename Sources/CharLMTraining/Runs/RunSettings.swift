import CharLM

/// Everything that decides what a run trains and how: the network and its training.
public struct RunSettings: Codable, Hashable, Sendable {
  /// The sizes and options of the network.
  public var network: NetworkSettings
  /// How it is trained.
  public var training: TrainingSettings

  /// The settings of a run.
  public init(network: NetworkSettings, training: TrainingSettings) {
    self.network = network
    self.training = training
  }
}
