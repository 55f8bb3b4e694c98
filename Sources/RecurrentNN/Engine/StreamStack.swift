/// What the streams of a sample carry from a step to the next, for M streams: a value that can be copied.
package final class StreamState {
  fileprivate let values: Buffer<Float>
  /// Which of the two buffers of h holds the present one.
  fileprivate var present = 0

  package init(of stack: StreamStack) { values = Buffer(count: stack.stateSize) }

  private init(copying other: StreamState) {
    values = Buffer(count: other.values.count)
    values.view.copy(from: other.values.view)
    present = other.present
  }

  package func copy() -> StreamState { StreamState(copying: self) }

  /// All streams at the zero state.
  package func reset() { values.view.fill(0) }
}

/// Stacked recurrent layers for M streams that take one time step after another: the engine of sampling.
///
/// Nothing is kept for a backward pass, and the work of a step is shared out by units, not by streams, so that one stream
/// alone uses all members of a team, each of which reads its part of the weights only. The first layer's input product
/// is made once for each token and kept.
package final class StreamStack {
  package let shape: RecurrentShape
  /// M.
  package let rowCount: Int
  private let layers: [StreamLayer]
  private let team: Team
  private let tables: [ProjectedTokens]  // one a member

  /// - Parameters:
  ///   - store: the parameters; they are copied.
  ///   - embedding: (V, input size): the rows that tokens name. The matrix must stay.
  ///   - precision: what the weights are kept in.
  ///   - keptTokenCount: of how many tokens the first layer's input product is kept.
  package init(
    _ store: ParameterStore, _ shape: RecurrentShape, prefix: String, embedding: Matrix, rowCount: Int,
    precision: Precision, team: Team, keptTokenCount: Int = 4096
  ) {
    precondition(!shape.isBidirectional && shape.projectionSize == 0, "a stream reads forward, without a projection")
    self.shape = shape
    self.rowCount = rowCount
    self.team = team
    layers = (0..<shape.layerCount).map { layer in
      StreamLayer(
        store, shape, prefix: prefix, layer: layer, rowCount: rowCount, precision: precision, memberCount: team.size)
    }
    let first = layers[0]
    tables = (0..<team.size).map { member in
      ProjectedTokens(
        first, embedding: embedding, groups: first.groups(ofMember: member),
        slotCount: max(keptTokenCount, rowCount), rowCount: rowCount)
    }
  }

  /// The bytes of weights that a step reads.
  package var byteCount: Int { layers.enumerated().reduce(0) { $0 + $1.element.byteCount(isFirst: $1.offset == 0) } }

  /// A member's part of a step: the streams read one token each. Every member of the team calls it; on return h is
  /// whole. When all have returned and nobody will ask for the old h, one of them calls `advance`.
  package func step(member: Int, _ tokens: View<Int32>, _ state: StreamState) {
    for (number, layer) in layers.enumerated() {
      let places = layerState(number, state)
      let input: StreamLayer.Input =
        number == 0
        ? .tokens(tables[member], tables[member].places(of: tokens, layer))
        : .rows(layerState(number - 1, state).nextHidden)
      layer.step(member: member, input, places)
      team.barrier()
    }
  }

  package func advance(_ state: StreamState) { state.present = 1 - state.present }

  /// The last layer's h that the present step is making, (M, H).
  package func output(_ state: StreamState) -> Matrix { layerState(shape.layerCount - 1, state).nextHidden }

  /// Takes a stream back to the zero state.
  package func reset(row: Int, _ state: StreamState) {
    for (number, layer) in layers.enumerated() {
      let places = layerState(number, state)
      places.hidden.row(row).fill(0)
      guard shape.cell == .lstm else { continue }
      for group in 0..<layer.groupCount { layer.cell(group, places).row(row).fill(0) }
    }
  }

  // A layer's state: h twice, the present and the next one in turn (M, H), then c in groups of units, (M, units) each.

  private var layerStateSize: Int { 3 * rowCount * shape.hiddenSize }
  fileprivate var stateSize: Int { layers.count * layerStateSize }

  private func layerState(_ layer: Int, _ state: StreamState) -> StreamLayer.State {
    let size = rowCount * shape.hiddenSize
    let all = state.values.view[layer * layerStateSize..<(layer + 1) * layerStateSize]
    func hidden(_ number: Int) -> Matrix {
      all[number * size..<(number + 1) * size].matrix(rowCount, shape.hiddenSize)
    }
    return StreamLayer.State(
      hidden: hidden(state.present), nextHidden: hidden(1 - state.present), cells: all[2 * size..<3 * size])
  }
}

