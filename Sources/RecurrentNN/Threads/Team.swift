import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The calling thread and some of our own, for work of microseconds with many meetings: one time step of a sample.
///
/// A `WorkerPool` lets the caller sleep and wakes its workers through the system, which costs more than such a step.
/// Here the caller is participant 0, and the others wait for it by looking, for a while, before they go to sleep.
package final class Team {
  package let size: Int
  /// How many take part in what runs. Written before a round begins, read within it.
  private var presentSize = 1
  private let shared: TeamShared

  /// How many threads run at once here. A team of more waits for members that have no core, which is very slow.
  package static let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  private var threads: [pthread_t] = []

  package init(size: Int) {
    precondition(size >= 1, "a team of \(size)")
    self.size = size
    shared = TeamShared(size: size)
    for participant in 1..<size {
      threads.append(startThread { [shared] in shared.serve(participant) })
    }
  }

  deinit {
    shared.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Calls `body` once with each participant's number, at the same time, and returns when all are done. Its parts must
  /// be independent between two barriers.
  package func run(_ body: (Int) -> Void) {
    guard size > 1 else { return runAlone { body(0) } }
    presentSize = size
    withEngineSettings {
      // Safe: `runToEnd` returns when no participant holds the closure any more.
      withoutActuallyEscaping(body) { shared.runToEnd($0) }
    }
  }

  /// The same, where it pays that all take part; otherwise by the caller, as participant 0, alone. The work must come to
  /// the same, however many take part.
  /// - Parameter pace: of this work, which is done again and again.
  package func run(_ pace: TeamPace, _ body: (Int) -> Void) {
    guard size > 1 else { return runAlone { body(0) } }
    let start = TeamPace.now
    if pace.isAlone { runAlone { body(0) } } else { run(body) }
    pace.note(seconds: TeamPace.now - start)
  }

  /// Calls `body` in the caller's thread, as a member's part would run.
  package func runAlone(_ body: () -> Void) {
    presentSize = 1
    withEngineSettings(body)
  }

  /// A member's part of so many pieces of work, among those who take part: as even as can be, in order.
  package func part(_ member: Int, of count: Int) -> Range<Int> {
    member * count / presentSize..<(member + 1) * count / presentSize
  }

  /// Within `run`: returns when every participant has called it.
  package func barrier() { if presentSize > 1 { shared.barrier() } }
}

/// What the participants share.
@safe private final class TeamShared: @unchecked Sendable {
  // Safe: `body` is written before a round is published and read by participants of that round only, all of which
  // have finished before it is written again.
  private let size: Int
  private let monitor = Monitor()
  private var body: ((Int) -> Void)?
  private let round = Atomic<Int>(0)  // −1: stop
  private let sleeperCount = Atomic<Int>(0)
  private let finishedCount = Atomic<Int>(0)
  private let arrivedCount = Atomic<Int>(0)
  private let meeting = Atomic<Int>(0)

  init(size: Int) { self.size = size }

  func runToEnd(_ body: @escaping (Int) -> Void) {
    self.body = body
    finishedCount.store(1, ordering: .relaxed)
    publish(round.load(ordering: .relaxed) + 1)
    body(0)
    spin { finishedCount.load(ordering: .acquiring) == size }
    self.body = nil
  }

  func stop() { publish(-1) }

  /// Sequentially consistent on both sides: either a participant on its way to sleep sees the round, or this sees it
  /// asleep.
  private func publish(_ number: Int) {
    round.store(number, ordering: .sequentiallyConsistent)
    guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
    monitor.change {}
  }

  func barrier() {
    let present = meeting.load(ordering: .acquiring)
    if arrivedCount.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == size {
      arrivedCount.store(0, ordering: .relaxed)
      meeting.store(present + 1, ordering: .releasing)
    } else {
      spin { meeting.load(ordering: .acquiring) != present }
    }
  }

  /// A participant's life.
  func serve(_ participant: Int) {
    _ = ck_thread_enter()
    var seen = 0
    while true {
      waitForRound(after: seen)
      seen = round.load(ordering: .acquiring)
      if seen < 0 { return }
      takePart(participant)
      finishedCount.wrappingAdd(1, ordering: .releasing)
    }
  }

  /// Not inlined, so that the closure is released before the participant reports itself done.
  @inline(never)
  private func takePart(_ participant: Int) { body?(participant) }

  private func waitForRound(after seen: Int) {
    for _ in 0..<TeamShared.spinLimit {
      if round.load(ordering: .acquiring) != seen { return }
      ck_pause()
    }
    sleeperCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
    monitor.wait(until: { round.load(ordering: .sequentiallyConsistent) != seen }) {}
    sleeperCount.wrappingSubtract(1, ordering: .sequentiallyConsistent)
  }

  /// Some 50 microseconds: longer than what lies between two steps of a sample, too short to be noticed.
  private static let spinLimit = 3000

  /// Spins until something is so; after a while it yields its core to other threads.
  @inline(__always)
  private func spin(until isSo: () -> Bool) {
    var count = 0
    while !isSo() {
      count += 1
      if count < TeamShared.spinLimit { ck_pause() } else { sched_yield() }
    }
  }
}
