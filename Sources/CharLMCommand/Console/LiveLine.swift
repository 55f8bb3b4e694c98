/// A line at the bottom of a terminal that is drawn again and again.
///
/// The width of the window is asked for each time. Where the window has become narrower than the line that stands there,
/// the terminal has broken that line, and all its rows are cleared.
struct LiveLine {
  private let console: Console
  /// The columns of the line on the screen; 0 where there is none.
  private var columns = 0

  init(_ console: Console) { self.console = console }

  /// Whether a line stands on the screen.
  var isOpen: Bool { columns > 0 }

  /// Draws a line in place of the last one.
  /// - Parameter text: given the columns that it may take.
  mutating func draw(_ text: (_ width: Int) -> String) {
    let width = Terminal.width
    let line = VisibleText.line(text(max(width - 1, 1)))
    console.draw(clearing(width) + line)
    columns = max(line.count, 1)
  }

  /// Takes the line away.
  mutating func clear() {
    if isOpen { console.draw(clearing(Terminal.width)) }
    columns = 0
  }

  /// Leaves the line on the screen and goes on below it.
  mutating func close() {
    if isOpen { console.draw("\n") }
    columns = 0
  }

  /// Goes to the start of the line's first row and clears from there.
  private func clearing(_ width: Int) -> String {
    let rowsAbove = max(columns - 1, 0) / width
    return "\r" + (rowsAbove > 0 ? "\u{1B}[\(rowsAbove)A" : "") + "\u{1B}[J"
  }
}

/// Parts of a line, of which a narrow window leaves out the less important.
struct LineParts {
  /// A part with its rank: the higher it is, the earlier the part is dropped.
  private var parts: [(text: String, rank: Int)] = []

  /// Adds a part at the right.
  mutating func add(_ text: String, rank: Int) { parts.append((text, rank)) }

  /// The parts that fit, two spaces apart.
  func text(width: Int?) -> String {
    var parts = parts
    func line() -> String { parts.map(\.text).joined(separator: "  ") }
    guard let width else { return line() }
    while line().count > width, parts.count > 1,
      let least = parts.indices.max(by: { parts[$0].rank < parts[$1].rank })
    {
      parts.remove(at: least)
    }
    return String(line().prefix(max(width, 0)))
  }
}
