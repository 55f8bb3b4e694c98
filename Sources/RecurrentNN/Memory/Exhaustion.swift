import Synchronization

/// The end of a process that the system refuses memory or threads: nothing that is under way can go on without them.
package enum Exhaustion {
  private static let ending = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Sets what ends the process, in place of a trap; it receives what was refused, in words.
  package static func end(by ending: @escaping @Sendable (String) -> Void) {
    Exhaustion.ending.withLock { $0 = ending }
  }

  /// Ends the process.
  static func end(_ what: String) -> Never {
    ending.withLock { $0 }?(what)
    fatalError(what)
  }
}
