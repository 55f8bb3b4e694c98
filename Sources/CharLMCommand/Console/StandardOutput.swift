import CharLMFiles

/// Results, on standard output.
enum StandardOutput {
  /// Writes what the command has to say, as text that a terminal may show.
  /// - Throws: `FileError`, also where the reader has gone away, which ends the command silently.
  static func print(_ text: String) throws { try print(result: VisibleText.lines(text)) }

  /// Writes a result that programs read, as it is.
  static func print(result text: String) throws { try Files.writeStandardOutput(Array(text.utf8)) }

  /// Writes text that a model made: to a pipe or a file as it is, to a terminal as one may show it.
  static func print(made text: String) throws {
    var output = TextOutput()
    try output.write(text)
    try output.flush()
  }

  /// Whether it is a terminal, so that somebody reads along.
  static var isTerminal: Bool { Terminal.showsOutput }
}

/// Text that a model makes, written as it comes: to a pipe or a file as it is, several times a second; to a terminal at
/// once, as one may show it. There CR LF is a line's end, as LF is.
struct TextOutput {
  /// Whether the text so far ends with a line's end.
  private(set) var endsLine = false
  private var pending: [UInt8] = []
  private var deadline = ContinuousClock.now + TextOutput.delay
  private let isImmediate = StandardOutput.isTerminal
  /// Whether a CR waits for what follows it.
  private var holdsReturn = false

  /// The longest time that text is kept: whoever reads a pipe sees it come, and an interrupt loses little.
  private static let delay = Duration.milliseconds(50)

  /// Takes text.
  mutating func write(_ text: String) throws {
    pending.append(contentsOf: (isImmediate ? visible(text) : text).utf8)
    if let last = pending.last { endsLine = last == UInt8(ascii: "\n") }
    if isImmediate || pending.count > 1 << 14 || ContinuousClock.now > deadline { try flush() }
  }

  private mutating func visible(_ text: String) -> String {
    var text = holdsReturn ? "\r" + text : text
    holdsReturn = text.unicodeScalars.last == "\r"
    if holdsReturn { text.unicodeScalars.removeLast() }
    return VisibleText.lines(text.unicodeScalars.contains("\r") ? text.replacing("\r\n", with: "\n") : text)
  }

  /// Writes what was buffered.
  mutating func flush() throws {
    try Files.writeStandardOutput(pending)
    pending.removeAll(keepingCapacity: true)
    deadline = ContinuousClock.now + TextOutput.delay
  }
}
