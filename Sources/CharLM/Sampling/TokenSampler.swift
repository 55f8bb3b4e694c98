import CharLMText
import RecurrentNN

/// Draws tokens from logits; copies share its scratch memory. Drawing allocates only for limits and the repeat penalty.
package struct TokenSampler {
  private let settings: SamplingSettings
  private let neverDrawn: [Int32]
  private var recent: [Int32] = []
  /// Keeps a text of byte tokens well-formed; nil where the model learned text that is not.
  private var scalars: ScalarGuard?
  private let scratch: Buffer<Float>
  private static let recentCount = 64

  /// - Parameter tokenizer: whose special tokens are never drawn, nor bytes that would leave a scalar half done.
  package init(_ settings: SamplingSettings, tokenizer: Tokenizer) {
    let vocabulary = tokenizer.vocabulary
    let scalars = ScalarGuard(vocabulary: vocabulary)
    self.settings = settings
    self.scalars = tokenizer.settings.invalid == .byte || !scalars.isNeeded ? nil : scalars
    neverDrawn = [vocabulary.unknownID, vocabulary.documentID].compactMap(\.self)
    scratch = Buffer(count: vocabulary.count)
  }

  /// Notes a token that was read or drawn.
  package mutating func note(_ token: Int32) {
    scalars?.append(token)
    guard settings.repeatPenalty != 1 else { return }
    recent.append(token)
    if recent.count > TokenSampler.recentCount { recent.removeFirst() }
  }

  /// A token drawn from softmax(logits / temperature) under the settings' limits.
  package func draw(from logits: View<Float>, using generator: inout SeededGenerator) -> Int32 {
    let weights = scratch.view[0..<logits.count]
    weights.copy(from: logits)
    for token in Set(recent) { weights[Int(token)] = penalized(weights[Int(token)]) }
    for token in neverDrawn { weights[Int(token)] = -.infinity }
    if let scalars {
      for token in 0..<Int32(logits.count) where !scalars.allows(token) { weights[Int(token)] = -.infinity }
    }
    let likeliest = TokenSampler.likeliest(weights)
    guard settings.temperature > 0, settings.topK != 1 else { return Int32(likeliest) }
    exponentiate(weights, largest: weights[likeliest])
    limit(weights)
    return TokenSampler.drawn(weights, using: &generator)
  }

  private func penalized(_ logit: Float) -> Float {
    logit > 0 ? logit / settings.repeatPenalty : logit * settings.repeatPenalty
  }

  /// The first of the largest.
  private static func likeliest(_ weights: View<Float>) -> Int {
    weights.withSpan { weights in
      var best = 0
      for token in weights.indices where weights[token] > weights[best] { best = token }
      return best
    }
  }

  /// Logits become exp((logit − largest) / temperature): probabilities up to a factor.
  private func exponentiate(_ weights: View<Float>, largest: Float) {
    // The inverse of the smallest temperatures is infinite.
    let factor = min(1 / settings.temperature, .greatestFiniteMagnitude)
    weights.withMutableSpan { weights in
      for token in weights.indices { weights[token] = (weights[token] - largest) * factor }
    }
    Kernels.active.exponentiate(weights)
  }

  /// What the settings leave out becomes 0: first all but the likeliest k, then the improbable, then all but the head.
  private func limit(_ weights: View<Float>) {
    if let minP = settings.minP {  // the likeliest has the weight 1
      for token in 0..<weights.count where weights[token] < minP { weights[token] = 0 }
    }
    guard settings.topK != nil || (settings.topP ?? 1) < 1 else { return }
    let last = lastKept(weights)
    for token in 0..<weights.count
    where weights[token] < weights[last] || (weights[token] == weights[last] && token > last) {
      weights[token] = 0
    }
  }

  /// The least likely token that `topK` and `topP` let through; of equals the last one.
  private func lastKept(_ weights: View<Float>) -> Int {
    var candidates = likely(weights)
    candidates.sort { (weights[$0], $1) > (weights[$1], $0) }
    let kept = settings.topK.map { candidates.prefix($0) } ?? candidates[...]
    guard let topP = settings.topP, topP < 1 else { return kept[kept.endIndex - 1] }
    // Of the top k alone where there is such a limit, of all tokens otherwise.
    let total = settings.topK == nil ? sum(weights) : kept.reduce(0) { $0 + weights[$1] }
    var reached: Float = 0
    for token in kept {
      reached += weights[token]
      if reached >= topP * total { return token }
    }
    return kept[kept.endIndex - 1]
  }

  /// Tokens among which `topK` and `topP` surely find theirs: sorting a large vocabulary for each token would cost more
  /// than the network. The likeliest token's weight is 1.
  private func likely(_ weights: View<Float>) -> [Int] {
    let needed = (settings.topP ?? 1) < 1 ? settings.topP.map { $0 * 1.001 * sum(weights) } : nil
    for floor: Float in [1e-2, 1e-4] {
      let candidates = (0..<weights.count).filter { weights[$0] > floor }
      let isEnough = settings.topK.map { candidates.count >= $0 }
      if isEnough ?? (candidates.reduce(0) { $0 + weights[$1] } >= (needed ?? .infinity)) { return candidates }
    }
    return (0..<weights.count).filter { weights[$0] > 0 }
  }

  private func sum(_ weights: View<Float>) -> Float { (0..<weights.count).reduce(0) { $0 + weights[$1] } }

  private static func drawn(_ weights: View<Float>, using generator: inout SeededGenerator) -> Int32 {
    weights.withSpan { weights in
      var sum = 0.0
      for token in weights.indices { sum += Double(weights[token]) }
      var rest = generator.uniformDouble() * sum
      var last = 0
      for token in weights.indices where weights[token] > 0 {
        rest -= Double(weights[token])
        last = token
        if rest < 0 { break }
      }
      return Int32(last)
    }
  }
}
