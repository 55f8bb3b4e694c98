/// A stack of recurrent layers as PyTorch defines it, in plain loops over one sequence at a time: the reference that
/// the engine is compared with. Written from the equations of the papers and of PyTorch's documentation, not from the engine.
package struct ReferenceStack {
  package enum Cell: Sendable { case lstm, gru, tanh, relu }

  package var cell: Cell
  package var hiddenSize: Int
  package var layerCount: Int
  package var isBidirectional: Bool
  /// The parameters by PyTorch's names without a prefix, row-major; a bias or projection that is missing is not there.
  package var parameters: [String: [Term]]

  package init(
    cell: Cell, hiddenSize: Int, layerCount: Int, isBidirectional: Bool, parameters: [String: [Term]]
  ) {
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.isBidirectional = isBidirectional
    self.parameters = parameters
  }

  /// One sequence, alone and unpadded.
  package struct Sequence {
    /// By time.
    package var inputs: [[Term]]
    /// By layer · directions + direction.
    package var initialHidden: [[Term]]
    package var initialCell: [[Term]]
    /// The times at which a new document begins: no state passes from the step before to this one, nor, where one
    /// reads backwards, from this one to the step before.
    package var beginnings: Set<Int>
    /// By layer, then time: what the features of a layer's output are multiplied by; empty for nothing.
    package var outputMasks: [[[Double]]] = []

    package init(inputs: [[Term]], initialHidden: [[Term]], initialCell: [[Term]], beginnings: Set<Int> = []) {
      self.inputs = inputs
      self.initialHidden = initialHidden
      self.initialCell = initialCell
      self.beginnings = beginnings
    }
  }

  package struct Result {
    /// By time: forward and reverse side by side.
    package var outputs: [[Term]]
    /// The same before the last layer's masks.
    package var rawOutputs: [[Term]] = []
    /// By layer · directions + direction.
    package var finalHidden: [[Term]] = []
    package var finalCell: [[Term]] = []
  }

  package func run(_ sequence: Sequence, on tape: Tape) -> Result {
    var result = Result(outputs: sequence.inputs)
    for layer in 0..<layerCount {
      let inputs = result.outputs
      result.outputs = [[Term]](repeating: [], count: inputs.count)
      for isReverse in isBidirectional ? [false, true] : [false] {
        let number = result.finalHidden.count
        var state = State(
          hidden: sequence.initialHidden[number], cell: cell == .lstm ? sequence.initialCell[number] : [])
        let weights = Weights(parameters, suffix: "_l\(layer)" + (isReverse ? "_reverse" : ""))
        for position in inputs.indices {
          let time = isReverse ? inputs.count - 1 - position : position
          // The step that the state comes from and this one: the later of them may begin a document.
          if sequence.beginnings.contains(isReverse ? time + 1 : time) { state = zero(like: state, on: tape) }
          state = step(inputs[time], state, weights, on: tape)
          result.outputs[time] += state.hidden
        }
        result.finalHidden.append(state.hidden)
        result.finalCell.append(state.cell)
      }
      result.rawOutputs = result.outputs
      guard !sequence.outputMasks.isEmpty else { continue }
      result.outputs = zip(result.outputs, sequence.outputMasks[layer]).map { row, mask in
        zip(row, mask).map { tape.weightedSum([$0], [$1]) }
      }
    }
    return result
  }

  private struct State {
    var hidden: [Term]
    var cell: [Term]
  }

  private func zero(like state: State, on tape: Tape) -> State {
    State(hidden: state.hidden.map { _ in tape.variable(0) }, cell: state.cell.map { _ in tape.variable(0) })
  }

  /// The parameters of one direction of one layer.
  private struct Weights {
    let ih, hh: [Term]
    let biasIH, biasHH, hr: [Term]?
    let gainIH, gainHH: [Term]?
    /// By round.
    let mogrifier: [[Term]]

    init(_ parameters: [String: [Term]], suffix: String) {
      ih = parameters["weight_ih" + suffix] ?? []
      hh = parameters["weight_hh" + suffix] ?? []
      biasIH = parameters["bias_ih" + suffix]
      biasHH = parameters["bias_hh" + suffix]
      hr = parameters["weight_hr" + suffix]
      mogrifier = (1...6).compactMap { parameters["weight_mogrify\($0)" + suffix] }
      gainIH = parameters["ln_ih" + suffix + ".weight"]
      gainHH = parameters["ln_hh" + suffix + ".weight"]
    }
  }

  // MARK: The equations

  private func step(_ x: [Term], _ state: State, _ weights: Weights, on tape: Tape) -> State {
    let (x, hidden) = mogrified(x, state.hidden, weights.mogrifier, on: tape)
    let inputs = sums(weights.ih, x, weights.gainIH, weights.biasIH, on: tape)
    let recurrences = sums(weights.hh, hidden, weights.gainHH, weights.biasHH, on: tape)
    /// Row of W_ih x + b_ih and of W_hh h + b_hh.
    func fromInput(_ row: Int) -> Term { inputs[row] }
    func fromState(_ row: Int) -> Term { recurrences[row] }
    func both(_ row: Int) -> Term { tape.sum([fromInput(row), fromState(row)]) }
    let one = tape.variable(1)
    func minus(_ a: Term, _ b: Term) -> Term { tape.weightedSum([a, b], [1, -1]) }
    let H = hiddenSize
    var next = State(hidden: [], cell: [])
    for j in 0..<H {
      switch cell {
      case .tanh: next.hidden.append(tape.tanh(both(j)))
      case .relu: next.hidden.append(tape.relu(both(j)))
      case .lstm:
        let (i, f) = (tape.sigmoid(both(j)), tape.sigmoid(both(H + j)))
        let (g, o) = (tape.tanh(both(2 * H + j)), tape.sigmoid(both(3 * H + j)))
        let c = tape.sum([tape.product(f, state.cell[j]), tape.product(i, g)])
        next.cell.append(c)
        next.hidden.append(tape.product(o, tape.tanh(c)))
      case .gru:
        let (r, z) = (tape.sigmoid(both(j)), tape.sigmoid(both(H + j)))
        let n = tape.tanh(tape.sum([fromInput(2 * H + j), tape.product(r, fromState(2 * H + j))]))
        next.hidden.append(tape.sum([tape.product(minus(one, z), n), tape.product(z, hidden[j])]))
      }
    }
    if let hr = weights.hr {
      next.hidden = (0..<hr.count / H).map { linear($0, hr, next.hidden, nil, on: tape) }
    }
    return next
  }
}

