import CharLMText
import RecurrentNN

/// The networks of one or several models as sampling runs them: up to M streams, L of them live, that all of them read.
///
///     tokens → network 1 → logits ┐
///              …                  ├ mean of the probabilities → logits (L, V)
///              network K → logits ┘
///
/// They share one team of threads and run one after the other. Not thread-safe.
package final class StreamEnsemble {
  package let rowCount: Int
  private let team: Team
  private let pace = TeamPace()  // of what is done row by row
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

  /// The logits of what comes next, as (L, V).
  package func logits(_ state: EnsembleState) -> Matrix {
    networks[0].matrix(state.logits).rows(first: state.rowCount)
  }

  /// One time step: live stream r reads `token(r)`; the state moves on, and its logits are those of what comes next.
  package func step(_ token: (Int) -> TokenID, _ state: EnsembleState) {
    for (number, network) in networks.enumerated() {
      network.step(token, state.streams[number], logits: number == 0 ? state.logits : otherLogits[number - 1])
    }
    state.hasRead = true
    guard networks.count > 1 else { return }
    let rows = zip(networks, [state.logits] + otherLogits).map { $0.matrix($1) }
    forEachRow(state) { row in mean.average(rows.map { $0.row(row) }, scratch: row) }
  }

  /// Takes the networks' parameters as they are now, where they have changed.
  package func refresh() { for network in networks { network.refresh() } }

  /// Takes one stream back to the zero state.
  package func reset(row: Int, _ state: EnsembleState) {
    for (network, stream) in zip(networks, state.streams) { network.reset(row: row, stream) }
  }

  /// What a stream carries, by network; it can go on as any stream of these networks, however many run beside it.
  package func save(row: Int, _ state: EnsembleState) -> [Buffer<Float>] {
    zip(networks, state.streams).map { network, stream in
      let saved = Buffer<Float>(count: network.rowStateSize)
      network.save(row: row, stream, to: saved.view)
      return saved
    }
  }

  /// Puts a stream where one stood when it was saved. Its logits are known when it has read on.
  package func load(row: Int, _ state: EnsembleState, from saved: [Buffer<Float>]) {
    for ((network, stream), saved) in zip(zip(networks, state.streams), saved) {
      network.load(row: row, stream, from: saved.view)
    }
  }

  /// Calls `body` for each live stream; where they are many, by the members of the team at the same time.
  package func forEachRow(_ state: EnsembleState, _ body: (Int) -> Void) {
    guard state.rowCount >= StreamEnsemble.leastRowsOfTeam else {
      return team.runAlone { for row in 0..<state.rowCount { body(row) } }
    }
    team.run(pace) { member in for row in team.part(member, of: state.rowCount) { body(row) } }
  }

  /// What is done with a row, such as drawing a token, takes about a microsecond; so does a meeting.
  private static let leastRowsOfTeam = 4
}

/// Where the streams of a `StreamEnsemble` stand, and the logits that go with it.
package final class EnsembleState {
  fileprivate let streams: [StreamState]  // one a network
  fileprivate let logits: Buffer<Float>
  /// L.
  package var rowCount: Int { didSet { for stream in streams { stream.rowCount = rowCount } } }
  /// Whether a token was read, so that the logits say something.
  package fileprivate(set) var hasRead = false

  fileprivate init(_ streams: [StreamState], logits: Buffer<Float>) {
    self.streams = streams
    self.logits = logits
    rowCount = streams[0].rowCount
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
