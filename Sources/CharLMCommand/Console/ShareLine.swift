/// How much of a job is done, on a line of the terminal that is redrawn; elsewhere, nothing.
struct ShareLine {
  private let name: String
  private let console: Console
  private var line: LiveLine
  private var lastShown = 0.0

  private static let interval = 0.2

  /// - Parameter name: what is being done, such as "reading".
  init(_ name: String, _ console: Console) { (self.name, self.console, line) = (name, console, LiveLine(console)) }

  /// Draws the line where it is due.
  mutating func show(_ count: Int, of total: Int) {
    guard console.isLive, Clock.seconds - lastShown >= ShareLine.interval else { return }
    lastShown = Clock.seconds
    let text = "\(name)  \(count * 100 / max(total, 1))%"
    line.draw { String(text.prefix($0)) }
  }

  /// Takes the line away.
  mutating func finish() { line.clear() }
}
