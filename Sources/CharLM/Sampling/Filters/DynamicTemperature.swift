import RecurrentNN

/// A temperature that follows how sure the predictor is: the lowest where one token is certain, the highest where all are
/// equally likely, in proportion to the entropy between (as llama.cpp and KoboldCpp do).
public struct DynamicTemperature: SamplingFilter {
  /// The temperatures, above 0.
  public let range: ClosedRange<Float>

  /// - Precondition: the temperatures are above 0.
  public init(_ range: ClosedRange<Float>) {
    require(range.lowerBound > 0, "a dynamic temperature from \(range.lowerBound), which is not above 0")
    self.range = range
  }

  /// Divides the logits by the temperature for their entropy.
  public func apply(to logits: inout MutableSpan<Float>) {
    let distribution = Distribution(logits)
    let count = distribution.possibleTokens.count
    guard count > 1 else { return }
    let part = distribution.entropy / Float(logarithm(Double(count)))
    let temperature = range.lowerBound + (range.upperBound - range.lowerBound) * min(max(part, 0), 1)
    logits.scale(from: logits[logits.indexOfLargest], by: 1 / temperature)
  }
}
