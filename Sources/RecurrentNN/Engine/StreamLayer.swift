/// A layer's state in a `StreamState`, for M streams.
struct StreamLayerState {
  /// (M, H).
  let hidden: Matrix
  /// (M, H): where a step writes h.
  let nextHidden: Matrix
  /// An LSTM's c, in groups of units, (M, units) each.
  let cells: View<Float>
}

/// One layer of a `StreamStack`: its weights, in parts that the members of a team compute.
final class StreamLayer {
  /// By member.
  let parts: [[StreamPart]]
  /// Of a layer-normalized cell.
  let norm: StreamNorm?
  private let inputHidden: StreamWeight
  private let hiddenHidden: StreamWeight
  private let buffers: [Buffer<Float>]  // biases and scratch memory, which the parts look at

  init(
    _ store: ParameterStore, _ shape: RecurrentShape, prefix: String, layer: Int, rowCount: Int, precision: Precision,
    team: Team
  ) {
    let suffix = shape.suffix(layer: layer, isReverse: false)
    func weight(_ name: String) -> StreamWeight {
      StreamWeight(
        store.matrix(named: prefix + name + suffix), gateCount: shape.cell.gateCount, precision: precision)
    }
    func bias(_ name: String) -> View<Float>? { shape.hasBias ? store.view(named: prefix + name + suffix) : nil }
    let (inputHidden, hiddenHidden) = (weight("weight_ih"), weight("weight_hh"))
    let (biasIH, biasHH) = (bias("bias_ih"), bias("bias_hh"))
    var owned: [Buffer<Float>] = []
    func buffer(_ count: Int) -> View<Float> {
      owned.append(Buffer(count: count))
      return owned[owned.count - 1].view
    }
    /// The sum of biases for a group's columns, gate after gate.
    func sum(_ biases: [View<Float>], _ units: Range<Int>) -> View<Float> {
      let sum = buffer(shape.cell.gateCount * units.count)
      for bias in biases {
        for (place, unit) in units.enumerated() {
          for gate in 0..<shape.cell.gateCount {
            sum[gate * units.count + place] += bias[gate * shape.hiddenSize + unit]
          }
        }
      }
      return sum
    }
    /// A gain in the order of the groups' columns.
    func gain(_ name: String) -> View<Float> {
      let (values, gain) = (store.view(named: prefix + name + suffix + ".weight"), buffer(shape.gateSize))
      for number in 0..<hiddenHidden.groupCount {
        let units = hiddenHidden.units(ofGroup: number)
        let count = shape.cell.gateCount * units.count
        gain[shape.cell.gateCount * units.lowerBound..<shape.cell.gateCount * units.lowerBound + count]
          .copy(from: sum([values], units))
      }
      return gain
    }
    parts = (0..<team.size).map { member in
      let scratch = (0..<5).map { _ in buffer(rowCount * StreamWeight.largestColumnCount) }
      return team.part(member, of: hiddenHidden.groupCount).map { number in
        let units = hiddenHidden.units(ofGroup: number)
        return StreamPart(
          units: units, inputHidden: inputHidden.group(number), hiddenHidden: hiddenHidden.group(number),
          inputBias: sum((shape.cell == .gru ? [biasIH] : [biasIH, biasHH]).compactMap(\.self), units),
          recurrentBias: shape.cell == .gru ? biasHH.map { sum([$0], units) } : nil, scratch: scratch,
          rowCount: rowCount)
      }
    }
    norm =
      !shape.hasLayerNorm
      ? nil
      : StreamNorm(
        gains: (gain("ln_ih"), gain("ln_hh")), scratch: buffer(2 * rowCount * shape.gateSize), rowCount: rowCount)
    self.inputHidden = inputHidden
    self.hiddenHidden = hiddenHidden
    buffers = owned
  }
}

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

/// The first layer's projected inputs of the tokens read so far, as far as one member of a team needs them. Where there
/// is no more room, the oldest give way.
final class ProjectedTokens {
  private let embedding: Matrix
  private let parts: [(part: StreamPart, rows: Matrix)]  // rows: (slots, C)
  private let norm: StreamNorm?
  private let allParts: [StreamPart]  // of all members: a norm's statistics are over them
  private let normalizedRow: Buffer<Float>  // (1, G·H), where there is a norm
  private let buffers: [Buffer<Float>]  // owns the rows
  private let slotCount: Int
  private let slotByToken: Buffer<Int32>  // −1: none
  private let tokenBySlot: Buffer<Int32>  // −1: none
  private let rowSlots: Buffer<Int32>  // (M)
  private var nextSlot = 0

  /// - Parameter slotCount: room for tokens; at least M, for a step's own tokens must not push each other out.
  init(_ layer: StreamLayer, member: Int, embedding: Matrix, slotCount: Int, rowCount: Int) {
    let parts = layer.parts[member]
    norm = layer.norm
    allParts = layer.norm == nil ? [] : layer.parts.flatMap(\.self)
    normalizedRow = Buffer(count: allParts.reduce(0) { $0 + $1.columnCount })
    let slotCount = min(slotCount, embedding.rowCount)
    let buffers = parts.map { Buffer<Float>(count: slotCount * $0.columnCount) }
    self.embedding = embedding
    self.slotCount = slotCount
    self.buffers = buffers
    self.parts = zip(parts, buffers).map { ($0, $1.view.matrix(slotCount, $0.columnCount)) }
    slotByToken = Buffer(count: embedding.rowCount)
    tokenBySlot = Buffer(count: slotCount)
    rowSlots = Buffer(count: rowCount)
    slotByToken.view.fill(-1)
    tokenBySlot.view.fill(-1)
  }

  /// One time step of the member's parts.
  func step(_ places: View<Int32>, _ state: StreamLayerState, _ shape: RecurrentShape) {
    for (part, rows) in parts { part.step(Kernels.Projected(rows: rows, index: places), state, shape, norm: norm) }
  }

  /// The row of each stream's token; what is not there yet is made.
  func places(of tokens: View<Int32>) -> View<Int32> {
    let (slots, known) = (rowSlots.view, slotByToken.view)
    for row in 0..<tokens.count {
      let token = Int(tokens[row])
      if known[token] < 0 { add(token, inUse: tokens) }
      slots[row] = known[token]
    }
    return slots[0..<tokens.count]
  }

  private func add(_ token: Int, inUse tokens: View<Int32>) {
    let held = tokenBySlot.view
    var slot = nextSlot
    while held[slot] >= 0, (0..<tokens.count).contains(where: { tokens[$0] == held[slot] }) {
      slot = (slot + 1) % slotCount
    }
    nextSlot = (slot + 1) % slotCount
    if held[slot] >= 0 { slotByToken.view[Int(held[slot])] = -1 }
    held[slot] = Int32(token)
    slotByToken.view[token] = Int32(slot)
    let input = embedding.rows(token..<token + 1)
    let normalized = normalizedRow.view.matrix(norm == nil ? 0 : 1, normalizedRow.count)
    norm?.project(input, by: allParts, into: normalized)
    for (part, rows) in parts {
      let row = rows.rows(slot..<slot + 1)
      if norm == nil { part.project(input, into: row) } else { part.takeProjected(normalized, into: row) }
    }
  }
}
