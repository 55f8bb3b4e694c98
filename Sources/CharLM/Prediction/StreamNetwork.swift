import CharLMText
import RecurrentNN

/// The network as sampling runs it: up to M streams, of which L are live and read one token each a step.
///
///     tokens → stack → logits (L, V)
///
/// The parameters are copied into a layout of their own (`StreamWeight`). Not thread-safe: `step` uses scratch memory
/// and a team of threads.
package final class StreamNetwork {
  package let rowCount: Int
  private let team: Team
  private let pace = TeamPace()
  private let stack: StreamStack
  private let decoder: StreamWeight
  private let decoderBias: View<Float>
  private let snapshot: ModelSnapshot  // owns what the views look at
  private let tokens: Buffer<Int32>

  /// A member of a team is worth its meetings with the others from about so many bytes of weights a step on.
  private static let bytesOfMember = 1 << 18

  /// As many members as are asked for, have a core each, have something to do, and are worth it.
  static func teamSize(_ snapshot: ModelSnapshot, rowCount: Int, _ options: StreamOptions) -> Int {
    let settings = snapshot.settings
    let groupCount = settings.hidden / StreamWeight.unitsOfGroup(gateCount: settings.cell.gateCount)
    let byteCount = rowCount * snapshot.parameterCount * options.precision.byteCount
    return max(1, min(options.threadCount, Team.coreCount, groupCount, byteCount / bytesOfMember))
  }

  /// - Parameters:
  ///   - rowCount: M.
  ///   - precision: what the weights are kept in.
  ///   - team: the threads that a step may use.
  package init(_ snapshot: ModelSnapshot, rowCount: Int, precision: StreamPrecision, team: Team) {
    let (store, settings) = (snapshot.parameterStore, snapshot.settings)
    self.rowCount = rowCount
    self.snapshot = snapshot
    self.team = team
    stack = StreamStack(
      store, settings.shape, prefix: ParameterName.recurrentPrefix,
      embedding: store.matrix(named: ParameterName.embedding), rowCount: rowCount,
      precision: precision, team: team)
    decoder = StreamWeight(snapshot.decoderWeight, gateCount: 1, precision: precision)
    decoderBias = store.view(named: ParameterName.decoderBias)
    tokens = Buffer(count: rowCount)
  }

  /// Takes the parameters as they are now, where they have changed.
  package func refresh() {
    stack.refresh()
    decoder.copy(snapshot.decoderWeight)
  }

  /// Takes one stream back to the zero state.
  package func reset(row: Int, _ state: StreamState) { stack.reset(row: row, state) }

  /// See `StreamStack`.
  package var rowStateSize: Int { stack.rowStateSize }
  package func save(row: Int, _ state: StreamState, to saved: View<Float>) { stack.save(row: row, state, to: saved) }
  package func load(row: Int, _ state: StreamState, from saved: View<Float>) {
    stack.load(row: row, state, from: saved)
  }

  package func makeState() -> StreamState { StreamState(of: stack) }
  package func makeLogits() -> Buffer<Float> { Buffer(count: rowCount * decoder.unitCount) }

  /// Logits as (M, V).
  package func matrix(_ logits: Buffer<Float>) -> Matrix { logits.view.matrix(rowCount, decoder.unitCount) }

  /// One time step: live stream r reads `token(r)`; the state moves on, and `logits` are those of what comes next.
  package func step(_ token: (Int) -> TokenID, _ state: StreamState, logits: Buffer<Float>) {
    let (read, all) = (tokens.view[0..<state.rowCount], matrix(logits).rows(first: state.rowCount))
    for row in 0..<state.rowCount { read[row] = token(row) }
    team.runAlone { stack.read(read) }
    team.run(pace) { member in
      stack.step(member: member, state)
      stack.multiplyOutput(member: member, state, by: decoder, into: all)
      for group in team.part(member, of: decoder.groupCount) {
        let columns = decoder.units(ofGroup: group)
        Kernels.active.add(decoderBias[columns], toRowsOf: all.columns(columns))
      }
    }
    stack.advance(state)
  }
}

extension ModelSnapshot {
  fileprivate var decoderWeight: Matrix {
    parameterStore.matrix(named: ParameterName.decoderWeight(tied: settings.tied))
  }
}
