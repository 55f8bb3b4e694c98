import ArgumentParser

/// `charlm`.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charlm",
    abstract: "Train character-level language models on text of any script, and generate text with them.",
    discussion: """
      Example:
        charlm train corpora/english.txt --budget 1m
        charlm sample --seed Hello
      """,
    subcommands: [
      TrainCommand.self, SampleCommand.self, EvalCommand.self, TransduceCommand.self, AverageCommand.self,
      InfoCommand.self, VocabCommand.self, PlotCommand.self, ConvertCommand.self, BenchCommand.self,
    ])

  @Flag(name: .long, help: "Show the version and the libraries in use.")
  var version = false

  /// The command that words ask for.
  /// - Throws: what the parser throws, and `CommandFailure` for an option given twice, and for a file that would be read and
  ///   written, or written twice.
  static func parsed(_ words: [String]) throws -> any ParsableCommand {
    let command = try parseAsRoot(words)
    try RepeatedOption.refuse(in: words)
    try (command as? any FileWriting)?.fileUses.check()
    return command
  }

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try StandardOutput.print(Version.text)
  }
}
