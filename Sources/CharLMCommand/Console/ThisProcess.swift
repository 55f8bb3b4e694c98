#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The process that this command runs in.
enum ThisProcess {
  /// Makes writing to a pipe without a reader, and beyond the largest file that is allowed (`ulimit -f`), fail like any
  /// other write, instead of ending the process.
  static func ignoreWriteSignals() {
    for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
  }

  /// Lets SIGQUIT (Control-\\) end the process at once, as it ends others: Swift's runtime would print a backtrace of
  /// all threads, and go on.
  static func endAtQuit() {
    _ = signal(SIGQUIT, SIG_DFL)
    unblock([SIGQUIT])
  }

  /// Signals that the parent blocks (as a thread of Dispatch's pool does) would be blocked here, too.
  static func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    // Safe: the set lives through the calls, the first of which makes it.
    unsafe sigemptyset(&set)
    for number in signals { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Lets the process have as many open files, and with them connections, as the system grants it.
  /// - Returns: their number.
  static func allowManyFiles() -> Int {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    // Safe (both): the structure lives through the call.
    guard unsafe getrlimit(resource, &limit) == 0 else { return 256 }
    let wanted = min(limit.rlim_max, 65536)
    if limit.rlim_cur < wanted {
      let former = limit.rlim_cur
      limit.rlim_cur = wanted
      if unsafe setrlimit(resource, &limit) != 0 { limit.rlim_cur = former }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// Ends the process.
  static func end(exitCode: Int32) -> Never { exit(exitCode) }

  /// The largest resident memory so far, in MB of 2^20 bytes.
  static var peakMegabytes: Double {
    var usage = rusage()
    let selfOnly: Int32 = 0  // RUSAGE_SELF, whose type differs between systems
    // Safe: the structure lives through the call, which fills it.
    guard unsafe getrusage(selfOnly, &usage) == 0 else { return 0 }
    #if canImport(Darwin)
      return Double(usage.ru_maxrss) / 0x1p20
    #else
      return Double(usage.ru_maxrss) / 0x1p10
    #endif
  }

  /// How many programs wanted to compute over the last minute, and the cores that there are; nil where it is unknown.
  static var load: (others: Double, cores: Int)? {
    var averages = [0.0]
    // Safe: there is room for the one number that is asked for.
    guard unsafe getloadavg(&averages, 1) == 1 else { return nil }
    return (averages[0], ProcessInfo.processInfo.activeProcessorCount)
  }
}
