/// Some units of a layer, with all gates: what is computed in one go. A plain value, so that members of a team do not
/// count references to the same objects; it holds as long as its layer.
///
/// Letters: M streams, L of them live, C columns: gates · units.
struct StreamPart {
  let units: Range<Int>
  private let inputHidden: StreamWeight.Group
  private let hiddenHidden: StreamWeight.Group
  private let inputBias: View<Float>  // (C): what is added to the projected input
  private let recurrentBias: View<Float>?  // (C): a GRU's b_hh
  private let kernels: Kernels

  init(
    units: Range<Int>, inputHidden: StreamWeight.Group, hiddenHidden: StreamWeight.Group, inputBias: View<Float>,
    recurrentBias: View<Float>?, kernels: Kernels
  ) {
    self.units = units
    self.inputHidden = inputHidden
    self.hiddenHidden = hiddenHidden
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
    self.kernels = kernels
  }

  var columnCount: Int { hiddenHidden.columnCount }
  /// This part's columns where all parts of a layer stand side by side.
  var columns: Range<Int> {
    let gateCount = columnCount / units.count
    return gateCount * units.lowerBound..<gateCount * units.upperBound
  }

  func multiplyInput(_ rows: StreamRows, into product: Matrix) { inputHidden.multiply(rows, into: product) }
  func multiplyHidden(_ rows: StreamRows, into product: Matrix) { hiddenHidden.multiply(rows, into: product) }

  /// x W_ihᵀ + b for this part's columns.
  func project(_ rows: StreamRows, into projected: Matrix) {
    multiplyInput(rows, into: projected)
    kernels.add(inputBias, toRowsOf: projected)
  }

  /// The same from the normalized products of all parts.
  func takeProjected(_ normalized: Matrix, into projected: Matrix) {
    kernels.copy(normalized.rows(first: projected.rowCount).columns(columns), to: projected)
    kernels.add(inputBias, toRowsOf: projected)
  }

  /// This part's c, (L, units).
  func cell(_ state: StreamLayerState) -> Matrix {
    let capacity = state.capacity
    return state.cells[capacity * units.lowerBound..<capacity * units.upperBound]
      .matrix(state.hidden.rowCount, units.count)
  }

  /// One time step of these units, from their projected inputs and the whole of h, or what a norm has made of it.
  /// - Parameter hidden: the layer's h as products take it; a norm has multiplied it already.
  func step(
    _ projected: Kernels.Projected, hidden: StreamRows, _ state: StreamLayerState, _ shape: RecurrentShape,
    norm: StreamNorm?, _ scratch: StreamScratch
  ) {
    let rowCount = state.hidden.rowCount
    func room(_ view: View<Float>, _ columnCount: Int) -> Matrix {
      view[0..<rowCount * columnCount].matrix(rowCount, columnCount)
    }
    let (recurrent, gates) = (room(scratch.recurrent, columnCount), room(scratch.gates, columnCount))
    let newHidden = room(scratch.newHidden, units.count)
    if let norm {
      kernels.copy(norm.recurrent.rows(first: rowCount).columns(columns), to: recurrent)
    } else {
      multiplyHidden(hidden, into: recurrent)
    }
    switch shape.cell {
    case .lstm:
      let cell = cell(state)
      kernels.lstmForward(
        projected, recurrent: recurrent, cell: cell, gates: gates, cellOut: cell, hidden: newHidden)
    case .gru:
      let hidden = room(scratch.hidden, units.count)
      kernels.copy(state.hidden.columns(units), to: hidden)
      kernels.gruForward(
        projected, recurrent: recurrent, bias: recurrentBias, hidden: hidden, gates: gates, hiddenOut: newHidden)
    case .rnn:
      kernels.rnnForward(
        projected, recurrent: recurrent, relu: shape.nonlinearity == .relu, gates: gates, hiddenOut: newHidden)
    }
    kernels.copy(newHidden, to: state.nextHidden.columns(units))
  }

  /// Room for the projected input of M streams.
  func projected(_ scratch: StreamScratch, rowCount: Int) -> Matrix {
    scratch.projected[0..<rowCount * columnCount].matrix(rowCount, columnCount)
  }
}
