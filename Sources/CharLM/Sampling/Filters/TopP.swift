import RecurrentNN

/// Keeps only the likeliest tokens that together have a certain probability, at least one (Holtzman et al. 2020); of
/// equally likely ones the first.
public struct TopP: SamplingFilter {
  /// The probability, above 0 and at most 1.
  public let probability: Float

  /// - Precondition: the probability is above 0 and at most 1.
  public init(_ probability: Float) {
    require(probability > 0 && probability <= 1, "a top-p of \(probability), which is not above 0 and at most 1")
    self.probability = probability
  }

  /// Leaves out what comes after the likeliest tokens that reach the probability together.
  public func apply(to logits: inout MutableSpan<Float>) {
    let weights = logits.relativeProbabilities
    Head(probability: probability).cut(weights.view)
    logits.removeTokens(withoutWeightIn: weights.view)
  }
}
