import CharLMFiles

/// Where progress, warnings and next steps go: standard error, unless `--quiet`.
struct Console: Sendable {
  /// Whether nothing is printed.
  let isQuiet: Bool

  /// Writes a line. A line end in it, as names of files may have one, is escaped.
  func say(_ line: String) { draw(VisibleText.line(line) + "\n") }

  /// Writes lines, and the end of the last one.
  func say(lines text: String) { draw(VisibleText.lines(text) + "\n") }

  /// Writes notes one below the other, wrapped to fit a terminal.
  func say(_ notes: [CommandNote]) { draw(notes.text(width: width, isColored: Terminal.showsColors) + "\n") }

  /// Writes prose, wrapped at words on a terminal. Commands to copy are to be written by `say`.
  /// - Parameter label: what it begins with, such as "warning: ".
  func say(_ label: String, prose text: String, style: TextStyle = .plain) {
    let wrapped = WrappedText.text(label, VisibleText.line(text), width: width)
    draw(style.applied(to: label, isColored: Terminal.showsColors) + wrapped.dropFirst(label.count) + "\n")
  }

  /// Writes a warning.
  func warn(_ text: String) { say("warning: ", prose: text, style: .warning) }

  /// The columns that text may take; nil where it does not go to a terminal.
  private var width: Int? { Terminal.showsErrors ? Terminal.width : nil }

  /// Writes text as it is, such as a line that will be redrawn; what came from a file must be visible text.
  func draw(_ text: String) {
    if !isQuiet { Files.writeStandardError(Array(text.utf8)) }
  }

  /// Whether a line on standard error can be redrawn.
  var isLive: Bool { !isQuiet && Terminal.showsErrors && Terminal.understandsControls }
}

/// How a word stands out on a terminal.
enum TextStyle: String {
  case plain = ""
  /// A name that the eye looks for.
  case label = "36"
  /// What needs attention.
  case warning = "33"

  /// Text with the escape sequences around it that a terminal shows as this style.
  func applied(to text: some StringProtocol, isColored: Bool) -> String {
    isColored && self != .plain && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : String(text)
  }
}
