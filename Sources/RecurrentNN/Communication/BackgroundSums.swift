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
@safe private final class Line: @unchecked Sendable {
  // Safe: the fields below are read and written with the mutex held. A sum's numbers are the caller's until it is started
  // and the thread's until it is made.
  private let sums: [RankSum]
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var (startedCount, madeCount) = (0, 0)
  private var isStopping = false
  private var seconds = 0.0

  init(_ sums: [RankSum]) {
    self.sums = sums
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  var elapsed: Double { locked { seconds } }

  func start(_ count: Int) { locked { startedCount = count } }

  func stop() { locked { isStopping = true } }

  func wait(_ count: Int) {
    unsafe pthread_mutex_lock(mutex)
    while madeCount < count { unsafe pthread_cond_wait(changed, mutex) }
    unsafe pthread_mutex_unlock(mutex)
  }

  func serve() {
    while let number = next() {
      let start = TeamPace.now
      sums[number % sums.count].make()
      let end = TeamPace.now
      locked {
        madeCount += 1
        seconds += end - start
      }
    }
  }

  /// The next sum to be made; nil at the end.
  private func next() -> Int? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while startedCount == madeCount && !isStopping { unsafe pthread_cond_wait(changed, mutex) }
    return isStopping ? nil : madeCount
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    return body()
  }
}
