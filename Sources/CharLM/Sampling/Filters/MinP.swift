import RecurrentNN

/// Leaves out tokens that are less than a certain part as likely as the likeliest (Nguyen et al. 2024).
public struct MinP: SamplingFilter {
  /// The part, 0 to 1.
  public let part: Float

  /// - Precondition: the part is from 0 to 1.
  public init(_ part: Float) {
    require(part >= 0 && part <= 1, "a min-p of \(part), which is not from 0 to 1")
    self.part = part
  }

  /// Leaves out the tokens that are too unlikely beside the likeliest.
  public func apply(to logits: inout MutableSpan<Float>) {
    let weights = logits.relativeProbabilities
    for token in logits.indices where weights.view[token] < part { logits[token] = -.infinity }
  }
}
