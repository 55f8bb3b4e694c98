/// A stack of recurrent layers over one shard's chunk, with its whole workspace.
///
/// A shard's rows are independent of all other rows from input to loss, so a stack runs on one thread without
/// meeting another; only the weights are shared.
///
/// Checked against `ReferenceStack` (Tests/TestSupport): `swift test --filter EngineGradientTests`.
package final class RecurrentStack {
  package let weights: StackWeights
  /// By layer, then direction.
  package let directions: [[RecurrentDirection]]
  private let outputs: [Buffer<Float>]  // (N, D·R) a layer
  private let gradients: [Buffer<Float>]  // of (N, D·R), used in turn on the way down
  private let maskKeys: Buffer<UInt64>  // (N)
  /// (N, D·R): the last layer's output before dropout, where it is kept.
  private lazy var rawOutput = Buffer<Float>(count: outputs[outputs.count - 1].count)

  package init(weights: StackWeights, capacity: Capacity) {
    self.weights = weights
    let shape = weights.shape
    let size = capacity.rowCount * shape.outputSize
    directions = weights.directions.map { $0.map { RecurrentDirection(weights: $0, capacity: capacity) } }
    outputs = (0..<shape.layerCount).map { _ in Buffer(count: size) }
    // A layer has used its output's gradient up when it makes its input's: they share a buffer, unless another direction
    // still needs the former.
    gradients = (0..<shape.directionCount).map { _ in Buffer(count: size) }
    maskKeys = Buffer(count: capacity.rowCount)
  }

  /// The output of the last layer for a walk's rows, (N, D·R).
  package func output(_ walk: Walk) -> Matrix { output(ofLayer: weights.shape.layerCount - 1, walk) }

  /// Where backward expects the gradient of `output`, (N, D·R).
  package func outputGradient(_ walk: Walk) -> Matrix { gradient(ofLayer: weights.shape.layerCount - 1, walk) }

  package func resetState() { for direction in directions.joined() { direction.resetState() } }

  /// The output of the last layer before dropout, (N, D·R), where forward kept it.
  package func rawOutput(_ walk: Walk) -> Matrix { rawOutput.view.matrix(walk.rowCount, weights.shape.outputSize) }

  /// Runs all layers. Dropout falls on the output of every layer; on the last one's where the plan says so.
  /// - Parameter keepsRawOutput: whether `rawOutput` will be asked for.
  package func forward(_ walk: Walk, input: LayerInput, dropout: DropoutPlan?, keepsRawOutput: Bool = false) {
    var layerInput = input
    for (layer, layerDirections) in directions.enumerated() {
      let layerOutput = output(ofLayer: layer, walk)
      for (number, direction) in layerDirections.enumerated() {
        direction.forward(walk, input: layerInput, output: part(number, of: layerOutput))
      }
      if keepsRawOutput, layer == directions.count - 1 { Kernels.active.copy(layerOutput, to: rawOutput(walk)) }
      if let dropout { apply(dropout, layer: layer, walk, to: layerOutput) }
      layerInput = LayerInput(rows: layerOutput)
    }
  }

  /// No gradient from beyond the chunk, as truncated backpropagation has it.
  package func resetStateGradient() { for direction in directions.joined() { direction.resetStateGradient() } }

  /// Runs all layers back from `outputGradient`, which is used up, and from the gradients of the final states that the
  /// directions hold; these become the gradients of the initial states.
  /// - Parameter temporalPenalty: what `addTemporalPenalty` adds; 0 unless forward kept the raw output.
  package func backward(_ walk: Walk, inputGradient: Matrix?, dropout: DropoutPlan?, temporalPenalty: Float = 0) {
    for layer in directions.indices.reversed() {
      backward(
        layer: layer, walk, inputGradient: inputGradient, dropout: dropout, temporalPenalty: temporalPenalty)
    }
  }

  /// The same for one layer, after those above it.
  package func backward(
    layer: Int, _ walk: Walk, inputGradient: Matrix?, dropout: DropoutPlan?, temporalPenalty: Float = 0
  ) {
    let layerGradient = gradient(ofLayer: layer, walk)
    if let dropout { apply(dropout, layer: layer, walk, to: layerGradient) }
    if temporalPenalty != 0, layer == directions.count - 1 {
      addTemporalPenalty(temporalPenalty, walk, to: layerGradient)
    }
    let below = layer > 0 ? gradient(ofLayer: layer - 1, walk) : inputGradient
    for (number, direction) in directions[layer].enumerated() {
      direction.backward(
        walk, outputGradient: part(number, of: layerGradient), inputGradient: below, accumulate: number > 0)
    }
  }

  private func output(ofLayer layer: Int, _ walk: Walk) -> Matrix {
    outputs[layer].view.matrix(walk.rowCount, weights.shape.outputSize)
  }

  private func gradient(ofLayer layer: Int, _ walk: Walk) -> Matrix {
    gradients[layer % gradients.count].view.matrix(walk.rowCount, weights.shape.outputSize)
  }

  /// A direction's columns of a layer's output.
  private func part(_ direction: Int, of output: Matrix) -> Matrix {
    let size = weights.shape.stateSize
    return output.columns(direction * size..<(direction + 1) * size)
  }

  private func apply(_ dropout: DropoutPlan, layer: Int, _ walk: Walk, to matrix: Matrix) {
    guard dropout.includesLastLayer || layer < directions.count - 1 else { return }
    let stem = MaskKey(seed: dropout.seed, step: dropout.step, layer: layer)
    let keys = maskKeys.view[0..<walk.rowCount]
    for step in 0..<walk.timeStepCount {
      let rows = walk.rows(at: step)
      for row in 0..<rows.count {
        let number = dropout.firstRow + row
        keys[rows.lowerBound + row] = dropout.isLocked ? stem.key(row: number) : stem.key(time: step, row: number)
      }
    }
    Kernels.active.dropout(matrix, probability: dropout.probability, keys: keys)
  }
}

extension RecurrentStack {
  /// Adds the gradient of factor / 2 · Σ (h_t − h_{t+1})² over the last layer's raw output: what temporal activation
  /// regularization asks for. No pair of steps reaches over a reset or the chunk's borders.
  private func addTemporalPenalty(_ factor: Float, _ walk: Walk, to gradient: Matrix) {
    let raw = rawOutput(walk)
    for step in walk.batchSizes.indices.dropFirst() {
      walk.forEachUncutRun(at: step) { run in
        func rows(at step: Int, of matrix: Matrix) -> View<Float> { matrix.rows(walk.rows(at: step)).rows(run).view }
        Kernels.active.addDifference(
          rows(at: step - 1, of: raw), rows(at: step, of: raw), times: factor, to: rows(at: step - 1, of: gradient),
          rows(at: step, of: gradient))
      }
    }
  }
}
