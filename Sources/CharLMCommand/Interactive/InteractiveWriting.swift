import ArgumentParser
import CharLM
import CharLMFiles
import CharLMText

/// `charlm sample --interactive`: somebody types at a terminal, and a predictor goes on.
struct InteractiveWriting<Model: Predictor> {
  private let console: Console
  private let editor = LineEditor()
  private var session: WritingSession<Model>
  /// How tokens are drawn, as options and values.
  private var options: [(name: String, value: String)]
  /// The most tokens of a turn.
  private var length: Int

  /// The tokens of each way to go on that is shown.
  private static var wayLength: Int { 80 }
  private static var usualLength: Int { 200 }

  /// - Parameters:
  ///   - drawing: how tokens are drawn at first.
  ///   - length: the most tokens of a turn at first.
  init(
    _ model: Model, drawing: DrawingOptions, length: Int?, randomSeed: UInt64, options: StreamOptions, console: Console
  ) {
    self.console = console
    self.length = length ?? InteractiveWriting.usualLength
    self.options = drawing.optionValues
    session = WritingSession(model, sampling: drawing.settings, randomSeed: randomSeed, options: options)
  }

  /// - Throws: `CommandFailure` unless somebody types, and sees what is written.
  static func checkTerminal() throws {
    guard !Terminal.sendsInput || !Terminal.showsOutput else { return }
    throw CommandFailure(
      "--interactive needs a terminal; standard \(Terminal.sendsInput ? "output" : "input") is none",
      next: "leave it out, and give the text with --seed or --seed-file")
  }

  /// Takes turns until there is an end.
  /// - Parameter seed: a first text; empty to wait for one.
  mutating func run(seed: String) throws {
    console.say(
      "type how the text begins; /help lists commands" + (editor.canEdit ? "" : " (no libedit: lines cannot be edited)")
    )
    Interruption.beginStopping()
    if !seed.isEmpty { try attempt { try $0.turn(seed) } }
    while true {
      switch editor.line(prompt: "> ") {
      case .end: return try StandardOutput.print("\n")
      case .interrupted: try StandardOutput.print("\n")
      case .line(let line):
        let command = SessionCommand(line)
        if command == .quit { return }
        try attempt { try $0.obey(command) }
      }
    }
  }

  /// Does something; what is wrong with it is said, and the session goes on.
  private mutating func attempt(_ action: (inout Self) throws -> Void) throws {
    do { try action(&self) } catch let error as FileError where error.isBrokenPipe { throw error } catch {
      let failure = CommandFailure(anyError: error)
      console.say((failure?.what ?? DrawingOptions.message(for: error)) + (failure?.next.map { "; " + $0 } ?? ""))
    }
  }

  private mutating func obey(_ command: SessionCommand) throws {
    switch command {
    case .text(let text): try turn(text)
    case .help: try StandardOutput.print(SessionCommand.overview + "\n")
    case .undo:
      guard session.canUndo else { return console.say("there is nothing to take back") }
      session.undo()
      try showEnd()
    case .retry:
      guard session.canUndo else { return console.say("there is nothing to write again") }
      session.undoWriting()
      try write()
    case .pick(let count): try pick(count ?? 4)
    case .new(let text):
      session.beginAgain()
      if !text.isEmpty { try turn(text) }
    case .show: try StandardOutput.print(made: session.text + "\n")
    case .settings:
      let drawing = options.map { "  /\($0.name) \($0.value)\n" }.joined()
      try StandardOutput.print("  /length \(length)\n" + drawing)
    case .save(let path): try save(path)
    case .set(let name, let value): try set(name, value)
    case .unknown(let text): console.say("there is no command '\(text)'; /help lists them, and // begins a text with /")
    case .quit: break
    }
  }

  private mutating func turn(_ typed: String) throws {
    try session.type(typed)
    try write()
  }

  /// Shows the text's last line, and what is written after it as it comes, until Control-C.
  private mutating func write() throws {
    var output = TextOutput()
    _ = Interruption.takeStop()
    try output.write(InteractiveWriting.lastLine(session.text))
    try session.write(length) { piece in
      try output.write(piece)
      return !Interruption.isStopRequested
    }
    if !output.endsLine { try output.write("\n") }
    try output.flush()
  }

  private static func lastLine(_ text: String) -> String {
    String(
      text[(text.unicodeScalars.lastIndex(of: "\n").map { text.unicodeScalars.index(after: $0) } ?? text.startIndex)...]
    )
  }

  private func showEnd() throws {
    try StandardOutput.print(made: InteractiveWriting.lastLine(session.text) + "\n")
  }

  private mutating func pick(_ count: Int) throws {
    guard (1...20).contains(count) else { throw ValidationError("/pick takes a number from 1 to 20") }
    _ = Interruption.takeStop()
    let ways = session.ways(count, length: min(length, InteractiveWriting.wayLength)) {
      !Interruption.isStopRequested
    }
    for (number, way) in ways.enumerated() {
      try StandardOutput.print("  \(number + 1)  " + VisibleText.line(EscapedText.escaped(way.text)) + "\n")
    }
    guard case .line(let answer) = editor.line(prompt: "1 to \(ways.count), or nothing: "), !answer.isEmpty else {
      return
    }
    guard let number = Int(answer), (1...ways.count).contains(number) else {
      return console.say("there is no '\(answer)' among them")
    }
    session.go(ways[number - 1])
    try showEnd()
  }

  private func save(_ path: String) throws {
    if Files.isTaken(path) { throw CommandFailure("\(path) is there already", next: "name another file") }
    let utf8 = Array(session.text.utf8)
    try Files.writeAtomically(path) { file throws(FileError) in try file.write(utf8) }
    console.say("written to \(path)")
  }

  private mutating func set(_ name: String, _ value: String?) throws {
    if name == "length" {
      let length = value.map { Int($0) ?? 0 } ?? InteractiveWriting.usualLength
      guard (1...1_000_000).contains(length) else { throw ValidationError("/length takes a number from 1 to 1000000") }
      self.length = length
      return
    }
    var options = options.filter { $0.name != name }
    if let value { options.append((name, value)) }
    let drawing = try DrawingOptions.parse(options.flatMap { ["--" + $0.name, $0.value] })
    session.change(sampling: drawing.settings)
    self.options = drawing.optionValues
  }
}
