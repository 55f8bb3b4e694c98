import CharLMFiles

/// Results, on standard output.
enum StandardOutput {
  /// Writes text as it is.
  /// - Throws: `FileError`, also where the reader has gone away, which ends the command silently.
  static func print(_ text: String) throws { try Files.writeStandardOutput(Array(text.utf8)) }

  /// Whether it is a terminal, so that somebody reads along.
  static var isTerminal: Bool { Terminal.showsOutput }
}

/// Text that is written as it comes: to a terminal at once, to a pipe or a file several times a second.
struct TextOutput {
  /// Whether the text so far ends with a line's end.
  private(set) var endsLine = false
  private var pending: [UInt8] = []
  private var deadline = ContinuousClock.now + TextOutput.delay
  private let isImmediate = StandardOutput.isTerminal

  /// The longest time that text is kept: whoever reads a pipe sees it come, and an interrupt loses little.
  private static let delay = Duration.milliseconds(50)

  /// Takes text.
  mutating func write(_ text: String) throws {
    pending.append(contentsOf: text.utf8)
    if let last = pending.last { endsLine = last == UInt8(ascii: "\n") }
    if isImmediate || pending.count > 1 << 14 || ContinuousClock.now > deadline { try flush() }
  }

  /// Writes what was buffered.
  mutating func flush() throws {
    try Files.writeStandardOutput(pending)
    pending.removeAll(keepingCapacity: true)
    deadline = ContinuousClock.now + TextOutput.delay
  }
}
