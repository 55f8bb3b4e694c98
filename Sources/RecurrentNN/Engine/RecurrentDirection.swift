/// The input of a layer: rows, and where several chunk rows share one, the index that names it for each.
package struct LayerInput {
  /// (row count, I), or (table size, I) with an index.
  package let rows: Matrix
  /// For each chunk row the number of its input row; nil where chunk row r reads input row r.
  package let index: View<Int32>?

  package init(rows: Matrix, index: View<Int32>? = nil) {
    self.rows = rows
    self.index = index
  }
}

/// One direction of one layer over one shard's chunk: the time loop, forward and backward.
///
/// The loop adds W_hh h to projected inputs and applies the gates; it does not know where the projection came from.
/// Letters: N chunk rows, B rows of a step, I input, H hidden, R state (H or the projection's size), G gates.
/// Forward keeps what backward needs: the state that *entered* each step (after resets, which is why it is stored apart
/// from the output), the activated gates. Backward turns the gates into their gradients in place.
///
/// Checked against `ReferenceStack` (Tests/TestSupport), plain loops over one sequence at a time, in every combination of
/// cell, direction, projection, resets and lengths: `swift test --filter EngineGradientTests`.
package final class RecurrentDirection {
  package let weights: DirectionWeights
  private let kernels = Kernels.active
  private let tableSize: Int?

  /// The carried state (B, R): before forward the initial one, after it the final one, each row at its own end.
  package let hidden: Matrix
  /// The carried cell state (B, H) of an LSTM; empty for other cells.
  package let cell: Matrix
  /// The gradient of the carried state, (B, R) and (B, H): before backward that of the final state, after it that of the
  /// initial state.
  package let hiddenGradient: Matrix
  package let cellGradient: Matrix

  package let gates: Matrix  // (N, G·H): projected inputs, then activations, then their gradients
  private let recurrent: Matrix  // W_hh h: (N, 3H) for a GRU, which needs it again; else (B, G·H)
  private let table: Matrix  // (U, G·H): projected distinct inputs, then their gradients
  /// (N, R): the state that entered, as the cell read it: after a mogrifier.
  package let enteringHidden: Matrix
  package let enteringCell: Matrix  // (N, H)
  private let unprojected: Matrix  // (N, H): o tanh(c), where there is a projection
  private let projectedGradient: Matrix  // (N, R): the gradient of the projected h, for weight_hr
  private let unprojectedGradient: Matrix  // (B, H)
  private let inputNorm: LayerNorm?  // of the projected inputs
  private let recurrentNorm: LayerNorm?  // of W_hh h
  private let mogrifier: Mogrifier?
  private let buffers: [Buffer<Float>]  // owns all of the above

  private var input: LayerInput?
  private var rowCount = 0

  package init(weights: DirectionWeights, capacity: Capacity) {
    let shape = weights.shape
    let (N, B, H, R, GH) = (
      capacity.rowCount, capacity.batchSize, shape.hiddenSize, shape.stateSize, shape.gateSize
    )
    let hasCell = shape.cell == .lstm
    let hasProjection = shape.projectionSize > 0
    tableSize = weights.layer == 0 && !shape.hasMogrifier ? capacity.tableSize : nil
    self.weights = weights
    var owned: [Buffer<Float>] = []
    func matrix(_ rows: Int, _ columns: Int, if isNeeded: Bool = true) -> Matrix {
      let buffer = Buffer<Float>(count: isNeeded ? rows * columns : 0)
      owned.append(buffer)
      return buffer.view.matrix(isNeeded ? rows : 0, columns)
    }
    hidden = matrix(B, R)
    cell = matrix(B, H, if: hasCell)
    hiddenGradient = matrix(B, R)
    cellGradient = matrix(B, H, if: hasCell)
    gates = matrix(N, GH)
    recurrent = matrix(shape.cell == .gru ? N : B, GH)
    table = matrix(tableSize ?? 0, GH, if: tableSize != nil)
    enteringHidden = matrix(N, R)
    enteringCell = matrix(N, H, if: hasCell)
    unprojected = matrix(N, H, if: hasProjection)
    projectedGradient = matrix(N, R, if: hasProjection)
    unprojectedGradient = matrix(B, H, if: hasProjection)
    inputNorm = weights.gainIH.map {
      [tableSize] in LayerNorm(gain: $0, rowCapacity: max(tableSize ?? N, 1))
    }
    recurrentNorm = weights.gainHH.map { LayerNorm(gain: $0, rowCapacity: N) }
    mogrifier = shape.hasMogrifier ? Mogrifier(weights, rowCapacity: N, hidden: enteringHidden) : nil
    buffers = owned
  }

  /// The carried state as zeros.
  package func resetState() {
    hidden.zero()
    cell.zero()
  }

  /// No gradient from beyond the chunk, as truncated backpropagation has it.
  package func resetStateGradient() {
    hiddenGradient.zero()
    cellGradient.zero()
  }
}

// MARK: Forward

