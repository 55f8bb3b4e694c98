import RecurrentNN

/// How the next token is drawn from a model's probabilities.
public struct SamplingSettings: Codable, Hashable, Sendable {
  /// Logits are divided by this; below 1 the likely becomes likelier. 0 takes the likeliest.
  public var temperature: Float
  /// Only this many of the likeliest tokens; nil for all.
  public var topK: Int?
  /// Only the likeliest tokens that together have this probability; nil for all.
  public var topP: Float?
  /// Only tokens at least this part as likely as the likeliest; nil for all.
  public var minP: Float?
  /// Divides (or, below zero, multiplies) the logits of the last 64 tokens; 1 for none (Keskar et al. 2019).
  public var repeatPenalty: Float

  /// Settings of a sample.
  public init(
    temperature: Float = 0.8, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil, repeatPenalty: Float = 1
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repeatPenalty = repeatPenalty
  }
}

/// Draws tokens from logits; owns scratch so that drawing allocates nothing.
package struct TokenSampler {
  private let settings: SamplingSettings
  private var candidates: [Candidate] = []
  private var recent: [Int32] = []
  private static let recentCount = 64

  private struct Candidate {
    let token: Int32
    var weight: Float  // a logit, then a probability up to a factor
  }

  package init(_ settings: SamplingSettings) { self.settings = settings }

  /// Notes a token that was read or drawn, for the repeat penalty.
  package mutating func note(_ token: Int32) {
    guard settings.repeatPenalty != 1 else { return }
    recent.append(token)
    if recent.count > TokenSampler.recentCount { recent.removeFirst() }
  }

  /// A token drawn from softmax(logits / temperature) under the settings' limits; `excluded` tokens are never drawn.
  package mutating func draw(
    from logits: Span<Float>, excluding excluded: [Int32], using generator: inout SeededGenerator
  ) -> Int32 {
    candidates.removeAll(keepingCapacity: true)
    for token in 0..<logits.count where !excluded.contains(Int32(token)) {
      candidates.append(Candidate(token: Int32(token), weight: penalized(logits[token], Int32(token))))
    }
    guard settings.temperature > 0, settings.topK != 1 else { return likeliest }
    limitToTopK()
    exponentiate()
    limitToProbable()
    return drawn(using: &generator)
  }

  private var likeliest: Int32 {
    var best = candidates[0]
    for candidate in candidates.dropFirst() where candidate.weight > best.weight { best = candidate }
    return best.token
  }

  private func penalized(_ logit: Float, _ token: Int32) -> Float {
    guard settings.repeatPenalty != 1, recent.contains(token) else { return logit }
    return logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
  }

  private mutating func limitToTopK() {
    guard let topK = settings.topK, topK < candidates.count else { return }
    sortByWeight()
    candidates.removeLast(candidates.count - topK)
  }

  private mutating func limitToProbable() {
    if let minP = settings.minP {
      let limit = minP * (candidates.map(\.weight).max() ?? 0)
      candidates.removeAll { $0.weight < limit }
    }
    if let topP = settings.topP, topP < 1 {
      sortByWeight()
      let limit = topP * candidates.reduce(0) { $0 + $1.weight }
      var sum: Float = 0
      let count = candidates.firstIndex { candidate in
        sum += candidate.weight
        return sum >= limit
      }
      if let count { candidates.removeLast(candidates.count - count - 1) }
    }
  }

  private mutating func sortByWeight() {
    candidates.sort { ($0.weight, $1.token) > ($1.weight, $0.token) }
  }

  /// Weights become exp((logit − largest) / temperature).
  private mutating func exponentiate() {
    let largest = candidates.map(\.weight).max() ?? 0
    for index in candidates.indices {
      candidates[index].weight = exponential((candidates[index].weight - largest) / settings.temperature)
    }
  }

  private func drawn(using generator: inout SeededGenerator) -> Int32 {
    var rest = generator.uniformDouble() * candidates.reduce(0) { $0 + Double($1.weight) }
    for candidate in candidates {
      rest -= Double(candidate.weight)
      if rest < 0 { return candidate.token }
    }
    return candidates[candidates.count - 1].token
  }
}
