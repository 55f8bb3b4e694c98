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

/// The terminal, as far as the standard streams are connected to one.
enum Terminal {
  /// Whether standard input is a terminal, so that somebody types.
  static var sendsInput: Bool { isatty(STDIN_FILENO) == 1 }
  /// Whether standard output is a terminal.
  static var showsOutput: Bool { isatty(STDOUT_FILENO) == 1 }
  /// Whether standard error is a terminal.
  static var showsErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether the terminal understands the escape sequences for redrawing a line.
  static var understandsControls: Bool {
    let kind = ProcessInfo.processInfo.environment["TERM"]
    return kind != nil && kind != "dumb" && kind != ""
  }

  /// The columns of the terminal on standard error; 80 where they are unknown.
  static var width: Int { columns(STDERR_FILENO) }

  /// The columns of the terminal on standard output; 80 where they are unknown.
  static var outputWidth: Int { columns(STDOUT_FILENO) }

  /// Whether colors are wanted: on a terminal that understands them, unless NO_COLOR is set (no-color.org).
  static var showsColors: Bool { showsErrors && wantsColors }

  /// The same for standard output.
  static var showsColorsOnOutput: Bool { showsOutput && wantsColors }

  /// Whether the terminal says that it has 16 million colors, not 256.
  static var hasFullColor: Bool {
    ["truecolor", "24bit"].contains(ProcessInfo.processInfo.environment["COLORTERM"] ?? "")
  }

  private static var wantsColors: Bool {
    understandsControls && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }

  private static func columns(_ descriptor: Int32) -> Int {
    var size = winsize()
    // Safe: the structure lives through the call, which fills it.
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
