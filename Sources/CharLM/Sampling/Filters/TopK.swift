import RecurrentNN

/// Keeps only so many of the likeliest tokens (Fan et al. 2018); of equally likely ones the first.
public struct TopK: SamplingFilter {
  /// How many, at least 1.
  public let count: Int

  /// - Precondition: the count is at least 1.
  public init(_ count: Int) {
    require(count >= 1, "a top-k of \(count), which is not at least 1")
    self.count = count
  }

  /// Leaves out all but the likeliest tokens.
  public func apply(to logits: inout MutableSpan<Float>) {
    let weights = logits.relativeProbabilities
    Head(count: count).cut(weights.view)
    logits.removeTokens(withoutWeightIn: weights.view)
  }
}
