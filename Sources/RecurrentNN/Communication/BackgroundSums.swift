#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sums over ranks that a thread of its own makes, one after the other, while gradients of other parameters are still being
/// computed.
///
///     workers   | decoder | layer 2 | layer 1        |
///     this           | decoder | layer 2 | layer 1   |
///                                          ← waiting →
package final class BackgroundSums {
  private let line: Line
  private let count: Int
  /// The bytes that a rank sends in all sums together, and receives.
  package let byteCount: Int
  private var thread: pthread_t?
  private var startedCount = 0
  /// Seconds that the caller has waited for the end of sums.
  package private(set) var waitingSeconds = 0.0

  /// - Parameter sums: made in this order, once each in a round.
  package init(_ sums: [RankSum]) {
    count = sums.count
    byteCount = sums.reduce(0) { $0 + $1.byteCount }
    line = Line(sums)
    thread = startThread { [line] in line.serve() }
  }

  deinit {
    line.stop()
    if let thread { pthread_join(thread, nil) }
  }

  /// Seconds that sums took in all.
  package var seconds: Double { line.elapsed }

  /// Starts the next sum of the round; its numbers are complete.
  package func startNext() {
    startedCount += 1
    line.start(startedCount)
  }

  /// Waits until all sums of the round are made.
  package func finish() {
    precondition(startedCount % count == 0, "\(startedCount % count) of \(count) sums were started")
    let start = TeamPace.now
    line.wait(startedCount)
    waitingSeconds += TeamPace.now - start
  }
}

/// What the caller and the thread share.
private final class Line: @unchecked Sendable {
  // Safe: the fields below are read and written under the lock. A sum's numbers are the caller's until it is started and
  // the thread's until it is made.
  private let monitor = Monitor()
  private let sums: [RankSum]
  private var (startedCount, madeCount) = (0, 0)
  private var isStopping = false
  private var seconds = 0.0

  init(_ sums: [RankSum]) { self.sums = sums }

  var elapsed: Double { monitor.change { seconds } }

  func start(_ count: Int) { monitor.change { startedCount = count } }

  func stop() { monitor.change { isStopping = true } }

  func wait(_ count: Int) { monitor.wait(until: { madeCount >= count }) {} }

  func serve() {
    while let number = next() {
      let start = TeamPace.now
      sums[number % sums.count].make()
      let end = TeamPace.now
      monitor.change {
        madeCount += 1
        seconds += end - start
      }
    }
  }

  /// The next sum to be made; nil at the end.
  private func next() -> Int? {
    monitor.wait(until: { startedCount > madeCount || isStopping }) { isStopping ? nil : madeCount }
  }
}
