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
      TrainCommand.self, DistilCommand.self, SampleCommand.self, EvalCommand.self, ScoreCommand.self,
      NeuronsCommand.self,
      CompareCommand.self, NoveltyCommand.self, ServeCommand.self, CompressCommand.self, DecompressCommand.self,
      TransduceCommand.self,
      AverageCommand.self, InfoCommand.self, VocabCommand.self, PlotCommand.self, ConvertCommand.self,
      BenchCommand.self,
    ])

  @Flag(name: .long, help: "Show the version and the libraries in use.")
  var version = false

  /// The command that words ask for.
  /// - Throws: what the parser throws, `HelpRequest`, and `CommandFailure` for an option that is given twice, empty,
  ///   unknown, or a synonym that means several things, for a file that would be read and written, or written twice, and
  ///   for a `--config` file that does not fit.
  static func parsed(_ words: [String]) throws -> any ParsableCommand {
    if let request = try HelpRequest(words) { throw request }
    guard let configured = try ConfiguredWords(words) else { return try checked(words) }
    do { return try checked(configured.words) } catch { throw configured.placed(error) }
  }

  /// The command that words ask for, without a file of options.
  private static func checked(_ words: [String]) throws -> any ParsableCommand {
    let (command, words) = try understood(words)
    let isOwn = configuration.subcommands.contains { $0 == type(of: command) } || command is RootCommand
    // The parser answers a request for help by a command of its own.
    if !isOwn { throw HelpRequest(command: words.first, words) }
    try RepeatedOption.refuse(in: words)
    try (command as? any FileWriting)?.fileUses.check()
    return command
  }

  /// The command, and the words as the parser took them.
  private static func understood(_ words: [String]) throws -> (any ParsableCommand, [String]) {
    let words = try EmptyValue.separated(words)
    do {
      return (try parseAsRoot(words), words)
    } catch {
      if exitCode(for: error).isSuccess { throw HelpRequest(error, words) ?? error }
      let translated = try ForeignWords(words).translated()
      if translated == words { throw error }
      return try understood(translated)
    }
  }

  func run() throws {
    try StandardOutput.print(version ? Version.text : NextSteps.here.text)
  }
}
