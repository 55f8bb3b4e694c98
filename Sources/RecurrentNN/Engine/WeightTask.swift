/// One piece of work on a gradient or a weight, independent of all others of its list.
package struct WeightTask {
  /// Multiplications for each chunk row, to start the longest first.
  package let cost: Int
  /// The layer after whose backward pass it can be done, from 0; the number of layers for what comes after the last one.
  package let layer: Int
  /// What it makes.
  package let places: [Matrix]
  package let run: () -> Void

  package init(cost: Int, layer: Int, places: [Matrix], run: @escaping () -> Void) {
    self.cost = cost
    self.layer = layer
    self.places = places
    self.run = run
  }
}

extension StackWeights {
  /// The work that turns what the shards' backward passes left into the gradients of all weights.
  ///
  /// A task makes a slice of a weight's rows from the rows of all shards, in the order of shards: one buffer, no
  /// reduction, and the same bits whichever thread does it. Slices depend on the shape alone.
  package func gradientTasks(shards: [RecurrentStack], gradients store: ParameterStore, prefix: String) -> [WeightTask]
  {
    var tasks: [WeightTask] = []
    for (layer, layerWeights) in directions.enumerated() {
      for (number, weights) in layerWeights.enumerated() {
        let parts = shards.map { $0.directions[layer][number] }
        let gradients = DirectionGradients(store, prefix: prefix, weights: weights)
        for slice in slices(of: shape.gateSize) {
          tasks.append(
            WeightTask(
              cost: slice.count * (weights.inputSize + shape.stateSize), layer: layer, places: gradients.places(slice)
            ) {
              for (index, part) in parts.enumerated() {
                part.addGateGradients(slice, to: gradients, isFirst: index == 0)
              }
              weights.dropped?.mask(gradients.weightHH.rows(slice), slice)
            })
        }
        for (round, gradient) in gradients.mogrifier.enumerated() {
          tasks.append(
            WeightTask(cost: gradient.rowCount * gradient.columnCount, layer: layer, places: [gradient]) {
              for (index, part) in parts.enumerated() {
                part.addMogrifierGradient(round: round, to: gradient, isFirst: index == 0)
              }
            })
        }
        guard let projection = gradients.projection else { continue }
        tasks.append(
          WeightTask(
            cost: shape.projectionSize * shape.hiddenSize, layer: layer, places: [projection]
          ) {
            for (index, part) in parts.enumerated() {
              part.addProjectionGradient(to: projection, isFirst: index == 0)
            }
          })
      }
    }
    return tasks
  }
}

/// Cuts `count` rows into about four slices of whole vectors: enough for two to four threads, few enough for
/// products of a good size.
package func slices(of count: Int) -> [Range<Int>] {
  let size = max(16, ((count + 3) / 4 + 15) / 16 * 16)
  return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