extension RecurrentDirection {
  /// Runs the chunk; writes h of every row to `output` (N, R) and leaves the final state in `hidden` and `cell`.
  package func forward(_ walk: Walk, input: LayerInput, output: Matrix) {
    self.input = input
    rowCount = walk.rowCount
    if let mogrifier {
      mogrifier.read(input, rowCount: rowCount)
    } else {
      weights.project(input.rows, into: projectedInputs, norm: inputNorm, at: 0..<input.rows.rowCount)
    }
    for position in 0..<walk.timeStepCount {
      forwardStep(walk, step: weights.isReverse ? walk.timeStepCount - 1 - position : position, output: output)
    }
  }

  /// The rows that hold the projected inputs, and in backward their gradients: the table, or the gates themselves.
  private var projectedInputs: Matrix {
    guard let input, input.index != nil, mogrifier == nil else { return gates.rows(first: rowCount) }
    return table.rows(first: input.rows.rowCount)
  }

  private func forwardStep(_ walk: Walk, step: Int, output: Matrix) {
    let rows = walk.rows(at: step)
    let state = hidden.rows(first: rows.count)
    let entering = mogrifier?.enteringHidden(rows) ?? enteringHidden.rows(rows)
    kernels.copy(state, to: entering)
    if weights.shape.cell == .lstm { kernels.copy(cell.rows(first: rows.count), to: enteringCell.rows(rows)) }
    for reset in resets(walk, entering: step) {
      entering.row(reset.row).fill(0)
      if weights.shape.cell == .lstm { enteringCell.rows(rows).row(reset.row).fill(0) }
    }
    if let mogrifier {
      mogrifier.forward(rows)
      weights.project(mogrifier.input(rows), into: gates.rows(rows), norm: inputNorm, at: rows)
    }
    let recurrent = recurrentRows(rows)
    weights.hiddenHidden.forward.multiply(enteringHidden.rows(rows), into: recurrent)
    recurrentNorm?.forward(recurrent, at: rows)
    activate(rows, recurrent: recurrent)
    if let projection = weights.projection { projection.forward.multiply(unprojected.rows(rows), into: state) }
    kernels.copy(state, to: output.rows(rows))
  }

  /// The rows whose carried state is cut on the way into a step. A document begins between a reset's step and the one
  /// before it; the reverse direction crosses this border on its way to the step before.
  private func resets(_ walk: Walk, entering step: Int) -> ArraySlice<Walk.Reset> {
    walk.resets(at: weights.isReverse ? step + 1 : step)
  }

  /// A GRU needs W_hh h again in backward and keeps it for every row; for the others it is scratch that stays in cache.
  private func recurrentRows(_ rows: Range<Int>) -> Matrix {
    weights.shape.cell == .gru ? recurrent.rows(rows) : recurrent.rows(first: rows.count)
  }

  private func activate(_ rows: Range<Int>, recurrent: Matrix) {
    let index = mogrifier == nil ? input?.index?[rows] : nil
    let projected = Kernels.Projected(rows: index == nil ? gates.rows(rows) : projectedInputs, index: index)
    let gates = gates.rows(rows)
    let state = hidden.rows(first: rows.count)
    switch weights.shape.cell {
    case .lstm:
      kernels.lstmForward(
        projected, recurrent: recurrent, cell: enteringCell.rows(rows), gates: gates,
        cellOut: cell.rows(first: rows.count), hidden: weights.projection == nil ? state : unprojected.rows(rows))
    case .gru:
      kernels.gruForward(
        projected, recurrent: recurrent, bias: weights.recurrentBias, hidden: enteringHidden.rows(rows),
        gates: gates, hiddenOut: state)
    case .rnn:
      kernels.rnnForward(
        projected, recurrent: recurrent, relu: weights.shape.nonlinearity == .relu, gates: gates, hiddenOut: state)
    }
  }
}

// MARK: Backward

extension RecurrentDirection {
  /// Runs the chunk back. `outputGradient` (N, R) reaches the outputs, `hiddenGradient` and `cellGradient` the final state.
  /// Writes the gradient of the input rows to `inputGradient` where one is given, or adds to it.
  package func backward(_ walk: Walk, outputGradient: Matrix, inputGradient: Matrix?, accumulate: Bool = false) {
    inputNorm?.beginBackward()
    recurrentNorm?.beginBackward()
    for position in 0..<walk.timeStepCount {
      backwardStep(
        walk, step: weights.isReverse ? position : walk.timeStepCount - 1 - position, outputGradient: outputGradient)
    }
    if let mogrifier {
      guard let input, let inputGradient else { return }
      if !accumulate { inputGradient.zero() }
      return mogrifier.addInputGradient(input, rowCount: rowCount, to: inputGradient)
    }
    if let index = input?.index {
      projectedInputs.zero()
      kernels.scatterAdd(gates.rows(first: rowCount), index, to: projectedInputs)
    }
    inputNorm?.backward(projectedInputs, at: 0..<projectedInputs.rowCount)
    if let inputGradient {
      weights.inputHidden.backward.multiply(inputProductGradient, into: inputGradient, accumulate: accumulate)
    }
  }

