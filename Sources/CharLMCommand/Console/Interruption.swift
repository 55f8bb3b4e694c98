import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts SIGINT and SIGTERM: the first asks for an orderly end, the second ends the process at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  /// Whether an end was asked for.
  static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

  /// From now on signals are counted.
  static func beginCounting() {
    // The counter exists before a handler can come to it.
    count.store(0, ordering: .sequentiallyConsistent)
    unblock()
    for number in [SIGINT, SIGTERM] {
      // The handler only changes an atomic number, and calls _exit, both of which a handler may do.
      _ = signal(number) { _ in
        if Interruption.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
  }

  /// A parent that holds signals back (a thread of Dispatch's pool does) hands this down.
  private static func unblock() {
    var signals = sigset_t()
    // Safe: the set lives through the calls, the first of which makes it.
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// From now on signals end the process as usual.
  static func endCounting() {
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }
}
