import CharLMText
import RecurrentNN

/// Makes what came lately less likely: divides the positive logits of the last 64 tokens by a factor and multiplies the
/// negative ones by it (Keskar et al. 2019). It depends on where a predictor puts the zero of its logits.
public struct RepeatPenalty: SamplingFilter {
  /// The factor, above 0; 1 changes nothing.
  public let factor: Float
  /// What does not count, such as the document token: an end that is due is no repetition.
  public let ignored: [TokenID]
  private(set) var recent: [TokenID] = []
  private static let recentCount = 64

  /// - Parameter ignored: tokens that do not count.
  /// - Precondition: the factor is above 0.
  public init(_ factor: Float, ignoring ignored: [TokenID] = []) {
    require(factor > 0, "a repeat penalty of \(factor), which is not above 0")
    self.factor = factor
    self.ignored = ignored
  }

  /// Counts the token among the last 64.
  public mutating func note(_ token: TokenID) {
    guard factor != 1, !ignored.contains(token) else { return }
    recent.append(token)
    if recent.count > RepeatPenalty.recentCount { recent.removeFirst() }
  }

  /// Divides or multiplies the logits of the last 64 tokens, each once.
  public func apply(to logits: inout MutableSpan<Float>) {
    for token in Set(recent) {
      let logit = logits[Int(token)]
      logits[Int(token)] = logit > 0 ? logit / factor : logit * factor
    }
  }
}
