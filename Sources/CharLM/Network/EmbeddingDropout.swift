import RecurrentNN

/// Drops whole rows of an embedding: a token is there in a whole step or nowhere in it (Gal and Ghahramani 2016).
///
/// Rows are those of the distinct tokens, so the token table stays what it is.
struct EmbeddingDropout {
  private let factors: Buffer<Float>  // (U): 0 or 1 / (1 − p)
  private let keys: Buffer<UInt64>  // (U)
  /// How many rows the present step has; 0 without dropout.
  private var count = 0

  init(capacity: Int) {
    factors = Buffer(count: capacity)
    keys = Buffer(count: capacity)
  }

  /// Draws the masks of a step's distinct tokens.
  mutating func begin(_ tokens: View<Int32>, _ noise: StepNoise?) {
    count = 0
    guard let noise, noise.regularization.embeddingDropout > 0 else { return }
    count = tokens.count
    let stem = MaskKey(embeddingWithSeed: noise.seed, step: noise.step)
    for place in 0..<count { keys.view[place] = stem.key(row: Int(tokens[place])) }
    factors.view.fill(1)
    Kernels.active.dropout(
      factors.view.matrix(count, 1), probability: noise.regularization.embeddingDropout, keys: keys.view[0..<count])
  }

  /// Masks the tokens' rows, or their gradients.
  func apply(to rows: Matrix) {
    for place in 0..<count {
      let (row, factor) = (rows.row(place), factors.view[place])
      if factor == 0 { row.fill(0) } else { Kernels.active.scale(row, by: factor) }
    }
  }
}
