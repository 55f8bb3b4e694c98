/// What the streams of a sample carry from a step to the next: room for M streams, of which the first L are live. It can
/// be copied, and its rows be carried to another state.
package final class StreamState {
  /// L: only these streams take part in steps, and only their work is done.
  package var rowCount: Int
  fileprivate let values: Buffer<Float>
  /// Which of the two buffers of h holds the present one.
  fileprivate var present = 0

  /// All streams live, at the zero state.
  package init(of stack: StreamStack) {
    rowCount = stack.rowCount
    values = Buffer(count: stack.stateSize)
  }

  private init(copying other: StreamState) {
    values = Buffer(count: other.values.count)
    values.view.copy(from: other.values.view)
    (present, rowCount) = (other.present, other.rowCount)
  }

  package func copy() -> StreamState { StreamState(copying: self) }

  /// All streams at the zero state.
  package func reset() { values.view.fill(0) }
}

/// Stacked recurrent layers for up to M streams that take one time step after another: the engine of sampling.
///
/// Nothing is kept for a backward pass, and the work of a step is shared out by units, not by streams, so that one stream
/// alone uses all members of a team, each of which reads its part of the weights only. The first layer's input product
/// is made once for each token and kept.
///
/// A step is
///
///     stack.read(tokens)                                  // by one thread
///     team.run { stack.step(member: $0, state) … }        // by as many members as take part
///     stack.advance(state)
///
/// Checked against `RecurrentStack`, which is checked against `ReferenceStack`: `swift test --filter StreamStackTests`.
package final class StreamStack {
  package let shape: RecurrentShape
  /// M: the most streams of a state.
  package let rowCount: Int
  private let layers: [StreamLayer]
  private let team: Team
  private let embedding: Matrix
  /// The first layer's input products; nil where these depend on what was read before, as a mogrifier has it.
  private let projectedTokens: ProjectedTokens?
  /// (M, I): the embeddings of a step's tokens, where a mogrifier reads them.
  private let embedded: Buffer<Float>
  private let scratch: [StreamScratch]  // one a member
  private let memory: StreamMemory  // owns what `scratch` looks at
  private static let keptBytes = 32 << 20

  /// - Parameters:
  ///   - store: the parameters; they are copied, and must stay where `refresh` is called.
  ///   - embedding: (V, input size): the rows that tokens name. The matrix must stay.
  ///   - precision: what the weights are kept in.
  ///   - keptTokenCount: of how many tokens the first layer's input product is kept; chosen where it is nil.
  package init(
    _ store: ParameterStore, _ shape: RecurrentShape, prefix: String, embedding: Matrix, rowCount: Int,
    precision: StreamPrecision, team: Team, keptTokenCount: Int? = nil
  ) {
    precondition(!shape.isBidirectional && shape.projectionSize == 0, "a stream reads forward, without a projection")
    self.shape = shape
    self.rowCount = rowCount
    self.team = team
    layers = (0..<shape.layerCount).map { layer in
      StreamLayer(store, shape, prefix: prefix, layer: layer, rowCount: rowCount, precision: precision)
    }
    self.embedding = embedding
    embedded = Buffer(count: shape.hasMogrifier ? rowCount * shape.inputSize : 0)
    let slotCount = keptTokenCount ?? max(256, StreamStack.keptBytes / (4 * shape.gateSize))
    projectedTokens =
      shape.hasMogrifier
      ? nil
      : ProjectedTokens(
        layers[0], embedding: embedding, slotCount: max(slotCount, rowCount), rowCount: rowCount)
    let memory = StreamMemory()
    scratch = (0..<team.size).map { _ in
      StreamScratch(
        rowCount: rowCount, inputSize: max(shape.inputSize, shape.hiddenSize), hiddenSize: shape.hiddenSize,
        precision: precision,
        floats: memory.floats, bytes: memory.bytes)
    }
    self.memory = memory
  }

  /// Takes the parameters as they are now, where they have changed.
  package func refresh() {
    for layer in layers { layer.refresh() }
    projectedTokens?.forget()
  }

  /// Begins a step: live stream r reads `read[r]`, (L).
  package func read(_ read: View<Int32>) {
    if let projectedTokens {
      projectedTokens.read(read)
    } else {
      Kernels.active.gather(embedding, read, to: embeddedRows(read.count))
    }
  }

  private func embeddedRows(_ rowCount: Int) -> Matrix {
    embedded.view.matrix(self.rowCount, shape.inputSize).rows(first: rowCount)
  }

  /// A member's part of a step. Every member of the team that takes part calls it; on return h is whole. When all have
  /// returned and nobody will ask for the old h, one of them calls `advance`.
  package func step(member: Int, _ state: StreamState) {
    let scratch = scratch[member]
    for (number, layer) in layers.enumerated() {
      var layerState = layerState(number, state)
      let below = number == 0 ? nil : self.layerState(number - 1, state).nextHidden
      var input = below
      if let mogrifier = layer.mogrifier {
        (input, layerState.hidden) = mogrifier.run(
          member: member, team: team, x: below ?? embeddedRows(state.rowCount), h: layerState.hidden, scratch)
      }
      let inputRows = input.map { scratch.input($0) }
      let hidden = scratch.hidden(layerState.hidden)
      let mine = team.part(member, of: layer.parts.count)
      if let norm = layer.norm {
        norm.multiply(layer.parts[mine], input: inputRows, hidden: hidden)
        team.barrier()
        if member == 0 { norm.normalize(hasInput: inputRows != nil, rowCount: state.rowCount) }
        team.barrier()
      }
      for place in mine {
        let part = layer.parts[place]
        part.step(
          projectedInput(part, place, inputRows, layer.norm, state.rowCount, scratch), hidden: hidden, layerState,
          shape,
          norm: layer.norm, scratch)
      }
      team.barrier()
    }
  }

  /// What a part's gates get from below: of the first layer what is kept of each token, else a product.
  private func projectedInput(
    _ part: StreamPart, _ place: Int, _ input: StreamRows?, _ norm: StreamNorm?, _ rowCount: Int,
    _ scratch: StreamScratch
  ) -> Kernels.Projected {
    guard let input else {
      guard let tokens = projectedTokens else { preconditionFailure("the first layer has no input") }
      return Kernels.Projected(rows: tokens.parts[place].rows, index: tokens.places(rowCount))
    }
    let projected = part.projected(scratch, rowCount: rowCount)
    if let norm {
      part.takeProjected(norm.projected, into: projected)
    } else {
      part.project(input, into: projected)
    }
    return Kernels.Projected(rows: projected, index: nil)
  }

  /// A member's part of the product of the h that the present step has made with a weight of one gate: a decoder.
  package func multiplyOutput(member: Int, _ state: StreamState, by weight: StreamWeight, into product: Matrix) {
    let rows = scratch[member].input(output(state))
    for group in team.part(member, of: weight.groupCount) {
      weight.group(group).multiply(rows, into: product.columns(weight.units(ofGroup: group)))
    }
  }

  package func advance(_ state: StreamState) { state.present = 1 - state.present }

  /// The last layer's h that the present step is making, (L, H).
  package func output(_ state: StreamState) -> Matrix { layerState(shape.layerCount - 1, state).nextHidden }

  /// Takes a stream back to the zero state.
  package func reset(row: Int, _ state: StreamState) { forEachPart(ofRow: row, state) { $0.fill(0) } }

  /// The floats of a stream's state; the same whatever M is.
  package var rowStateSize: Int { layers.count * shape.hiddenSize * (shape.cell == .lstm ? 2 : 1) }

  /// Writes a stream's state into a view of `rowStateSize`, from which `load` puts it into any row of any state of a
  /// stack of this shape.
  package func save(row: Int, _ state: StreamState, to saved: View<Float>) {
    var place = 0
    forEachPart(ofRow: row, state) { part in
      saved[place..<place + part.count].copy(from: part)
      place += part.count
    }
  }

  /// Puts a stream where another stood when it was saved.
  package func load(row: Int, _ state: StreamState, from saved: View<Float>) {
    var place = 0
    forEachPart(ofRow: row, state) { part in
      part.copy(from: saved[place..<place + part.count])
      place += part.count
    }
  }

  /// What a live stream carries: each layer's h, and an LSTM's c by parts.
  private func forEachPart(ofRow row: Int, _ state: StreamState, _ body: (View<Float>) -> Void) {
    for (number, layer) in layers.enumerated() {
      let places = layerState(number, state)
      body(places.hidden.row(row))
      guard shape.cell == .lstm else { continue }
      for part in layer.parts { body(part.cell(places).row(row)) }
    }
  }

  // A layer's state: h twice, the present and the next one in turn (M, H), then c in groups of units, (M, units) each.

  private var layerStateSize: Int { 3 * rowCount * shape.hiddenSize }
  fileprivate var stateSize: Int { layers.count * layerStateSize }

  private func layerState(_ layer: Int, _ state: StreamState) -> StreamLayerState {
    let size = rowCount * shape.hiddenSize
    let all = state.values.view[layer * layerStateSize..<(layer + 1) * layerStateSize]
    func hidden(_ number: Int) -> Matrix {
      all[number * size..<(number + 1) * size].matrix(state.rowCount, shape.hiddenSize)
    }
    return StreamLayerState(
      hidden: hidden(state.present), nextHidden: hidden(1 - state.present), cells: all[2 * size..<3 * size],
      capacity: rowCount)
  }
}

/// Memory that plain values look at.
private final class StreamMemory {
  private var floatBuffers: [Buffer<Float>] = []
  private var byteBuffers: [Buffer<UInt8>] = []

  func floats(_ count: Int) -> View<Float> {
    floatBuffers.append(Buffer(count: count))
    return floatBuffers[floatBuffers.count - 1].view
  }

  func bytes(_ count: Int) -> View<UInt8> {
    byteBuffers.append(Buffer(count: count))
    return byteBuffers[byteBuffers.count - 1].view
  }
}
