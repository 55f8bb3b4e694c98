import ArgumentParser

/// A request for help, with the screen to print.
struct HelpRequest: Error {
  let text: String

  /// `charlm help`, with or without a command.
  /// - Throws: `CommandFailure` where there is no such command.
  init?(_ words: [String]) throws {
    guard words.first == "help" else { return nil }
    let names = words.dropFirst().filter { !$0.hasPrefix("-") }
    if let name = names.first { _ = try ForeignWords(words).command(name) }
    self.init(command: names.first, words)
  }

  /// What the parser threw for words that ask for help; nil where they ask for something else, such as completions.
  init?(_ error: any Error, _ words: [String]) {
    guard RootCommand.fullMessage(for: error).hasPrefix("OVERVIEW:") else { return nil }
    self.init(command: words.first, words)
  }

  init(command name: String?, _ words: [String]) {
    let commands = RootCommand.configuration.subcommands
    let command = commands.first { $0.configuration.commandName == name } ?? RootCommand.self
    let screen = HelpScreen(of: command, columns: min(max(Terminal.width, 40), 100))
    let wantsAll = words.contains("--help-all") || words.contains("--help-hidden")
    text = wantsAll ? screen.whole : screen.short
  }
}
