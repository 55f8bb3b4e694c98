import CharLM
import RecurrentNN

/// The part of a run's settings that a user asks for; `AutomaticSettings` chooses the rest.
///
///     var requested = RequestedSettings()
///     requested[\.network.hidden] = 512
///     requested[\.training.length] = .budget(seconds: 600)
///
/// Settings are requested one by one; a key path to a group of them, such as `\.network`, is refused.
public struct RequestedSettings: Sendable {
  private struct Request: Sendable {
    let path: PartialKeyPath<RunSettings> & Sendable
    let value: any Sendable
    let apply: @Sendable (inout RunSettings) -> Void
  }

  private var requests: [Request] = []

  private static let groups: [any Any.Type] = [
    NetworkSettings.self, TrainingSettings.self, OptimizerSettings.self, LearningRateSchedule.self, Regularization.self,
  ]

  /// Nothing requested.
  public init() {}

  /// The requested value of a setting; nil where it is left to be chosen.
  public subscript<Value: Sendable>(path: WritableKeyPath<RunSettings, Value> & Sendable) -> Value? {
    get {
      // Without the guard, a setting that is optional would be requested as nil: nil is a value of its type.
      guard let request = requests.first(where: { $0.path == path }) else { return nil }
      return request.value as? Value
    }
    set {
      // A request for a whole group would hide, or be hidden by, the requests for its settings.
      require(
        !RequestedSettings.groups.contains { $0 == Value.self }, "\(Value.self) is requested setting by setting")
      requests.removeAll { $0.path == path }
      guard let newValue else { return }
      requests.append(Request(path: path, value: newValue) { $0[keyPath: path] = newValue })
    }
  }

  /// The settings with everything that is requested in its place.
  package func applied(to settings: RunSettings) -> RunSettings {
    var settings = settings
    for request in requests { request.apply(&settings) }
    return settings
  }

  /// Requests the network of a model that exists, except what is requested already.
  package mutating func keep(_ network: NetworkSettings) {
    keep(\.network.cell, network.cell)
    keep(\.network.nonlinearity, network.nonlinearity)
    keep(\.network.layers, network.layers)
    keep(\.network.hidden, network.hidden)
    keep(\.network.embedding, network.embedding)
    keep(\.network.dropout, network.dropout)
    keep(\.network.tied, network.tied)
    keep(\.network.bidirectional, network.bidirectional)
    keep(\.network.forgetBias, network.forgetBias)
    keep(\.network.layerNorm, network.layerNorm)
    keep(\.network.mogrifierRounds, network.mogrifierRounds)
  }

  private mutating func keep<Value: Sendable>(
    _ path: WritableKeyPath<RunSettings, Value> & Sendable, _ value: Value
  ) {
    if self[path] == nil { self[path] = value }
  }
}
