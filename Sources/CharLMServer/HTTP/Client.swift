import Synchronization

/// The client of a request: whether it is still there.
final class Client: Sendable {
  private let state = Mutex(State())

  private struct State {
    var isGone = false
    var calls: [@Sendable () -> Void] = []
  }

  /// Whether it has left.
  var isGone: Bool { state.withLock { $0.isGone } }

  /// Calls `body` when it leaves; at once where it has.
  func whenGone(_ body: @escaping @Sendable () -> Void) {
    let isGone = state.withLock { state in
      if !state.isGone { state.calls.append(body) }
      return state.isGone
    }
    if isGone { body() }
  }

  /// It has left.
  func leave() {
    let calls = state.withLock { state in
      defer { state.calls = [] }
      state.isGone = true
      return state.calls
    }
    for call in calls { call() }
  }
}
