/// A line that somebody typed in a session: text, or what to do.
enum SessionCommand: Equatable {
  /// Text to go on with; empty to let the model go on.
  case text(String)
  case help, quit, undo, retry, settings, show
  /// Begins a new text.
  case new(String)
  /// Shows so many ways to go on.
  case pick(Int?)
  case save(String)
  /// An option of drawing, or the length, and its value; nil to leave it out.
  case set(String, String?)
  /// A word after a slash that is no command.
  case unknown(String)

  /// The commands with what they do, for people.
  static let overview = """
    Type how the text begins or goes on (\\n is a line break), or nothing, and the model goes on.
    Control-C stops it.

      /undo             take back the last turn: what was typed, and what the model wrote
      /retry            take back what the model wrote last, and let it write again
      /pick 4           see four ways to go on, and choose one
      /length 300       how many tokens the model writes at a time
      /temperature 0.8  any option of 'charlm sample --help-all' for drawing, such as /min-p 0.1;
                        off takes it back: /min-p off
      /settings         what is set
      /show             the whole text
      /new              begin another text
      /save FILE        write the text to a file
      /quit             end (or Control-D)

    A line that begins with two slashes is text that begins with one.
    """

  /// Reads a line.
  init(_ line: String) {
    guard line.hasPrefix("/"), !line.hasPrefix("//") else {
      self = .text(EscapedText.unescaped(line.hasPrefix("//") ? String(line.dropFirst()) : line))
      return
    }
    let parts = line.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
    let (name, value) = (parts.first ?? "", parts.count > 1 ? parts[1] : nil)
    switch name {
    case "help", "h", "?": self = .help
    case "quit", "exit", "q": self = .quit
    case "undo", "u": self = .undo
    case "retry", "r": self = .retry
    case "settings": self = .settings
    case "show": self = .show
    case "new": self = .new(EscapedText.unescaped(value ?? ""))
    case "pick", "p":
      guard let value else { self = .pick(nil); return }
      self = Int(value).map { .pick($0) } ?? .unknown(line)
    case "save" where value != nil: self = .save(value ?? "")
    default:
      let known = DrawingOptions.declarations.map { String($0.name.dropFirst(2)) } + ["length", "logit-bias"]
      self = known.contains(name) ? .set(name, value == "off" ? nil : value ?? "") : .unknown("/" + name)
    }
  }
}
