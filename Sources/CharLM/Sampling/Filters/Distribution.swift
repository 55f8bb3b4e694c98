import RecurrentNN

/// The probabilities of logits, with their surprises in nats.
struct Distribution {
  private let weights: Buffer<Float>  // (V): relative probabilities, that of the likeliest being 1
  private let sum: Float

  init(_ logits: borrowing MutableSpan<Float>) {
    weights = logits.relativeProbabilities
    let view = weights.view
    sum = (0..<view.count).reduce(0) { $0 + view[$1] }
  }

  /// The tokens that are not left out.
  var possibleTokens: [Int] { (0..<weights.count).filter { weights.view[$0] > 0 } }

  func probability(_ token: Int) -> Float { weights.view[token] / sum }

  /// −ln p; infinite for a token that is left out.
  func surprise(_ token: Int) -> Float { -Float(logarithm(Double(probability(token)))) }

  /// The expected surprise. A token so unlikely that its probability is 0 adds nothing.
  var entropy: Float {
    possibleTokens.reduce(0) { probability($1) > 0 ? $0 + probability($1) * surprise($1) : $0 }
  }
}
