/// Dropout of one training step: the probability, and what its masks are keyed by.
package struct DropoutPlan {
  package let probability: Float
  package let seed: UInt64
  package let step: Int
  /// The number, over all shards, of the shard's first row.
  package let firstRow: Int
  /// Whether a row has one mask for all time steps of the chunk (Gal and Ghahramani 2016), not one for each.
  package var isLocked = false
  /// Whether the last layer's output is dropped too, as before a decoder; PyTorch's layers leave it whole.
  package var includesLastLayer = true

  package init(probability: Float, seed: UInt64, step: Int, firstRow: Int) {
    self.probability = probability
    self.seed = seed
    self.step = step
    self.firstRow = firstRow
  }
}
