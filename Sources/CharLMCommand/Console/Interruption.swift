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
    for number in [SIGINT, SIGTERM] {
      // The handler only changes an atomic number, and calls _exit, both of which a handler may do.
      _ = signal(number) { _ in
        if Interruption.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
  }

  /// From now on signals end the process as usual.
  static func endCounting() {
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }
}
