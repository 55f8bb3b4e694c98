import RecurrentNN

/// Keeps the tokens whose logits are at most n standard deviations below the largest (Tang et al. 2024). A temperature
/// before or after it does not change which ones stay.
public struct TopNSigma: SamplingFilter {
  /// How many standard deviations, 0 or more.
  public let count: Float

  /// - Precondition: the count is 0 or more.
  public init(_ count: Float) {
    require(count >= 0, "a top-n-sigma of \(count), which is not 0 or more")
    self.count = count
  }

  /// Leaves out what is too far below the likeliest; tokens that are left out already do not count.
  public func apply(to logits: inout MutableSpan<Float>) {
    var (number, sum, squares) = (0.0, 0.0, 0.0)
    let largest = logits[logits.indexOfLargest]
    for token in logits.indices where logits[token].isFinite {
      // From the largest, so that no digits are lost.
      let distance = Double(logits[token] - largest)
      (number, sum, squares) = (number + 1, sum + distance, squares + distance * distance)
    }
    guard number > 0 else { return }
    let mean = sum / number
    let limit = largest - count * Float(max(squares / number - mean * mean, 0).squareRoot())
    for token in logits.indices where logits[token] < limit { logits[token] = -.infinity }
  }
}
