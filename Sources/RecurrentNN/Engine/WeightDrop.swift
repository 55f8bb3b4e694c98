/// Weight drop of one training step: the probability, and what its masks are keyed by.
package struct WeightDropPlan {
  package let probability: Float
  package let seed: UInt64
  package let step: Int

  package init(probability: Float, seed: UInt64, step: Int) {
    self.probability = probability
    self.seed = seed
    self.step = step
  }
}

/// A copy of a recurrent weight of which each step drops single elements and scales the others by 1 / (1 − p):
/// DropConnect (Wan et al. 2013) as AWD-LSTM has it (Merity et al. 2018).
///
/// One mask serves all rows and time steps of a step, so the recurrence itself is regularized and yet remembers. The
/// parameters stay whole: packed for the step is the copy, and the weight's gradient passes through the same mask.
/// Element (row, column) depends on seed, step, layer, direction, row and column alone.
final class DroppedWeight {
  /// The copy (G·H, R) of the step that `plan` says, once the tasks have run.
  let matrix: Matrix
  var plan = WeightDropPlan(probability: 0, seed: 0, step: 0)
  private let weight: Matrix
  private let layer: Int
  private let isReverse: Bool
  private let copy: Buffer<Float>
  private let keys: Buffer<UInt64>  // one a row

  init(_ weight: Matrix, layer: Int, isReverse: Bool) {
    self.weight = weight
    self.layer = layer
    self.isReverse = isReverse
    copy = Buffer(count: weight.rowCount * weight.columnCount)
    keys = Buffer(count: weight.rowCount)
    matrix = copy.view.matrix(weight.rowCount, weight.columnCount)
  }

  /// The work that makes the step's copy, as independent tasks.
  var tasks: [() -> Void] { slices(of: weight.rowCount).map { rows in { self.drop(rows) } } }

  private func drop(_ rows: Range<Int>) {
    let stem = MaskKey(weightWithSeed: plan.seed, step: plan.step, layer: layer, isReverse: isReverse)
    let keys = keys.view
    for row in rows { keys[row] = stem.key(row: row) }
    Kernels.active.dropout(
      weight.rows(rows), to: matrix.rows(rows), probability: plan.probability, keys: keys[rows])
  }

  /// Turns some rows of the copy's gradient into the weight's.
  func mask(_ gradient: Matrix, _ rows: Range<Int>) {
    Kernels.active.dropout(gradient, probability: plan.probability, keys: keys.view[rows])
  }
}

extension StackWeights {
  /// What the next run of `dropTasks` drops.
  package func drop(_ plan: WeightDropPlan) {
    for weights in directions.joined() { weights.dropped?.plan = plan }
  }

  /// The work that comes before `refreshTasks` in a step, as independent tasks; none without weight drop.
  package var dropTasks: [() -> Void] { directions.joined().flatMap { $0.dropped?.tasks ?? [] } }
}
