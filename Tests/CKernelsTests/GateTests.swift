import CKernels
// The gates of the three cells: forward against Double formulas, backward against numerical gradients of those
// formulas.

import Foundation
import Testing

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// One element of an LSTM step. x: the sums before activation, i, f, g, o; then c.
func lstm(_ x: [Double]) -> (gates: [Double], cell: Double, hidden: Double) {
  let gates = [sigmoid(x[0]), sigmoid(x[1]), tanh(x[2]), sigmoid(x[3])]
  let cell = gates[1] * x[4] + gates[0] * gates[2]
  return (gates, cell, gates[3] * tanh(cell))
}

/// One element of a GRU step. x: projected r, z, n; recurrent with bias r, z, n; then h.
func gru(_ x: [Double]) -> (gates: [Double], hidden: Double) {
  let r = sigmoid(x[0] + x[3])
  let z = sigmoid(x[1] + x[4])
  let n = tanh(x[2] + r * x[5])
  return ([r, z, n], (1 - z) * n + z * x[6])
}

/// A step's buffers for tests of any cell. `blocks` is the number of gates.
struct Step {
  let rows: Int
  let H: Int
  let blocks: Int
  let index: [Int32]?
  let projected: [Float]
  let recurrent: [Float]
  let state: [Float]

  init(rows: Int, H: Int, blocks: Int, indexed: Bool) {
    var random = Random(rows * 1000 + H)
    (self.rows, self.H, self.blocks) = (rows, H, blocks)
    index = indexed ? (0..<rows).map { _ in Int32.random(in: 0..<3, using: &random) } : nil
    projected = random.floats((indexed ? 3 : rows) * blocks * H, in: -3...3)
    recurrent = random.floats(rows * blocks * H, in: -3...3)
    state = random.floats(rows * H)
  }

  /// The projected value that element j of row r takes for a gate.
  func projected(_ r: Int, _ gate: Int, _ j: Int) -> Double {
    Double(projected[(index.map { Int($0[r]) } ?? r) * blocks * H + gate * H + j])
  }
  func recurrent(_ r: Int, _ gate: Int, _ j: Int) -> Double {
    Double(recurrent[r * blocks * H + gate * H + j])
  }
  func state(_ r: Int, _ j: Int) -> Double { Double(state[r * H + j]) }

  /// Lays values computed element by element out as a (rows, count · H) matrix.
  func matrix(_ count: Int, _ element: (_ r: Int, _ j: Int) -> [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows * count * H)
    for r in 0..<rows {
      for j in 0..<H {
        for (block, value) in element(r, j).enumerated() { result[(r * count + block) * H + j] = value }
      }
    }
    return result
  }
}

@Suite("Gates")
struct GateTests {
  @Test("LSTM forward follows its equations", arguments: Table.available, widths)
  func lstmForward(table: Table, H: Int) {
    for rows in rowCounts {
      for indexed in [false, true] {
        let step = Step(rows: rows, H: H, blocks: 4, indexed: indexed)
        func element(_ r: Int, _ j: Int) -> (gates: [Double], cell: Double, hidden: Double) {
          lstm((0..<4).map { step.projected(r, $0, j) + step.recurrent(r, $0, j) } + [step.state(r, j)])
        }
        let (gates, cell) = (Buffer(count: rows * 4 * H), Buffer(count: rows * H))
        let hidden = Buffer(count: rows * H)
        table.kernels.lstm_forward(
          rows, H, step.projected, step.index, step.recurrent, step.state, gates.pointer, cell.pointer,
          hidden.pointer)
        let what = "\(rows) rows, indexed: \(indexed)"
        expect(gates, equals: step.matrix(4) { element($0, $1).gates }, within: 1e-6, "gates, \(what)")
        expect(cell, equals: step.matrix(1) { [element($0, $1).cell] }, within: 1e-6, "c, \(what)")
        expect(hidden, equals: step.matrix(1) { [element($0, $1).hidden] }, within: 1e-6, "h, \(what)")

        // In place: gates over projected (without an index), the new cell over the old.
        let (projected, state, again) = (Buffer(step.projected), Buffer(step.state), Buffer(count: rows * H))
        let target = indexed ? gates : projected
        table.kernels.lstm_forward(
          rows, H, projected.pointer, step.index, step.recurrent, state.pointer, target.pointer, state.pointer,
          again.pointer)
        #expect(target.values == gates.values && state.values == cell.values && again.values == hidden.values)
        #expect(target.isIntact && state.isIntact)
      }
    }
  }

