import RecurrentNN

/// How fast a model that goes on learning moves, and how strongly it is drawn back to what it was trained to be.
public struct DynamicRates: Hashable, Sendable {
  /// How far a parameter moves with a chunk whose gradient is as large as usual.
  public var learningRate: Float
  /// The part of its way from the trained value that a parameter of usual gradients loses with each chunk; 0 to 1.
  public var decay: Float

  /// Rates.
  /// - Precondition: both are finite, neither is negative, and `decay` is at most 1.
  public init(learningRate: Float, decay: Float) {
    require(
      learningRate.isFinite && learningRate >= 0 && decay >= 0 && decay <= 1,
      "a learning rate of \(learningRate) and a decay of \(decay)")
    (self.learningRate, self.decay) = (learningRate, decay)
  }
}