/// One layer of a `StreamStack`.
///
/// Letters: M streams, C the columns of a group: gates · units.
private final class StreamLayer {
  enum Input {
    /// The first layer's: a table of projected tokens, and the row of it that each stream takes.
    case tokens(ProjectedTokens, View<Int32>)
    /// The layer below: its h, (M, H).
    case rows(Matrix)
  }

  struct State {
    let hidden: Matrix
    let nextHidden: Matrix
    let cells: View<Float>
  }

  let shape: RecurrentShape
  let inputHidden: StreamWeight
  private let hiddenHidden: StreamWeight
  private let inputBias: [Buffer<Float>]  // for each group (C): what is added to the projected input
  private let recurrentBias: [Buffer<Float>]  // for each group (C): a GRU's b_hh
  private let scratch: [Scratch]  // one a member
  private let memberCount: Int
  private let rowCount: Int

  /// A member's intermediate results for one group.
  private final class Scratch {
    let projected, recurrent, gates, hidden, newHidden: Buffer<Float>

    init(rowCount: Int) {
      func buffer() -> Buffer<Float> { Buffer(count: rowCount * 128) }
      (projected, recurrent, gates, hidden, newHidden) = (buffer(), buffer(), buffer(), buffer(), buffer())
    }
  }

  init(
    _ store: ParameterStore, _ shape: RecurrentShape, prefix: String, layer: Int, rowCount: Int, precision: Precision,
    memberCount: Int
  ) {
    let (suffix, gateCount) = (shape.suffix(layer: layer, isReverse: false), shape.cell.gateCount)
    self.shape = shape
    self.rowCount = rowCount
    self.memberCount = memberCount
    func weight(_ name: String) -> StreamWeight {
      StreamWeight(store.matrix(named: prefix + name + suffix), gateCount: gateCount, precision: precision)
    }
    let recurrentWeight = weight("weight_hh")
    inputHidden = weight("weight_ih")
    hiddenHidden = recurrentWeight
    scratch = (0..<memberCount).map { _ in Scratch(rowCount: rowCount) }
    func bias(_ names: [String]) -> [Buffer<Float>] {
      let views = shape.hasBias ? names.map { store.view(named: prefix + $0 + suffix) } : []
      return (0..<recurrentWeight.groupCount).map { group in
        let units = recurrentWeight.units(ofGroup: group)
        let sum = Buffer<Float>(count: gateCount * units.count)
        for view in views {
          for (place, unit) in units.enumerated() {
            for gate in 0..<gateCount { sum.view[gate * units.count + place] += view[gate * shape.hiddenSize + unit] }
          }
        }
        return sum
      }
    }
    inputBias = bias(shape.cell == .gru ? ["bias_ih"] : ["bias_ih", "bias_hh"])
    recurrentBias = shape.cell == .gru && shape.hasBias ? bias(["bias_hh"]) : []
  }

  var groupCount: Int { hiddenHidden.groupCount }

  func byteCount(isFirst: Bool) -> Int { hiddenHidden.byteCount + (isFirst ? 0 : inputHidden.byteCount) }

  func groups(ofMember member: Int) -> Range<Int> {
    member * groupCount / memberCount..<(member + 1) * groupCount / memberCount
  }

  func columnCount(ofGroup group: Int) -> Int { hiddenHidden.units(ofGroup: group).count * shape.cell.gateCount }

  /// x W_ihᵀ + b for one group's columns.
  func project(_ rows: Matrix, group: Int, into projected: Matrix) {
    inputHidden.multiply(group: group, rows, into: projected)
    Kernels.active.add(inputBias[group].view, toRowsOf: projected)
  }

  func cell(_ group: Int, _ state: State) -> Matrix {
    let units = hiddenHidden.units(ofGroup: group)
    return state.cells[rowCount * units.lowerBound..<rowCount * units.upperBound].matrix(rowCount, units.count)
  }

  func step(member: Int, _ input: Input, _ state: State) {
    for group in groups(ofMember: member) { step(group, input, state, scratch[member]) }
  }

