import CharLMText

/// Adds to the logits of certain tokens: above 0 they come more often, below 0 less often.
public struct LogitBias: SamplingFilter {
  /// What is added, in nats, by the token.
  public let biases: [TokenID: Float]

  /// Adds these.
  public init(_ biases: [TokenID: Float]) { self.biases = biases }

  /// Adds them to the logits.
  public func apply(to logits: inout MutableSpan<Float>) {
    for (token, bias) in biases { logits[Int(token)] += bias }
  }
}
