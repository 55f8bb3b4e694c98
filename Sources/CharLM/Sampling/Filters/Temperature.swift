import RecurrentNN

/// Divides the logits by a temperature: below 1 the likely becomes likelier, above 1 the improbable. 0 leaves only the
/// likeliest token, the first of several.
public struct Temperature: SamplingFilter {
  /// The divisor, 0 or more.
  public let value: Float

  /// - Precondition: the value is 0 or more.
  public init(_ value: Float) {
    require(value >= 0, "a temperature of \(value), which is not 0 or more")
    self.value = value
  }

  /// What logits are multiplied with: the inverse of the smallest temperatures is infinite.
  var factor: Float { min(1 / value, .greatestFiniteMagnitude) }

  /// Divides the logits, the largest becoming 0; at 0 leaves out all but the likeliest.
  public func apply(to logits: inout MutableSpan<Float>) {
    let likeliest = logits.indexOfLargest
    guard value > 0 else {
      for token in logits.indices where token != likeliest { logits[token] = -.infinity }
      return
    }
    logits.scale(from: logits[likeliest], by: factor)
  }
}
