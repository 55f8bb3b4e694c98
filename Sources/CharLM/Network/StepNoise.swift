import RecurrentNN

/// What a training step does to a network beside the loss: which masks it has, and what is added to the gradient.
package struct StepNoise: Hashable, Sendable {
  /// The seed of the run and the number of the step, which key the masks.
  package var seed: UInt64
  package var step: Int
  /// The probability of dropout between layers and before the decoder.
  package var dropout: Float
  package var regularization: Regularization

  package init(seed: UInt64, step: Int, dropout: Float = 0, regularization: Regularization = Regularization()) {
    self.seed = seed
    self.step = step
    self.dropout = dropout
    self.regularization = regularization
  }

  /// Dropout of a shard; nil without any.
  func dropoutPlan(firstRow: Int) -> DropoutPlan? {
    guard dropout > 0 else { return nil }
    var plan = DropoutPlan(probability: dropout, seed: seed, step: step, firstRow: firstRow)
    plan.isLocked = regularization.isLocked
    return plan
  }

  package var weightDropPlan: WeightDropPlan {
    WeightDropPlan(probability: regularization.weightDrop, seed: seed, step: step)
  }
}

/// The factors with which the last layer's outputs enter their own gradient: 2 α / (number of outputs) and
/// 2 β / (number of differences). The numbers are those of all shards, so that shards do not change the means.
package struct ActivationPenalties {
  /// Of the output after dropout.
  private(set) var activation: Float = 0
  /// Of the differences between neighbouring steps before dropout.
  private(set) var temporal: Float = 0

  /// - Parameters:
  ///   - width: of a row of the outputs.
  ///   - rowCount: the rows of all shards.
  ///   - pairCount: their pairs of neighbouring steps.
  package init(_ regularization: Regularization?, width: Int = 0, rowCount: Int = 0, pairCount: Int = 0) {
    guard let regularization else { return }
    activation = 2 * regularization.activation / Float(max(rowCount * width, 1))
    temporal = 2 * regularization.temporal / Float(max(pairCount * width, 1))
  }
}
