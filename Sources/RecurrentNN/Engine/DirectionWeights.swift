/// The weights of one direction of one layer: windows on a `ParameterStore` and copies packed for products.
package final class DirectionWeights {
  package let shape: RecurrentShape
  package let layer: Int
  package let isReverse: Bool
  package let inputSize: Int
  package let inputHidden: PackedWeight
  package let hiddenHidden: PackedWeight
  package let projection: PackedWeight?
  /// The weights of a mogrifier's rounds.
  let mogrifier: [PackedWeight]
  /// The copy of W_hh that is packed in its place, where elements of it are dropped.
  let dropped: DroppedWeight?
  let precision: Precision
  /// The part of the biases that is added to the projected input, (G·H): both, except that a GRU's b_hh acts
  /// inside r ⊙ (…) and stays apart.
  private let projectedBias: Buffer<Float>?
  private let biasIH: View<Float>?
  private let biasHH: View<Float>?
  /// The gains of a layer-normalized cell, (G·H) each.
  let gainIH: View<Float>?
  let gainHH: View<Float>?

  init(_ store: ParameterStore, _ shape: RecurrentShape, prefix: String, layer: Int, isReverse: Bool, plan: PackingPlan)
  {
    let suffix = shape.suffix(layer: layer, isReverse: isReverse)
    func matrix(_ name: String, ending: String = "") -> Matrix {
      store.matrix(named: prefix + name + suffix + ending)
    }
    self.shape = shape
    self.layer = layer
    self.isReverse = isReverse
    inputSize = shape.inputSize(ofLayer: layer)
    precision = plan.precision
    let inputRows = layer == 0 ? plan.capacity.tableSize ?? plan.capacity.rowCount : plan.capacity.rowCount
    inputHidden = PackedWeight(
      matrix("weight_ih"), largestRowCount: shape.hasMogrifier ? plan.capacity.batchSize : inputRows, plan: plan)
    dropped = plan.dropsWeights ? DroppedWeight(matrix("weight_hh"), layer: layer, isReverse: isReverse) : nil
    hiddenHidden = PackedWeight(
      dropped?.matrix ?? matrix("weight_hh"), largestRowCount: plan.capacity.batchSize, plan: plan)
    projection =
      shape.projectionSize == 0
      ? nil : PackedWeight(matrix("weight_hr"), largestRowCount: plan.capacity.batchSize, plan: plan)
    mogrifier = (0..<shape.mogrifierRounds).map {
      PackedWeight(
        matrix(Mogrifier.parameterName(round: $0)), largestRowCount: plan.capacity.batchSize, plan: plan)
    }
    biasIH = shape.hasBias ? matrix("bias_ih").view : nil
    biasHH = shape.hasBias ? matrix("bias_hh").view : nil
    gainIH = shape.hasLayerNorm ? matrix("ln_ih", ending: ".weight").view : nil
    gainHH = shape.hasLayerNorm ? matrix("ln_hh", ending: ".weight").view : nil
    projectedBias = shape.hasBias ? Buffer(count: shape.gateSize) : nil
  }

  /// b_hh of a GRU, (3H); nil for the other cells, whose b_hh is in the projection.
  package var recurrentBias: View<Float>? { shape.cell == .gru ? biasHH : nil }

  /// rows · W_ihᵀ, normalized where there is a norm, + bias: (count, I) → (count, G·H).
  /// - Parameter places: where the norm keeps what it needs for the rows.
  func project(_ rows: Matrix, into projected: Matrix, norm: LayerNorm?, at places: Range<Int>) {
    inputHidden.forward.multiply(rows, into: projected)
    norm?.forward(projected, at: places)
    if let projectedBias { Kernels.active.add(projectedBias.view, toRowsOf: projected) }
  }

  func refreshBias() {
    guard let projectedBias, let biasIH, let biasHH else { return }
    let sum = projectedBias.view
    sum.copy(from: biasIH)
    if shape.cell != .gru { Kernels.active.add(biasHH, toRowsOf: sum.matrix(1, sum.count)) }
  }
}
