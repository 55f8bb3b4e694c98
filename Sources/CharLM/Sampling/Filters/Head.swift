import RecurrentNN

/// The head of a distribution: the likeliest tokens, up to a number, a probability, or both.
///
/// Works on relative probabilities, that of the likeliest being 1. With both limits the probability is that among the
/// `count` likeliest.
struct Head {
  var count: Int?
  var probability: Float?

  private var limitsProbability: Bool { (probability ?? 1) < 1 }

  /// Whether anything is cut off.
  var isNeeded: Bool { count != nil || limitsProbability }

  /// The weights of all but the head become 0.
  func cut(_ weights: View<Float>) {
    guard isNeeded, let last = last(weights) else { return }
    for token in 0..<weights.count
    where weights[token] < weights[last] || (weights[token] == weights[last] && token > last) {
      weights[token] = 0
    }
  }

  /// The least likely token of the head; of equals the last one. nil where no token has a weight, as where a network whose
  /// weights are enormous gives logits that are not numbers.
  private func last(_ weights: View<Float>) -> Int? {
    var candidates = candidates(weights)
    candidates.sort { (weights[$0], $1) > (weights[$1], $0) }
    let kept = count.map { candidates.prefix($0) } ?? candidates[...]
    guard let probability, limitsProbability else { return kept.last }
    // Of the likeliest `count` alone where there is such a limit, of all tokens otherwise.
    // In the order of the tokens, as a top-p filter after a top-k filter sums.
    let total = count == nil ? sum(weights) : kept.sorted().reduce(0) { $0 + weights[$1] }
    var reached: Float = 0
    for token in kept {
      reached += weights[token]
      if reached >= probability * total { return token }
    }
    return kept.last
  }

  /// Tokens among which the head surely is: sorting a large vocabulary for each token would cost more than the network.
  private func candidates(_ weights: View<Float>) -> [Int] {
    let needed = limitsProbability ? probability.map { $0 * 1.001 * sum(weights) } : nil
    for floor: Float in [1e-2, 1e-4] {
      let candidates = (0..<weights.count).filter { weights[$0] > floor }
      let isEnough = count.map { candidates.count >= $0 }
      if isEnough ?? (candidates.reduce(0) { $0 + weights[$1] } >= (needed ?? .infinity)) { return candidates }
    }
    return (0..<weights.count).filter { weights[$0] > 0 }
  }

  private func sum(_ weights: View<Float>) -> Float { (0..<weights.count).reduce(0) { $0 + weights[$1] } }
}