  private func backwardStep(_ walk: Walk, step: Int, outputGradient: Matrix) {
    let rows = walk.rows(at: step)
    let state = hiddenGradient.rows(first: rows.count)
    kernels.add(outputGradient.rows(rows), to: state)
    var reaching = state
    if let projection = weights.projection {
      kernels.copy(state, to: projectedGradient.rows(rows))
      reaching = unprojectedGradient.rows(first: rows.count)
      projection.backward.multiply(state, into: reaching)
    }
    differentiate(rows, hiddenGradient: reaching)
    recurrentNorm?.backward(recurrentGradient(rows), at: rows)
    // A GRU's z h has left its part of the gradient in `state`.
    weights.hiddenHidden.backward.multiply(
      recurrentProductGradient(rows), into: state, accumulate: weights.shape.cell == .gru)
    if let mogrifier {
      inputNorm?.backward(gates.rows(rows), at: rows)
      weights.inputHidden.backward.multiply(
        inputNorm?.gradient(rows) ?? gates.rows(rows), into: mogrifier.inputGradient(rows))
      mogrifier.backward(rows, hiddenGradient: state)
    }
    for reset in resets(walk, entering: step) {
      state.row(reset.row).fill(0)
      if weights.shape.cell == .lstm { cellGradient.row(reset.row).fill(0) }
    }
  }

  /// The gradient of W_hh h before it was normalized, and of W_ih x.
  private func recurrentProductGradient(_ rows: Range<Int>) -> Matrix {
    recurrentNorm?.gradient(rows) ?? recurrentGradient(rows)
  }
  private var inputProductGradient: Matrix {
    inputNorm?.gradient(0..<projectedInputs.rowCount) ?? projectedInputs
  }

  /// The gradient of what W_hh h gives the gates: the gates' own, except in a GRU, whose n block differs by r.
  private func recurrentGradient(_ rows: Range<Int>) -> Matrix {
    weights.shape.cell == .gru ? recurrent.rows(rows) : gates.rows(rows)
  }

  private func differentiate(_ rows: Range<Int>, hiddenGradient: Matrix) {
    let gates = gates.rows(rows)
    switch weights.shape.cell {
    case .lstm:
      kernels.lstmBackward(
        gates: gates, cell: enteringCell.rows(rows), hiddenGradient: hiddenGradient,
        cellGradient: cellGradient.rows(first: rows.count), gateGradient: gates)
    case .gru:
      kernels.gruBackward(
        gates: gates, recurrent: recurrent.rows(rows), hidden: enteringHidden.rows(rows),
        hiddenGradient: hiddenGradient, projectedGradient: gates, recurrentGradient: recurrent.rows(rows))
    case .rnn:
      kernels.rnnBackward(
        gates: gates, relu: weights.shape.nonlinearity == .relu, hiddenGradient: hiddenGradient, gateGradient: gates)
    }
  }
}

// MARK: Weight gradients

extension RecurrentDirection {
  /// Adds this chunk's part to the gradients of some gate rows (rows of the weights), or sets them where it is the first.
  package func addGateGradients(_ gateRows: Range<Int>, to gradients: DirectionGradients, isFirst: Bool) {
    guard let input else { preconditionFailure("gradients before forward") }
    let all = 0..<rowCount
    let projected = projectedInputs.columns(gateRows)
    let recurrent = recurrentGradient(all).columns(gateRows)
    multiplyTransposed(
      inputProductGradient.columns(gateRows), mogrifier?.input(all) ?? input.rows,
      into: gradients.weightIH.rows(gateRows), accumulate: !isFirst,
      precision: weights.precision)
    multiplyTransposed(
      recurrentProductGradient(all).columns(gateRows), enteringHidden.rows(all),
      into: gradients.weightHH.rows(gateRows), accumulate: !isFirst,
      precision: weights.precision)
    inputNorm?.addGainGradient(gateRows, to: gradients.gainIH, isFirst: isFirst)
    recurrentNorm?.addGainGradient(gateRows, to: gradients.gainHH, isFirst: isFirst)
    guard let biasIH = gradients.biasIH?[gateRows], let biasHH = gradients.biasHH?[gateRows] else { return }
    if isFirst {
      biasIH.fill(0)
      biasHH.fill(0)
    }
    kernels.addRowSum(of: projected, to: biasIH)
    kernels.addRowSum(of: recurrent, to: biasHH)
  }

  /// The same for the weight of a mogrifier's round.
  func addMogrifierGradient(round: Int, to gradient: Matrix, isFirst: Bool) {
    mogrifier?.addWeightGradient(round: round, rowCount: rowCount, to: gradient, isFirst: isFirst)
  }

  /// The same for the projection's weight (P, H).
  package func addProjectionGradient(to gradient: Matrix, isFirst: Bool) {
    let all = 0..<rowCount
    multiplyTransposed(
      projectedGradient.rows(all), unprojected.rows(all), into: gradient, accumulate: !isFirst,
      precision: weights.precision)
  }
}
