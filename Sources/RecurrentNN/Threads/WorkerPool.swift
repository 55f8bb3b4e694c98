import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads of our own that do numbered tasks.
///
/// Own threads, because denormals-as-zero and OpenMP's thread count are settings of a thread that must not leak into
/// a host program's: the calling thread waits and computes nothing. What a task computes must not depend on which
/// thread runs it; then the number of threads cannot change a result.
package final class WorkerPool {
  package let threadCount: Int
  private let shared: Shared
  private var threads: [pthread_t] = []

  package init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool of \(threadCount) threads")
    self.threadCount = threadCount
    shared = Shared()
    for _ in 0..<threadCount { threads.append(startThread { [shared] in shared.serve() }) }
  }

  deinit {
    shared.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs task 0, 1, … taskCount − 1, each once, and returns when all are done. Tasks start in this order, so the
  /// longest should come first.
  package func run(_ taskCount: Int, _ task: (Int) -> Void) {
    guard taskCount > 0 else { return }
    // Safe: `runToEnd` returns when no worker holds the closure any more.
    withoutActuallyEscaping(task) { shared.runToEnd(taskCount, $0, threadCount: threadCount) }
  }
}

/// What the caller and the workers share: the present tasks, handed out by a counter.
@safe private final class Shared: @unchecked Sendable {
  // Safe: the fields below are written with the mutex held, `task` and `taskCount` while every worker waits; a task
  // may run on any thread by the contract of `WorkerPool.run`.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var task: ((Int) -> Void)?
  private var taskCount = 0
  private let next = Atomic<Int>(0)
  private var generation = 0
  private var busyCount = 0
  private var isStopping = false

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
    unsafe pthread_cond_init(finished, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_cond_destroy(finished)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe finished.deallocate()
    unsafe mutex.deallocate()
  }

  func runToEnd(_ taskCount: Int, _ task: @escaping (Int) -> Void, threadCount: Int) {
    unsafe pthread_mutex_lock(mutex)
    self.task = task
    self.taskCount = taskCount
    next.store(0, ordering: .relaxed)
    generation += 1
    busyCount = threadCount
    unsafe pthread_cond_broadcast(changed)
    while busyCount > 0 { unsafe pthread_cond_wait(finished, mutex) }
    self.task = nil
    unsafe pthread_mutex_unlock(mutex)
  }

  func stop() {
    unsafe pthread_mutex_lock(mutex)
    isStopping = true
    unsafe pthread_cond_broadcast(changed)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// A worker's life.
  func serve() {
    _ = ck_thread_enter()
    var seen = 0
    while waitForTasks(after: &seen) {
      work()
      unsafe pthread_mutex_lock(mutex)
      busyCount -= 1
      if busyCount == 0 { unsafe pthread_cond_signal(finished) }
      unsafe pthread_mutex_unlock(mutex)
    }
  }

  /// Not inlined, so that the closure is released before the worker reports itself done.
  @inline(never)
  private func work() {
    guard let task else { return }
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= taskCount { return }
      task(index)
    }
  }

  /// Returns false where the pool stops.
  private func waitForTasks(after seen: inout Int) -> Bool {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while generation == seen && !isStopping { unsafe pthread_cond_wait(changed, mutex) }
    if isStopping { return false }
    seen = generation
    return true
  }
}