  @Test("LSTM backward is the gradient of forward", arguments: Table.available, widths)
  func lstmBackward(table: Table, H: Int) {
    for rows in rowCounts {
      let step = Step(rows: rows, H: H, blocks: 4, indexed: false)
      var random = Random(H)
      let (dHidden, dCell) = (random.floats(rows * H), random.floats(rows * H))
      let (gates, cell) = (Buffer(count: rows * 4 * H), Buffer(count: rows * H))
      let hidden = Buffer(count: rows * H)
      table.kernels.lstm_forward(
        rows, H, step.projected, nil, step.recurrent, step.state, gates.pointer, cell.pointer,
        hidden.pointer)
      let (dGates, dState) = (Buffer(count: rows * 4 * H), Buffer(dCell))
      table.kernels.lstm_backward(
        rows, H, gates.pointer, step.state, dHidden, dState.pointer, dGates.pointer)

      func gradient(_ r: Int, _ j: Int) -> [Double] {
        let x = (0..<4).map { step.projected(r, $0, j) + step.recurrent(r, $0, j) } + [step.state(r, j)]
        let (weightH, weightC) = (Double(dHidden[r * H + j]), Double(dCell[r * H + j]))
        return numericalGradient(of: { weightH * lstm($0).hidden + weightC * lstm($0).cell }, at: x)
      }
      expect(dGates, equals: step.matrix(4) { Array(gradient($0, $1)[..<4]) }, within: 2e-6, "\(rows) rows")
      expect(dState, equals: step.matrix(1) { [gradient($0, $1)[4]] }, within: 2e-6, "\(rows) rows")

      let again = Buffer(dCell)  // d_gates over gates
      table.kernels.lstm_backward(
        rows, H, gates.pointer, step.state, dHidden, again.pointer, gates.pointer)
      #expect(gates.values == dGates.values && again.values == dState.values && gates.isIntact)
    }
  }

  @Test("GRU forward and backward follow its equations", arguments: Table.available, widths)
  func gruBoth(table: Table, H: Int) {
    for (rows, indexed, biased) in [(0, false, true), (1, false, false), (5, true, true), (5, false, true)] {
      let step = Step(rows: rows, H: H, blocks: 3, indexed: indexed)
      var random = Random(H + 1)
      let bias = biased ? random.floats(3 * H) : nil
      func input(_ r: Int, _ j: Int) -> [Double] {
        let fromInput: [Double] = (0..<3).map { step.projected(r, $0, j) }
        let fromState: [Double] = (0..<3).map { gate in
          step.recurrent(r, gate, j) + (bias.map { Double($0[gate * H + j]) } ?? 0)
        }
        return fromInput + fromState + [step.state(r, j)]
      }
      let (recurrent, gates, hidden) = (Buffer(step.recurrent), Buffer(count: rows * 3 * H), Buffer(step.state))
      table.kernels.gru_forward(
        rows, H, step.projected, step.index, recurrent.pointer, bias, hidden.pointer, gates.pointer, hidden.pointer)
      let what = "\(rows) rows, indexed: \(indexed), bias: \(biased)"
      expect(gates, equals: step.matrix(3) { gru(input($0, $1)).gates }, within: 1e-6, "gates, \(what)")
      expect(hidden, equals: step.matrix(1) { [gru(input($0, $1)).hidden] }, within: 1e-6, "h, \(what)")
      expect(
        recurrent,
        equals: step.matrix(3) { [step.recurrent($0, 0, $1), step.recurrent($0, 1, $1), input($0, $1)[5]] },
        within: 1e-6, "recurrent, \(what)")

      let dHidden = random.floats(rows * H)
      func gradient(_ r: Int, _ j: Int) -> [Double] {
        let weight = Double(dHidden[r * H + j])
        return numericalGradient(of: { weight * gru($0).hidden }, at: input(r, j))
      }
      let (dState, dProjected, dRecurrent) =
        (Buffer(dHidden), Buffer(count: rows * 3 * H), Buffer(count: rows * 3 * H))
      table.kernels.gru_backward(
        rows, H, gates.pointer, recurrent.pointer, step.state, dState.pointer, dProjected.pointer, dRecurrent.pointer)
      expect(dProjected, equals: step.matrix(3) { Array(gradient($0, $1)[..<3]) }, within: 2e-6, "projected, \(what)")
      expect(dRecurrent, equals: step.matrix(3) { Array(gradient($0, $1)[3..<6]) }, within: 2e-6, "recurrent, \(what)")
      expect(dState, equals: step.matrix(1) { [gradient($0, $1)[6]] }, within: 2e-6, "h, \(what)")

      let again = Buffer(dHidden)  // d_projected over gates, d_recurrent over recurrent
      table.kernels.gru_backward(
        rows, H, gates.pointer, recurrent.pointer, step.state, again.pointer, gates.pointer, recurrent.pointer)
      #expect(gates.values == dProjected.values && recurrent.values == dRecurrent.values)
      #expect(again.values == dState.values && gates.isIntact && recurrent.isIntact)
    }
  }

