import CharLMText

/// A token with the probability that a predictor gives it, before any filter.
public struct TokenCandidate: Hashable, Sendable {
  /// The token.
  public let token: TokenID
  /// ln p.
  public let logProbability: Float

  /// A token and ln p.
  public init(token: TokenID, logProbability: Float) {
    (self.token, self.logProbability) = (token, logProbability)
  }
}

/// A token that was drawn, with the likeliest tokens of its place.
public struct DrawnToken: Hashable, Sendable {
  /// The token.
  public let token: TokenID
  /// ln p, as the predictor gave it, before any filter.
  public let logProbability: Float
  /// The likeliest tokens of this place, the likeliest first; the one that was drawn need not be among them.
  public let candidates: [TokenCandidate]

  /// A token among the logits that it was drawn from.
  package init(_ token: TokenID, from logits: Span<Float>, candidateCount: Int) {
    let logSum = logits.logSumOfExponentials
    let logProbability = { (token: TokenID, logit: Float) in
      TokenCandidate(token: token, logProbability: Float(Double(logit) - logSum))
    }
    self.token = token
    self.logProbability = logProbability(token, logits[Int(token)]).logProbability
    candidates = logits.likeliest(candidateCount).map { logProbability(TokenID($0), logits[$0]) }
  }
}

extension Span where Element == Float {
  /// The logits, −∞ for tokens that are left out.
  func leavingOut(_ isLeftOut: [Bool]) -> [Float] { indices.map { isLeftOut[$0] ? -.infinity : self[$0] } }

  /// The places of so many of the largest numbers, the largest first, of equal ones the first; −∞ is none of them.
  func likeliest(_ count: Int) -> [Int] {
    // Below, each number costs a place among the best; beyond some, sorting is faster.
    guard count <= 64 else {
      let possible = indices.filter { self[$0] > -.infinity }
      return Array(possible.sorted { (self[$0], $1) > (self[$1], $0) }.prefix(count))
    }
    var best: [Int] = []
    for index in indices where self[index] > -.infinity {
      if best.count == count {
        guard let last = best.last, self[index] > self[last] else { continue }
        best.removeLast()
      }
      var place = best.count
      while place > 0, self[best[place - 1]] < self[index] { place -= 1 }
      best.insert(index, at: place)
    }
    return best
  }
}

extension Sequence<DrawnToken> {
  /// The mean of ln p; 0 of no tokens.
  public var meanLogProbability: Double {
    var (sum, count) = (0.0, 0)
    for drawn in self { (sum, count) = (sum + Double(drawn.logProbability), count + 1) }
    return sum / Double(Swift.max(count, 1))
  }
}