  private func step(_ group: Int, _ input: Input, _ state: State, _ scratch: Scratch) {
    let kernels = Kernels.active
    let units = hiddenHidden.units(ofGroup: group)
    let C = units.count * shape.cell.gateCount
    let (recurrent, gates) = (scratch.recurrent.view.matrix(rowCount, C), scratch.gates.view.matrix(rowCount, C))
    let newHidden = scratch.newHidden.view.matrix(rowCount, units.count)
    let projected = projection(input, group, scratch.projected.view.matrix(rowCount, C))
    hiddenHidden.multiply(group: group, state.hidden, into: recurrent)
    switch shape.cell {
    case .lstm:
      let cell = cell(group, state)
      kernels.lstmForward(
        projected, recurrent: recurrent, cell: cell, gates: gates, cellOut: cell, hidden: newHidden)
    case .gru:
      let hidden = scratch.hidden.view.matrix(rowCount, units.count)
      kernels.copy(state.hidden.columns(units), to: hidden)
      kernels.gruForward(
        projected, recurrent: recurrent, bias: recurrentBias.isEmpty ? nil : recurrentBias[group].view,
        hidden: hidden, gates: gates, hiddenOut: newHidden)
    case .rnn:
      kernels.rnnForward(
        projected, recurrent: recurrent, relu: shape.nonlinearity == .relu, gates: gates, hiddenOut: newHidden)
    }
    kernels.copy(newHidden, to: state.nextHidden.columns(units))
  }

  private func projection(_ input: Input, _ group: Int, _ room: Matrix) -> Kernels.Projected {
    switch input {
    case .tokens(let table, let places): return Kernels.Projected(rows: table.rows(ofGroup: group), index: places)
    case .rows(let rows):
      project(rows, group: group, into: room)
      return Kernels.Projected(rows: room, index: nil)
    }
  }
}

/// The first layer's projected inputs of the tokens read so far, as far as one member of a team needs them. Where there
/// is no more room, the oldest give way.
private final class ProjectedTokens {
  private let embedding: Matrix
  private let groups: Range<Int>
  private let rowsByGroup: [Buffer<Float>]  // (slots, C)
  private let columnCounts: [Int]
  private let slotCount: Int
  private let slotByToken: Buffer<Int32>  // −1: none
  private let tokenBySlot: Buffer<Int32>  // −1: none
  private let rowSlots: Buffer<Int32>  // (M)
  private var nextSlot = 0

  /// - Parameter slotCount: room for tokens; at least M, for a step's own tokens must not push each other out.
  init(_ layer: StreamLayer, embedding: Matrix, groups: Range<Int>, slotCount: Int, rowCount: Int) {
    self.embedding = embedding
    self.groups = groups
    let slotCount = min(slotCount, embedding.rowCount)
    self.slotCount = slotCount
    columnCounts = groups.map { layer.columnCount(ofGroup: $0) }
    rowsByGroup = columnCounts.map { Buffer(count: slotCount * $0) }
    slotByToken = Buffer(count: embedding.rowCount)
    tokenBySlot = Buffer(count: slotCount)
    rowSlots = Buffer(count: rowCount)
    slotByToken.view.fill(-1)
    tokenBySlot.view.fill(-1)
  }

  func rows(ofGroup group: Int) -> Matrix {
    let place = group - groups.lowerBound
    return rowsByGroup[place].view.matrix(slotCount, columnCounts[place])
  }

  /// The row of each stream's token; what is not there yet is made.
  func places(of tokens: View<Int32>, _ layer: StreamLayer) -> View<Int32> {
    let (slots, known) = (rowSlots.view, slotByToken.view)
    for row in 0..<tokens.count {
      let token = Int(tokens[row])
      if known[token] < 0 { add(token, layer, inUse: tokens) }
      slots[row] = known[token]
    }
    return slots[0..<tokens.count]
  }

  private func add(_ token: Int, _ layer: StreamLayer, inUse tokens: View<Int32>) {
    var slot = nextSlot
    while (0..<tokens.count).contains(where: { tokenBySlot.view[slot] >= 0 && tokens[$0] == tokenBySlot.view[slot] }) {
      slot = (slot + 1) % slotCount
    }
    nextSlot = (slot + 1) % slotCount
    let former = tokenBySlot.view[slot]
    if former >= 0 { slotByToken.view[Int(former)] = -1 }
    tokenBySlot.view[slot] = Int32(token)
    slotByToken.view[token] = Int32(slot)
    for group in groups {
      layer.project(embedding.rows(token..<token + 1), group: group, into: rows(ofGroup: group).rows(slot..<slot + 1))
    }
  }
}
