import CharLMText
import RecurrentNN

/// The networks of one or several models as sampling runs them: M streams that all of them read.
///
///     tokens → network 1 → logits ┐
///              …                  ├ mean of the probabilities → logits (M, V)
///              network K → logits ┘
///
/// They share one team of threads and run one after the other. Not thread-safe.
package final class StreamEnsemble {
  package let rowCount: Int
  private let team: Team
  private let networks: [StreamNetwork]
  private let otherLogits: [Buffer<Float>]  // of every network but the first
  private let mean: ProbabilityMean

  /// - Parameter rowCount: M.
  package init(_ snapshots: [ModelSnapshot], rowCount: Int, _ options: StreamOptions) {
    let sizes = snapshots.map { StreamNetwork.teamSize($0, rowCount: rowCount, options) }
    let team = Team(size: sizes.reduce(1, max))
    self.rowCount = rowCount
    self.team = team
    networks = snapshots.map { StreamNetwork($0, rowCount: rowCount, precision: options.precision, team: team) }
    otherLogits = networks.dropFirst().map { $0.makeLogits() }
    mean = ProbabilityMean(
      vocabularyCount: snapshots[0].tokenizer.vocabulary.count, scratchCount: snapshots.count > 1 ? rowCount : 0)
  }

  package func makeState() -> EnsembleState {
    EnsembleState(networks.map { $0.makeState() }, logits: networks[0].makeLogits())
  }

  /// The logits of what comes next, as (M, V).
  package func logits(_ state: EnsembleState) -> Matrix { networks[0].matrix(state.logits) }

  /// One time step: stream r reads `token(r)`; the state moves on, and its logits are those of what comes next.
  package func step(_ token: (Int) -> TokenID, _ state: EnsembleState) {
    for (number, network) in networks.enumerated() {
      network.step(token, state.streams[number], logits: number == 0 ? state.logits : otherLogits[number - 1])
    }
    state.hasRead = true
    guard networks.count > 1 else { return }
    let rows = zip(networks, [state.logits] + otherLogits).map { $0.matrix($1) }
    forEachRow { row in mean.average(rows.map { $0.row(row) }, scratch: row) }
  }

  /// Takes the networks' parameters as they are now, where they have changed.
  package func refresh() { for network in networks { network.refresh() } }

  /// Takes one stream back to the zero state.
  package func reset(row: Int, _ state: EnsembleState) {
    for (network, stream) in zip(networks, state.streams) { network.reset(row: row, stream) }
  }

  /// Calls `body` for each stream, by the members of the team at the same time.
  package func forEachRow(_ body: (Int) -> Void) {
    team.run { member in for row in team.part(member, of: rowCount) { body(row) } }
  }
}

/// Where the streams of a `StreamEnsemble` stand, and the logits that go with it.
package final class EnsembleState {
  fileprivate let streams: [StreamState]  // one a network
  fileprivate let logits: Buffer<Float>
  /// Whether a token was read, so that the logits say something.
  package fileprivate(set) var hasRead = false

  fileprivate init(_ streams: [StreamState], logits: Buffer<Float>) {
    self.streams = streams
    self.logits = logits
  }

  package func copy() -> EnsembleState {
    let copy = EnsembleState(streams.map { $0.copy() }, logits: Buffer(count: logits.count))
    copy.logits.view.copy(from: logits.view)
    copy.hasRead = hasRead
    return copy
  }

  /// All streams at the zero state.
  package func reset() { for stream in streams { stream.reset() } }
}
