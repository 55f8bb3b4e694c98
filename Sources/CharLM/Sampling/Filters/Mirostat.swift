import CharLMText
import RecurrentNN

/// Keeps the surprise of what is drawn near a target, by a limit that rises after dull tokens and falls after surprising
/// ones (Basu et al. 2021, the second version). Should be the last filter.
///
/// The limit starts at twice the target; where it leaves nothing, the likeliest token stays.
public struct Mirostat: SamplingFilter {
  /// The surprise to reach on average, in bits per token.
  public let target: Float
  /// The part of the difference by which the limit follows.
  public let rate: Float
  /// The largest surprise that is let through now, in bits.
  private(set) var limit: Float
  /// The surprises of the tokens that were let through last, in bits; nil once one of them was noted.
  private var surprises: [Float]?

  /// - Precondition: target and rate are above 0.
  public init(target: Float, rate: Float = 0.1) {
    require(target > 0 && rate > 0, "a mirostat of \(target) bits at a rate of \(rate); both must be above 0")
    (self.target, self.rate) = (target, rate)
    limit = 2 * target
  }

  /// Moves the limit by the surprise of a token that was drawn; what is only read does not count.
  public mutating func note(_ token: TokenID) {
    guard let surprise = surprises?[Int(token)], surprise.isFinite else { return }
    limit -= rate * (surprise - target)
    surprises = nil
  }

  /// Leaves out the tokens above the limit.
  public mutating func apply(to logits: inout MutableSpan<Float>) {
    let whole = Distribution(logits)
    let likeliest = logits.indexOfLargest
    let bits = { (distribution: Distribution, token: Int) in
      Float(Evaluation.bits(nats: Double(distribution.surprise(token))))
    }
    for token in logits.indices where token != likeliest && bits(whole, token) > limit { logits[token] = -.infinity }
    // The surprise of a draw is that among the tokens that are left.
    let left = Distribution(logits)
    surprises = logits.indices.map { bits(left, $0) }
  }
}
