/// Why a command failed: what is wrong, with which file or value, and what to do about it.
struct CommandFailure: Error, Equatable {
  /// What is wrong.
  var what: String
  /// What to do about it.
  var next: String?
  /// 1, or 2 where the command line itself is wrong.
  var exitCode: Int32
  /// Whether nothing is printed.
  var isSilent = false

  init(_ what: String, next: String? = nil, exitCode: Int32 = 1) {
    self.what = what
    self.next = next
    self.exitCode = exitCode
  }

  /// A command line that is wrong in itself.
  static func usage(_ what: String, next: String? = nil) -> CommandFailure {
    CommandFailure(what, next: next, exitCode: 2)
  }

  /// The end of a command that was interrupted and saved its work.
  static let interrupted: CommandFailure = {
    var failure = CommandFailure("", exitCode: 130)
    failure.isSilent = true
    return failure
  }()

  /// "charlm: what; what to do" with its line end. What a terminal would obey is escaped, so that it stays one line.
  var line: String {
    if isSilent { return "" }
    let parts = [what, next].compactMap(\.self).map(CommandFailure.shown)
    return VisibleText.line("charlm: " + parts.joined(separator: "; ")) + "\n"
  }

  /// A text, its middle cut where something that it quotes would fill the screen.
  private static func shown(_ text: String) -> String {
    let (longest, head, tail) = (2000, 1000, 500)
    let scalars = text.unicodeScalars
    guard scalars.count > longest else { return text }
    return "\(String(scalars.prefix(head))) … \(String(scalars.suffix(tail)))"
  }
}
