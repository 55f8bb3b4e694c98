/// A whole sample.
public struct Sample: Hashable, Sendable {
  /// The seed of its random numbers; 0 where none was drawn.
  public let randomSeed: UInt64
  /// The seed text and what the model went on with.
  public let text: String
  /// How many tokens were drawn.
  public let tokenCount: Int
  /// Whether a stop text came.
  public let isStopped: Bool
  /// The whole documents that were asked for, without separators; each begins with the seed's last document. Empty
  /// where a length was asked for instead.
  public let documents: [String]
  /// The tokens that were drawn, with the predictor's probabilities, where they were asked for; else empty.
  public var drawn: [DrawnToken] = []
  /// ln p of a token on average, as the predictor gives it, where it was asked for.
  public var meanLogProbability: Double?
}
