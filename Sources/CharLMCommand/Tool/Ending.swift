import ArgumentParser

/// How the command ends after an error, or after a request for help, which the parser also throws.
struct Ending: Equatable {
  var output = ""
  var message = ""
  var exitCode: Int32

  init(_ error: any Error) {
    if let request = error as? HelpRequest {
      self.init(output: request.text + "\n", exitCode: 0)
    } else if let failure = CommandFailure(anyError: error) {
      self.init(message: failure.line, exitCode: failure.exitCode)
    } else if RootCommand.exitCode(for: error).isSuccess {
      self.init(output: RootCommand.fullMessage(for: error) + "\n", exitCode: 0)
    } else {
      let helpCommand = Ending.helpCommand(fullMessage: RootCommand.fullMessage(for: error))
      let help = "see '\(helpCommand)'"
      let message = Ending.named(Ending.oneLine(RootCommand.message(for: error)), helpCommand)
      let failure = CommandFailure(message, next: message.contains("; ") ? nil : help, exitCode: 2)
      self.init(message: failure.line, exitCode: 2)
    }
  }

  private init(output: String = "", message: String = "", exitCode: Int32) {
    self.output = output
    self.message = message
    self.exitCode = exitCode
  }

  /// The parser's sentences as one, without full stops, in the form "what; what to do".
  private static func oneLine(_ message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    var words = ""
    for (number, sentence) in sentences(of: line.hasSuffix(".") ? String(line.dropLast()) : line).enumerated() {
      words += (number == 0 ? "" : "; ") + sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
    return words
  }

  /// "missing <corpus>: 'charlm vocab <corpus>'" for the parser's "missing expected argument '<corpus> ...'".
  private static func named(_ message: String, _ helpCommand: String) -> String {
    let words = message.split(separator: "'", omittingEmptySubsequences: false)
    guard words.count == 3, words[0] == "missing expected argument ", helpCommand.hasSuffix(" --help") else {
      return message
    }
    let argument = words[1].prefix { $0 != " " }
    return "missing \(argument): '\(helpCommand.dropLast(" --help".count)) \(argument)'"
  }

  private static func sentences(of text: String) -> [Substring] {
    guard let stop = text.indices.first(where: { text[$0...].hasPrefix("'. ") }) else { return [text[...]] }
    let end = text.index(after: stop)
    return [text[..<end], text[text.index(end, offsetBy: 2)...]]
  }

  /// The command of the parser's own "See 'charlm train --help'", because the parser knows which one was meant.
  private static func helpCommand(fullMessage: String) -> String {
    let quoted = fullMessage.split(whereSeparator: \.isNewline).last { $0.contains("See '") }?.split(separator: "'")
    return quoted.flatMap { $0.count > 1 ? String($0[1]) : nil } ?? "charlm --help"
  }
}
