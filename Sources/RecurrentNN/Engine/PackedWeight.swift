/// A weight W (out, in) and its packed copies: for y = x Wᵀ, and for dx = dy W.
package final class PackedWeight {
  package let weight: Matrix
  package let forward: PackedMatrix
  private let backwardCopy: PackedMatrix?

  /// - Parameter largestRowCount: the most rows of a usual product.
  package init(_ weight: Matrix, largestRowCount: Int, plan: PackingPlan) {
    func packed(transposed: Bool) -> PackedMatrix {
      PackedMatrix(
        weight: weight, transposed: transposed, largestRowCount: largestRowCount, precision: plan.precision)
    }
    self.weight = weight
    forward = packed(transposed: true)
    backwardCopy = plan.isTrained ? packed(transposed: false) : nil
  }

  package var backward: PackedMatrix {
    guard let backwardCopy else { preconditionFailure("gradients asked of weights that were packed for inference") }
    return backwardCopy
  }

  /// The work that brings the copies up to date, as independent tasks.
  package var refreshTasks: [() -> Void] {
    [forward, backwardCopy].compactMap { copy in
      copy.map { copy in { [weight] in copy.update(from: weight) } }
    }
  }
}
