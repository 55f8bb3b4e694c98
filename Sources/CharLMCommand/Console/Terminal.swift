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

/// What the system says of terminals.
enum Terminal {
  /// Whether a descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether the terminal knows the escape sequences for drawing a line again.
  static var understandsControls: Bool {
    let kind = ProcessInfo.processInfo.environment["TERM"]
    return kind != nil && kind != "dumb" && kind != ""
  }

  /// The columns of the terminal on standard error; 80 where it does not say.
  static var width: Int {
    var size = winsize()
    // Safe: the structure lives through the call, which fills it.
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
