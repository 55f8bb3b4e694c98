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
///
/// Checked against `RecurrentStack`, which is checked against `ReferenceStack`: `swift test --filter StreamStackTests`.
package final class StreamStack {
  package let shape: RecurrentShape
  /// M.
  package let rowCount: Int
  private let layers: [StreamLayer]
  private let team: Team
  private let tables: [ProjectedTokens]  // one a member, of the first layer
  private static let keptBytes = 32 << 20

  /// - Parameters:
  ///   - store: the parameters; they are copied.
  ///   - embedding: (V, input size): the rows that tokens name. The matrix must stay.
  ///   - precision: what the weights are kept in.
  ///   - keptTokenCount: of how many tokens the first layer's input product is kept; chosen where it is nil.
  package init(
    _ store: ParameterStore, _ shape: RecurrentShape, prefix: String, embedding: Matrix, rowCount: Int,
    precision: Precision, team: Team, keptTokenCount: Int? = nil
  ) {
    precondition(!shape.isBidirectional && shape.projectionSize == 0, "a stream reads forward, without a projection")
    self.shape = shape
    self.rowCount = rowCount
    self.team = team
    layers = (0..<shape.layerCount).map { layer in
      StreamLayer(
        store, shape, prefix: prefix, layer: layer, rowCount: rowCount, precision: precision, team: team)
    }
    let first = layers[0]
    let slotCount = keptTokenCount ?? max(256, StreamStack.keptBytes / (4 * shape.gateSize))
    tables = (0..<team.size).map { member in
      ProjectedTokens(
        first, member: member, embedding: embedding, slotCount: max(slotCount, rowCount), rowCount: rowCount)
    }
  }

  /// A member's part of a step: the streams read one token each. Every member of the team calls it; on return h is
  /// whole. When all have returned and nobody will ask for the old h, one of them calls `advance`.
  package func step(member: Int, _ tokens: View<Int32>, _ state: StreamState) {
    let (values, present) = (state.values.view, state.present)
    let places = tables[member].places(of: tokens)
    for layer in 0..<layers.count {
      let layerState = layerState(layer, values, present)
      let input = layer == 0 ? nil : self.layerState(layer - 1, values, present).nextHidden
      let (parts, norm) = (layers[layer].parts[member], layers[layer].norm)
      if let norm {
        norm.multiply(parts, input: input, hidden: layerState.hidden)
        team.barrier()
        if member == 0 { norm.normalize(hasInput: input != nil) }
        team.barrier()
      }
      guard let input else {
        tables[member].step(places, layerState, shape)
        team.barrier()
        continue
      }
      for part in parts {
        if let norm {
          part.takeProjected(norm.projected, into: part.projected)
        } else {
          part.project(input, into: part.projected)
        }
        part.step(Kernels.Projected(rows: part.projected, index: nil), layerState, shape, norm: norm)
      }
      team.barrier()
    }
  }

  package func advance(_ state: StreamState) { state.present = 1 - state.present }

  /// The last layer's h that the present step is making, (M, H).
  package func output(_ state: StreamState) -> Matrix {
    layerState(shape.layerCount - 1, state.values.view, state.present).nextHidden
  }

  /// Takes a stream back to the zero state.
  package func reset(row: Int, _ state: StreamState) {
    for (number, layer) in layers.enumerated() {
      let places = layerState(number, state.values.view, state.present)
      places.hidden.row(row).fill(0)
      guard shape.cell == .lstm else { continue }
      for part in layer.parts.joined() { part.cell(places).row(row).fill(0) }
    }
  }

  // A layer's state: h twice, the present and the next one in turn (M, H), then c in groups of units, (M, units) each.

  private var layerStateSize: Int { 3 * rowCount * shape.hiddenSize }
  fileprivate var stateSize: Int { layers.count * layerStateSize }

  private func layerState(_ layer: Int, _ values: View<Float>, _ present: Int) -> StreamLayerState {
    let size = rowCount * shape.hiddenSize
    let all = values[layer * layerStateSize..<(layer + 1) * layerStateSize]
    func hidden(_ number: Int) -> Matrix {
      all[number * size..<(number + 1) * size].matrix(rowCount, shape.hiddenSize)
    }
    return StreamLayerState(hidden: hidden(present), nextHidden: hidden(1 - present), cells: all[2 * size..<3 * size])
  }
}
