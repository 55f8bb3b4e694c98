/// The gradients of one direction's weights: windows on a store of gradients.
package struct DirectionGradients {
  let weightIH: Matrix
  let weightHH: Matrix
  let biasIH: View<Float>?
  let biasHH: View<Float>?
  let projection: Matrix?
  /// By round.
  let mogrifier: [Matrix]
  let gainIH: View<Float>?
  let gainHH: View<Float>?

  init(_ store: ParameterStore, prefix: String, weights: DirectionWeights) {
    let suffix = weights.shape.suffix(layer: weights.layer, isReverse: weights.isReverse)
    weightIH = store.matrix(named: prefix + "weight_ih" + suffix)
    weightHH = store.matrix(named: prefix + "weight_hh" + suffix)
    biasIH = weights.shape.hasBias ? store.view(named: prefix + "bias_ih" + suffix) : nil
    biasHH = weights.shape.hasBias ? store.view(named: prefix + "bias_hh" + suffix) : nil
    gainIH = weights.gainIH.map { _ in store.view(named: prefix + "ln_ih" + suffix + ".weight") }
    gainHH = weights.gainHH.map { _ in store.view(named: prefix + "ln_hh" + suffix + ".weight") }
    mogrifier = weights.mogrifier.indices.map {
      store.matrix(named: prefix + Mogrifier.parameterName(round: $0) + suffix)
    }
    projection = weights.projection == nil ? nil : store.matrix(named: prefix + "weight_hr" + suffix)
  }

  /// What a slice of the gates' rows makes.
  func places(_ gateRows: Range<Int>) -> [Matrix] {
    let vectors = [biasIH, biasHH, gainIH, gainHH].compactMap { $0?[gateRows].matrix(1, gateRows.count) }
    return [weightIH.rows(gateRows), weightHH.rows(gateRows)] + vectors
  }
}