/// x and h after the rounds of a mogrifier: in the first, third, … x is gated by h, in the others h by x.
private func mogrified(
  _ x: [Term], _ hidden: [Term], _ weights: [[Term]], on tape: Tape
) -> (x: [Term], hidden: [Term]) {
  var (x, hidden) = (x, hidden)
  func gated(_ a: [Term], by b: [Term], _ weight: [Term]) -> [Term] {
    a.indices.map { row in
      tape.weightedSum([tape.product(tape.sigmoid(linear(row, weight, b, nil, on: tape)), a[row])], [2])
    }
  }
  for (round, weight) in weights.enumerated() {
    if round.isMultiple(of: 2) { x = gated(x, by: hidden, weight) } else { hidden = gated(hidden, by: x, weight) }
  }
  return (x, hidden)
}

/// W x + b, or LN(W x) ⊙ γ + b.
private func sums(_ weight: [Term], _ x: [Term], _ gain: [Term]?, _ bias: [Term]?, on tape: Tape) -> [Term] {
  let rows = 0..<weight.count / x.count
  guard let gain else { return rows.map { linear($0, weight, x, bias, on: tape) } }
  let products = rows.map { linear($0, weight, x, nil, on: tape) }
  func mean(_ terms: [Term]) -> Term { tape.weightedSum(terms, terms.map { _ in 1 / Double(terms.count) }) }
  let middle = mean(products)
  let centred = products.map { tape.weightedSum([$0, middle], [1, -1]) }
  let variance = mean(centred.map { tape.product($0, $0) })
  let scale = tape.inverseRoot(tape.sum([variance, tape.variable(1e-5)]))
  return rows.map { row in
    let normalized = tape.product(tape.product(centred[row], scale), gain[row])
    return bias.map { tape.sum([normalized, $0[row]]) } ?? normalized
  }
}

/// A row of W x + b, with W row-major.
func linear(_ row: Int, _ weight: [Term], _ x: [Term], _ bias: [Term]?, on tape: Tape) -> Term {
  tape.affine(weight[row * x.count..<(row + 1) * x.count], x, plus: bias.map { [$0[row]] } ?? [])
}
