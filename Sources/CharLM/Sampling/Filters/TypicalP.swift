import RecurrentNN

/// Keeps the most typical tokens that together have a certain probability: those whose surprise is nearest to the
/// expected one, the entropy (Meister et al. 2023). The likeliest token goes where it says less than a text usually does.
public struct TypicalP: SamplingFilter {
  /// The probability, above 0 and at most 1.
  public let probability: Float

  /// - Precondition: the probability is above 0 and at most 1.
  public init(_ probability: Float) {
    require(
      probability > 0 && probability <= 1, "a typical-p of \(probability), which is not above 0 and at most 1")
    self.probability = probability
  }

  /// Leaves out what comes after the most typical tokens that reach the probability together.
  public func apply(to logits: inout MutableSpan<Float>) {
    guard probability < 1 else { return }
    let distribution = Distribution(logits)
    let entropy = distribution.entropy
    let tokens = distribution.possibleTokens
      .map { (token: $0, distance: abs(distribution.surprise($0) - entropy)) }
      .sorted { ($0.distance, $0.token) < ($1.distance, $1.token) }
    var reached: Float = 0
    for (token, _) in tokens {
      if reached >= probability { logits[token] = -.infinity }
      reached += distribution.probability(token)
    }
  }
}
