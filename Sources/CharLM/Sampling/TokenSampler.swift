import CharLMText
import RecurrentNN

/// Draws tokens from logits; owns scratch so that drawing allocates nothing. Copies share it.
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
    let factor = 1 / settings.temperature
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
    let sorted = (0..<weights.count).sorted { (weights[$0], $1) > (weights[$1], $0) }
    var kept = settings.topK.map { sorted.prefix($0) } ?? sorted[...]
    if let topP = settings.topP, topP < 1 {
      let limit = topP * kept.reduce(0) { $0 + weights[$1] }
      var sum: Float = 0
      let last = kept.firstIndex { token in
        sum += weights[token]
        return sum >= limit
      }
      if let last { kept = kept[...last] }
    }
    for token in sorted[kept.endIndex...] { weights[token] = 0 }
  }

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