  @Test("Elman forward and backward follow their equations", arguments: Table.available, widths)
  func elman(table: Table, H: Int) {
    for (rows, indexed, relu) in [(0, false, true), (1, false, false), (5, true, true), (5, false, false)] {
      let step = Step(rows: rows, H: H, blocks: 1, indexed: indexed)
      func input(_ r: Int, _ j: Int) -> Double { step.projected(r, 0, j) + step.recurrent(r, 0, j) }
      func activation(_ x: Double) -> Double { relu ? max(x, 0) : tanh(x) }
      let (gates, hidden) = (Buffer(count: rows * H), Buffer(count: rows * H))
      table.kernels.rnn_forward(
        rows, H, relu, step.projected, step.index, step.recurrent, gates.pointer, hidden.pointer)
      let what = "\(rows) rows, indexed: \(indexed), relu: \(relu)"
      expect(gates, equals: step.matrix(1) { [activation(input($0, $1))] }, within: 1e-6, what)
      #expect(hidden.values == gates.values && hidden.isIntact)

      var random = Random(H + 2)
      let dHidden = random.floats(rows * H)
      table.kernels.rnn_backward(rows, H, relu, gates.pointer, dHidden, gates.pointer)
      let expected = step.matrix(1) { r, j in
        numericalGradient(of: { Double(dHidden[r * H + j]) * activation($0[0]) }, at: [input(r, j)])
      }
      expect(gates, equals: expected, within: 2e-6, "gradient, \(what)")
    }
  }

  @Test("a mogrifier's round follows its equation, and its gradient is the slope", arguments: Table.available, widths)
  func mogrifier(table: Table, count: Int) {
    var random = Random(count)
    let (sums, x, dy) = (random.floats(count, in: -6...6), random.floats(count), random.floats(count))
    func element(_ a: Double, _ x: Double) -> Double { 2 * sigmoid(a) * x }
    let (factors, y) = (Buffer(sums), Buffer(count: count))
    table.kernels.modulate(count, factors.pointer, x, y.pointer)
    expect(factors, equals: sums.map { 2 * sigmoid(Double($0)) }, within: 1e-6, "factors")
    expect(y, equals: zip(sums, x).map { element(Double($0), Double($1)) }, within: 1e-6, "y")
    let inPlace = Buffer(x)
    table.kernels.modulate(count, Buffer(sums).pointer, inPlace.pointer, inPlace.pointer)
    #expect(inPlace.values == y.values)
    let gradient = Buffer(dy)
    table.kernels.modulate_backward(count, factors.pointer, x, gradient.pointer)
    for (buffer, name) in [(factors, "a"), (gradient, "x")] {
      let slopes = (0..<count).map { place in
        let at = [Double(sums[place]), Double(x[place])]
        let slope = numericalGradient(of: { element($0[0], $0[1]) }, at: at)
        return Double(dy[place]) * slope[name == "a" ? 0 : 1]
      }
      expect(buffer, equals: slopes, within: 1e-5, "the gradient of \(name)")
    }
  }
}
