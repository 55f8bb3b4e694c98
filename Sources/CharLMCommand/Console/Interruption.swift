import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Notes signals that ask for an end: the first one for an orderly end, a second SIGINT or SIGTERM for one at once.
///
/// SIGHUP, sent when a terminal is closed, asks for an orderly end alone: shell and system may both send it. Signals that
/// the parent lets this process ignore, as `nohup` and a shell's background jobs do, stay ignored.
enum Interruption {
  private static let count = Atomic<Int>(0)
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Whether an end was requested.
  static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

  /// Starts counting signals.
  static func beginCounting() {
    // The counter must exist before a handler can use it.
    count.store(0, ordering: .sequentiallyConsistent)
    ThisProcess.unblock(signals)
    // The handlers only change an atomic number and call _exit, both of which a handler may do.
    handle(SIGHUP) { _ in
      _ = Interruption.count.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
    }
    for number in [SIGINT, SIGTERM] {
      handle(number) { _ in
        if Interruption.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
  }

  private static let stop = Atomic<Bool>(false)

  /// Lets Control-C ask for a stop of what goes on, and nothing more. A line that is being typed ends with it.
  static func beginStopping() {
    stop.store(false, ordering: .sequentiallyConsistent)
    ThisProcess.unblock([SIGINT])
    handle(SIGINT) { _ in Interruption.stop.store(true, ordering: .relaxed) }
    siginterrupt(SIGINT, 1)
  }

  /// Whether a stop was asked for.
  static var isStopRequested: Bool { stop.load(ordering: .relaxed) }

  /// Whether a stop was asked for; from here on, none was.
  static func takeStop() -> Bool { stop.exchange(false, ordering: .relaxed) }

  /// Lets signals end the process again.
  static func endCounting() {
    for number in signals { handle(number, SIG_DFL) }
  }

  private static let child = Atomic<pid_t>(0)

  /// Lets signals that end this process end a child process, too, until `endCounting`.
  static func beginPassing(to process: pid_t) {
    child.store(process, ordering: .sequentiallyConsistent)
    ThisProcess.unblock(signals)
    for number in signals {
      handle(number) { number in
        _ = kill(Interruption.child.load(ordering: .relaxed), number)
        _ = signal(number, SIG_DFL)
        // It arrives when this handler returns.
        _ = raise(number)
      }
    }
  }

  private typealias Handler = @convention(c) (Int32) -> Void

  /// Sets what a signal does, unless the parent had it ignored.
  private static func handle(_ number: Int32, _ handler: Handler?) {
    let previous = signal(number, handler)
    // Safe: a C function's address, or none, is a number of this size; SIG_IGN is such a number.
    let (found, ignored) = unsafe (unsafeBitCast(previous, to: Int.self), unsafeBitCast(SIG_IGN, to: Int.self))
    if found == ignored { _ = signal(number, SIG_IGN) }
  }
}
