import Dispatch
import Synchronization

/// Waits for what is asynchronous, in a command that is not.
enum Awaited {
  /// Runs `body` to its end; the calling thread waits.
  static func run(_ body: @escaping @Sendable () async throws -> Void) throws {
    let outcome = Outcome()
    let end = DispatchSemaphore(value: 0)
    Task {
      do { try await body() } catch { outcome.error.withLock { $0 = error } }
      end.signal()
    }
    end.wait()
    if let error = outcome.error.withLock({ $0 }) { throw error }
  }

  private final class Outcome: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }
}
