import CharLM

/// Figures of a run after a step: a line of its log. A figure that was not measured is nil, and `null` in the log.
public struct RunPoint: Hashable, Sendable {
  /// Steps made.
  public var step: Int
  /// Passes through the training text.
  public var epochs: Double?
  /// Seconds since the run's start.
  public var seconds: Double?
  /// The mean training loss since the point before, in nats per token.
  public var trainNats: Double?
  /// The validation loss, in nats per token.
  public var validNats: Double?
  /// The best validation loss so far.
  public var bestValidNats: Double?
  /// Whether this validation is the best so far; nil where there was none.
  public var isBest: Bool?
  /// The learning rate of the last update.
  public var learningRate: Float?
  /// The norm of the last update's gradients, before clipping.
  public var gradientNorm: Double?
  /// The largest norm since the point before.
  public var gradientNormMax: Double?
  /// The share of steps since the point before whose gradients were clipped.
  public var clippedShare: Double?
  /// Trained tokens per second, counting only the time spent in steps.
  public var tokensPerSecond: Double?
  /// The peak memory of the process so far, in MB of 2^20 bytes.
  public var peakRssMb: Double?

  /// A point without figures.
  public init(step: Int) { self.step = step }

  /// A validation from a model's history.
  /// - Parameter stepsPerEpoch: steps in one pass through the training text.
  public init(_ entry: HistoryEntry, stepsPerEpoch: Double) {
    self.init(step: entry.step)
    epochs = Double(entry.step) / stepsPerEpoch
    trainNats = entry.trainNats.isFinite ? entry.trainNats : nil
    validNats = entry.validNats
  }
}

extension RunPoint: Codable {
  private enum CodingKeys: String, CodingKey {
    case step, epochs, seconds, trainNats, validNats, bestValidNats, isBest, learningRate, gradientNorm
    case gradientNormMax, clippedShare, tokensPerSecond, peakRssMb
  }

  /// Writes every figure, missing ones as `null`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(step, forKey: .step)
    try fields.encode(epochs, forKey: .epochs)
    try fields.encode(seconds, forKey: .seconds)
    try fields.encode(trainNats, forKey: .trainNats)
    try fields.encode(validNats, forKey: .validNats)
    try fields.encode(bestValidNats, forKey: .bestValidNats)
    try fields.encode(isBest, forKey: .isBest)
    try fields.encode(learningRate, forKey: .learningRate)
    try fields.encode(gradientNorm, forKey: .gradientNorm)
    try fields.encode(gradientNormMax, forKey: .gradientNormMax)
    try fields.encode(clippedShare, forKey: .clippedShare)
    try fields.encode(tokensPerSecond, forKey: .tokensPerSecond)
    try fields.encode(peakRssMb, forKey: .peakRssMb)
  }
}
