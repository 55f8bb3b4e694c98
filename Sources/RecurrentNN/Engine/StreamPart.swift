/// Some units of a layer, with all gates: what is computed in one go. A plain value, so that members of a team do not
/// count references to the same objects; it holds as long as its layer.
///
/// Letters: M streams, C columns: gates · units.
struct StreamPart {
  let units: Range<Int>
  /// (M, C): room for the projected input.
  let projected: Matrix
  private let inputHidden: StreamWeight.Group
  private let hiddenHidden: StreamWeight.Group
  private let inputBias: View<Float>  // (C): what is added to the projected input
  private let recurrentBias: View<Float>?  // (C): a GRU's b_hh
  private let recurrent: Matrix  // (M, C)
  private let gates: Matrix  // (M, C)
  private let hidden: Matrix  // (M, units)
  private let newHidden: Matrix  // (M, units)

  init(
    units: Range<Int>, inputHidden: StreamWeight.Group, hiddenHidden: StreamWeight.Group, inputBias: View<Float>,
    recurrentBias: View<Float>?, scratch: [View<Float>], rowCount: Int
  ) {
    let C = hiddenHidden.columnCount
    self.units = units
    self.inputHidden = inputHidden
    self.hiddenHidden = hiddenHidden
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
    projected = scratch[0].matrix(rowCount, C)
    recurrent = scratch[1].matrix(rowCount, C)
    gates = scratch[2].matrix(rowCount, C)
    hidden = scratch[3].matrix(rowCount, units.count)
    newHidden = scratch[4].matrix(rowCount, units.count)
  }

  var columnCount: Int { hiddenHidden.columnCount }
  /// This part's columns where all parts of a layer stand side by side.
  var columns: Range<Int> {
    let gateCount = columnCount / units.count
    return gateCount * units.lowerBound..<gateCount * units.upperBound
  }

  func multiplyInput(_ rows: Matrix, into product: Matrix) { inputHidden.multiply(rows, into: product) }
  func multiplyHidden(_ rows: Matrix, into product: Matrix) { hiddenHidden.multiply(rows, into: product) }

  /// x W_ihᵀ + b for this part's columns.
  func project(_ rows: Matrix, into projected: Matrix) {
    multiplyInput(rows, into: projected)
    Kernels.active.add(inputBias, toRowsOf: projected)
  }

  /// The same from the normalized products of all parts.
  func takeProjected(_ normalized: Matrix, into projected: Matrix) {
    Kernels.active.copy(normalized.columns(columns), to: projected)
    Kernels.active.add(inputBias, toRowsOf: projected)
  }

  /// This part's c, (M, units).
  func cell(_ state: StreamLayerState) -> Matrix {
    let rowCount = state.hidden.rowCount
    return state.cells[rowCount * units.lowerBound..<rowCount * units.upperBound].matrix(rowCount, units.count)
  }

  /// One time step of these units, from their projected inputs and the whole of h, or what a norm has made of it.
  func step(
    _ projected: Kernels.Projected, _ state: StreamLayerState, _ shape: RecurrentShape, norm: StreamNorm?
  ) {
    let kernels = Kernels.active
    if let norm {
      kernels.copy(norm.recurrent.columns(columns), to: recurrent)
    } else {
      multiplyHidden(state.hidden, into: recurrent)
    }
    switch shape.cell {
    case .lstm:
      let cell = cell(state)
      kernels.lstmForward(
        projected, recurrent: recurrent, cell: cell, gates: gates, cellOut: cell, hidden: newHidden)
    case .gru:
      kernels.copy(state.hidden.columns(units), to: hidden)
      kernels.gruForward(
        projected, recurrent: recurrent, bias: recurrentBias, hidden: hidden, gates: gates, hiddenOut: newHidden)
    case .rnn:
      kernels.rnnForward(
        projected, recurrent: recurrent, relu: shape.nonlinearity == .relu, gates: gates, hiddenOut: newHidden)
    }
    kernels.copy(newHidden, to: state.nextHidden.columns(units))
  }
}
