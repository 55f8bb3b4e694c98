import CharLMText
import Synchronization

/// The way of what is written from the engine's thread to the one who asked for it.
///
/// It holds a bounded number of tokens and candidates. A reader that is slower than the engine finds several pieces at
/// once; where it falls behind further, the engine lets its texts stand still until it has read on, and nobody else waits.
final class PieceQueue: Sendable {
  fileprivate typealias Reader = CheckedContinuation<[WrittenPiece]?, Never>

  fileprivate struct State {
    var pieces: [WrittenPiece] = []
    /// The tokens and candidates of the pieces.
    var size = 0
    /// The texts that have not ended.
    var open: Set<Int>
    var isCancelled = false
    var isEnded = false
    var failure: ConstraintError?
    var reader: Reader?
    /// What is to be called once there is room again.
    var whenDrained: [@Sendable () -> Void] = []
  }

  private let state: Mutex<State>
  /// Whether a reader gets everything at the end.
  private let isWhole: Bool

  /// So many tokens and candidates wait for a reader at most, besides what one delivery brings.
  static let limit = 8192

  /// - Parameters:
  ///   - textCount: how many texts come through it.
  ///   - isWhole: whether a reader wants all of it at once, at the end.
  init(textCount: Int, isWhole: Bool) {
    state = Mutex(State(open: Set(0..<textCount)))
    self.isWhole = isWhole
  }

  /// Whether nothing more is wanted.
  var isCancelled: Bool { state.withLock { $0.isCancelled || $0.isEnded } }

  /// Why nothing more comes, where that was not wanted.
  var failure: ConstraintError? { state.withLock { $0.failure } }

  /// Takes a piece.
  /// - Returns: whether there is room for more.
  func deliver(_ piece: WrittenPiece) -> Bool {
    let (reader, pieces, hasRoom) = state.withLock { state in
      // A text that was ended has no more to say.
      guard state.open.contains(piece.index) else { return (nil as Reader?, [WrittenPiece](), true) }
      if let place = state.pieces.firstIndex(where: { $0.index == piece.index }) {
        state.pieces[place].append(piece)
      } else {
        state.pieces.append(piece)
      }
      state.size += piece.size
      if piece.end != nil { state.open.remove(piece.index) }
      guard !isWhole || state.open.isEmpty, let reader = state.reader else {
        return (nil, [], isWhole || state.hasRoom)
      }
      state.reader = nil
      return (reader, state.take().pieces, true)
    }
    reader?.resume(returning: pieces)
    return hasRoom
  }

  /// What was written since it was asked last, one piece for each text; waits until there is something. nil after the end
  /// of all texts, and where the reader's task was cancelled.
  func next() async -> [WrittenPiece]? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { reader in
        let (isReady, pieces, drained) = state.withLock { state in
          let isReady = state.isCancelled || (isWhole ? state.open.isEmpty : !state.pieces.isEmpty)
          if isReady || state.open.isEmpty {
            let (pieces, drained) = state.take()
            return (true, state.isCancelled || pieces.isEmpty ? nil : pieces, drained)
          }
          state.reader = reader
          return (false, nil, [])
        }
        for call in drained { call() }
        if isReady { reader.resume(returning: pieces) }
      }
    } onCancel: {
      cancel()
    }
  }

  /// Ends the texts that have not, because their time is over.
  func endInTime() {
    for index in state.withLock({ $0.open }) {
      var piece = WrittenPiece(index: index)
      piece.end = .time
      _ = deliver(piece)
    }
    // What the engine still writes is not wanted.
    state.withLock { $0.isEnded = true }
  }

  /// Nothing more can be written.
  func fail(_ error: ConstraintError) {
    state.withLock { $0.failure = error }
    cancel()
  }

  /// Nobody reads any more.
  func cancel() {
    let (reader, drained) = state.withLock { state in
      state.isCancelled = true
      defer { state.reader = nil }
      return (state.reader, state.take().drained)
    }
    for call in drained { call() }
    reader?.resume(returning: nil)
  }

  /// Calls `body` once there is room, or nobody reads any more; at once where that is so now.
  func whenDrained(_ body: @escaping @Sendable () -> Void) {
    let isDrained = state.withLock { state in
      if state.hasRoom || state.isCancelled { return true }
      state.whenDrained.append(body)
      return false
    }
    if isDrained { body() }
  }
}

extension PieceQueue.State {
  fileprivate var hasRoom: Bool { size < PieceQueue.limit }

  fileprivate mutating func take() -> (pieces: [WrittenPiece], drained: [@Sendable () -> Void]) {
    defer { (pieces, size, whenDrained) = ([], 0, []) }
    return (pieces, whenDrained)
  }
}
