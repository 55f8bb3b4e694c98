import CharLMText
import RecurrentNN

/// One text on its way through one or several networks.
///
/// A copy goes on by itself; its state is copied when one of the two reads on.
public struct NetworkStream: PredictorStream {
  private let network: StreamEnsemble
  private let tokens: StreamTokens
  private var state: EnsembleState

  init(_ snapshots: [ModelSnapshot], _ options: StreamOptions) {
    network = StreamEnsemble(snapshots, rowCount: 1, options)
    tokens = StreamTokens(snapshots[0].tokenizer.vocabulary)
    state = network.makeState()
  }

  /// Reads a token. The document token begins a new text, from the zero state.
  /// - Precondition: the token is in the vocabulary.
  public mutating func read(_ token: TokenID) {
    tokens.require(token)
    if !isKnownUniquelyReferenced(&state) { state = state.copy() }
    if token == tokens.documentID { state.reset() }
    network.step({ _ in token }, state)
  }

  /// Calls `body` with the logits of what comes next, (V).
  /// - Precondition: at least one token was read.
  public func withLogits<Result>(_ body: (Span<Float>) -> Result) -> Result {
    RecurrentNN.require(state.hasRead, "a network must read a token before it predicts one")
    return network.logits(state).row(0).withSpan(body)
  }

  fileprivate var saved: [Buffer<Float>] { network.save(row: 0, state) }
}

/// Several texts on their way through the same networks, side by side. The live ones are the first rows of the engine's
/// state, which only computes these.
final class NetworkStreams: StreamGroup {
  private let network: StreamEnsemble
  private let tokens: StreamTokens
  private let state: EnsembleState

  init(_ snapshots: [ModelSnapshot], count: Int, capacity: Int, _ options: StreamOptions) {
    network = StreamEnsemble(snapshots, rowCount: capacity, options)
    tokens = StreamTokens(snapshots[0].tokenizer.vocabulary)
    state = network.makeState()
    state.rowCount = count
  }

  var count: Int { state.rowCount }
  var capacity: Int { network.rowCount }

  func reset() { state.reset() }

  func add() {
    state.rowCount += 1
    reset(count - 1)
  }

  func remove(_ number: Int) {
    if number < count - 1 { load(number, save(count - 1)) }
    state.rowCount -= 1
  }

  func reset(_ number: Int) { network.reset(row: number, state) }

  func save(_ number: Int) -> SavedStream { SavedStream(network.save(row: number, state)) }

  func load(_ number: Int, _ saved: SavedStream) {
    network.load(row: number, state, from: saved.content(as: [Buffer<Float>].self))
  }

  func saved(_ stream: any PredictorStream) -> SavedStream {
    SavedStream(SavedStream(stream).content(as: NetworkStream.self).saved)
  }

  func read(_ token: (Int) -> TokenID) {
    for row in 0..<count {
      tokens.require(token(row))
      if token(row) == tokens.documentID { network.reset(row: row, state) }
    }
    network.step(token, state)
  }

  func forEachStream(_ body: (Int, Span<Float>) -> Void) {
    RecurrentNN.require(state.hasRead, "networks must read a token before they predict one")
    let logits = network.logits(state)
    network.forEachRow(state) { row in logits.row(row).withSpan { body(row, $0) } }
  }
}

/// What a stream has to know of its vocabulary at every token.
private struct StreamTokens {
  let documentID: TokenID?
  private let count: Int

  init(_ vocabulary: Vocabulary) { (documentID, count) = (vocabulary.documentID, vocabulary.count) }

  /// Stops where a token is not in the vocabulary.
  func require(_ token: TokenID) {
    RecurrentNN.require(token >= 0 && Int(token) < count, "token \(token) of a vocabulary of \(count)")
  }
}
