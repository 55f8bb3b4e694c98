/// The weights of a whole stack, shared read-only by all shards between two updates.
package final class StackWeights {
  package let shape: RecurrentShape
  /// By layer, then direction.
  package let directions: [[DirectionWeights]]
  private let store: ParameterStore

  package init(_ store: ParameterStore, _ shape: RecurrentShape, prefix: String, plan: PackingPlan) {
    self.store = store
    self.shape = shape
    directions = (0..<shape.layerCount).map { layer in
      (0..<shape.directionCount).map { direction in
        DirectionWeights(store, shape, prefix: prefix, layer: layer, isReverse: direction == 1, plan: plan)
      }
    }
  }

  /// The work that brings all packed copies up to date after the store changed, as independent tasks.
  package var refreshTasks: [() -> Void] {
    directions.flatMap(\.self).flatMap { weights in
      let packed = [weights.inputHidden, weights.hiddenHidden] + weights.mogrifier
      return [{ weights.refreshBias() }] + packed.flatMap(\.refreshTasks) + (weights.projection?.refreshTasks ?? [])
    }
  }
}
