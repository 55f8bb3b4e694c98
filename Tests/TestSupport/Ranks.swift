import RecurrentNN

/// Runs work at so many ranks, each a thread of this process, and gives what each made of it.
/// - Throws: the first rank's error, or another's.
package func onRanks<Result>(_ count: Int, _ work: @escaping (Communicator) throws -> Result) throws -> [Result] {
  let outcomes = Outcomes<Result>(count: count)
  let communicators = Communicator.threads(count)
  let shared = Work(run: work)
  for communicator in communicators {
    startDetachedThread { outcomes.set(communicator.rank, Swift.Result { try shared.run(communicator) }) }
  }
  return try outcomes.wait().map { try $0.get() }
}

// Safe: each rank's thread calls it with its own communicator; the work shares nothing else.
private struct Work<Result>: @unchecked Sendable {
  let run: (Communicator) throws -> Result
}

// Safe: read and written under the lock.
private final class Outcomes<Result>: @unchecked Sendable {
  private let monitor = Monitor()
  private var outcomes: [Swift.Result<Result, any Error>?]

  init(count: Int) { outcomes = Array(repeating: nil, count: count) }

  func set(_ rank: Int, _ outcome: Swift.Result<Result, any Error>) { monitor.change { outcomes[rank] = outcome } }

  func wait() -> [Swift.Result<Result, any Error>] {
    monitor.wait(until: { outcomes.allSatisfy { $0 != nil } }) { outcomes.compactMap(\.self) }
  }
}
