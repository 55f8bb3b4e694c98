import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where progress, warnings and next steps go: standard error, unless `--quiet`.
struct Console: Sendable {
  /// Whether nothing is to be said.
  let isQuiet: Bool

  /// Writes lines; the last one's end is added.
  func say(_ text: String) {
    if !isQuiet { Files.writeStandardError(Array((text + "\n").utf8)) }
  }

  /// Writes text as it is, such as a line that is to be drawn again.
  func draw(_ text: String) {
    if !isQuiet { Files.writeStandardError(Array(text.utf8)) }
  }

  /// Whether a line on standard error can be drawn again.
  var isLive: Bool { !isQuiet && Terminal.isTerminal(STDERR_FILENO) && Terminal.understandsControls }
}

/// Results, on standard output.
enum StandardOutput {
  /// Writes text as it is.
  /// - Throws: `FileError`; also where nobody reads any more, which ends the command without a word.
  static func print(_ text: String) throws { try Files.writeStandardOutput(Array(text.utf8)) }

  /// Whether a person reads along.
  static var isTerminal: Bool { Terminal.isTerminal(STDOUT_FILENO) }
}

/// Text that is gathered before it is written, unless a person reads along.
struct TextOutput {
  private var pending: [UInt8] = []
  private let isImmediate = StandardOutput.isTerminal

  /// Takes text.
  mutating func write(_ text: String) throws {
    pending.append(contentsOf: text.utf8)
    if isImmediate || pending.count > 1 << 14 { try flush() }
  }

  /// Writes what was gathered.
  mutating func flush() throws {
    try Files.writeStandardOutput(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
