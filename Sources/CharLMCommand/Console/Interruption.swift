import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts SIGINT and SIGTERM: the first requests an orderly end, the second ends the process at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  /// Whether an end was requested.
  static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

  /// Starts counting signals.
  static func beginCounting() {
    // The counter must exist before a handler can use it.
    count.store(0, ordering: .sequentiallyConsistent)
    unblock()
    for number in [SIGINT, SIGTERM] {
      // The handler only changes an atomic number, and calls _exit, both of which a handler may do.
      _ = signal(number) { _ in
        if Interruption.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
  }

  /// Signals that the parent blocks (as a thread of Dispatch's pool does) would be blocked here, too.
  private static func unblock() {
    var signals = sigset_t()
    // Safe: the set lives through the calls, the first of which makes it.
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Lets signals end the process again.
  static func endCounting() {
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }
}
