/// Text broken at spaces so that it fits a terminal.
enum WrappedText {
  /// Narrower than this, wrapping would leave a word a line: then the terminal breaks lines itself.
  private static let leastRoom = 16

  /// A text after a label, its further lines indented as far as the label is wide.
  /// - Parameter width: the columns to fit into; nil for one line, however long.
  static func text(_ label: String, _ text: String, width: Int?) -> String {
    guard let width else { return label + text }
    // Where the window is narrow, further lines begin further to the left.
    let indent = width - label.count >= leastRoom ? label.count : min(2, label.count)
    var lines: [String] = []
    var (line, column) = (label, label.count)
    var isEmpty = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let count = columns(word)
      if !isEmpty, column + 1 + count >= width {
        lines.append(line)
        (line, column, isEmpty) = (String(repeating: " ", count: indent), indent, true)
      }
      line += (isEmpty ? "" : " ") + word
      column += (isEmpty ? 0 : 1) + count
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Lines of a report, each with its name before it. Line ends inside, as names of files may have them, are escaped.
  static func text(_ facts: [(name: String, text: String)], width: Int?) -> String {
    facts.map { name, fact in
      text(name + String(repeating: " ", count: 9 - name.count), VisibleText.line(fact), width: width) + "\n"
    }.joined()
  }

  /// The columns of a terminal that text takes: two for wide characters of East Asia and emoji.
  static func columns(_ text: some StringProtocol) -> Int {
    text.reduce(0) { count, character in
      let value = character.unicodeScalars.first?.value ?? 0
      let isWide =
        (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value) || (0xAC00...0xD7A3).contains(value)
        || (0xF900...0xFAFF).contains(value) || (0xFE30...0xFE6F).contains(value) || (0xFF00...0xFF60).contains(value)
        || (0x1F300...0x1FAFF).contains(value) || (0x20000...0x3FFFD).contains(value)
      return count + (isWide ? 2 : 1)
    }
  }
}
