import Dispatch
import Synchronization

/// Reads texts for requests, such as to score them: one at a time, and a bounded number that wait.
final class ReadingDesk: Sendable {
  private let queue = DispatchQueue(label: "charlm.reading", qos: .userInitiated)
  private let count = Mutex(0)
  private let limit: Int

  /// - Parameter limit: how many may be there at a time, the one that is read included.
  init(limit: Int) { self.limit = limit }

  /// How many are there.
  var waitingCount: Int { count.withLock { $0 } }

  /// Runs `body` in its turn, unless the client has left by then.
  /// - Throws: `RequestError` where too many wait, `CancellationError`, and what `body` throws.
  func run<Result: Sendable>(
    for client: Client, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    let isTaken = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    guard isTaken else { throw RequestError.busy("\(limit) texts wait to be read already") }
    defer { count.withLock { $0 -= 1 } }
    return try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Swift.Result {
            if client.isGone { throw CancellationError() }
            return try body()
          })
      }
    }
  }
}
