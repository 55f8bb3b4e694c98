import CharLMFiles

/// Where progress, warnings and next steps go: standard error, unless `--quiet`.
struct Console: Sendable {
  /// Whether nothing is printed.
  let isQuiet: Bool

  /// Writes lines, and the end of the last one.
  func say(_ text: String) {
    if !isQuiet { Files.writeStandardError(Array((text + "\n").utf8)) }
  }

  /// Writes text as it is, such as a line that will be redrawn.
  func draw(_ text: String) {
    if !isQuiet { Files.writeStandardError(Array(text.utf8)) }
  }

  /// Whether a line on standard error can be redrawn.
  var isLive: Bool { !isQuiet && Terminal.showsErrors && Terminal.understandsControls }
}
