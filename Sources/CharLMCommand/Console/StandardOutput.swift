import CharLMFiles

/// Results, on standard output.
enum StandardOutput {
  /// Writes text as it is.
  /// - Throws: `FileError`, also where the reader has gone away, which ends the command silently.
  static func print(_ text: String) throws { try Files.writeStandardOutput(Array(text.utf8)) }

  /// Whether it is a terminal, so that somebody reads along.
  static var isTerminal: Bool { Terminal.showsOutput }
}

/// Text that is buffered before it is written, unless somebody reads along.
struct TextOutput {
  private var pending: [UInt8] = []
  private let isImmediate = StandardOutput.isTerminal

  /// Takes text.
  mutating func write(_ text: String) throws {
    pending.append(contentsOf: text.utf8)
    if isImmediate || pending.count > 1 << 14 { try flush() }
  }

  /// Writes what was buffered.
  mutating func flush() throws {
    try Files.writeStandardOutput(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
