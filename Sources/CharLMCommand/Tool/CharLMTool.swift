import CharLMFiles
import RecurrentNN

/// The entry point: arguments in, exit code out.
@main
enum CharLMTool {
  static func main() {
    Clock.start()
    Files.occupyStandardDescriptors()
    ThisProcess.ignoreWriteSignals()
    ThisProcess.endAtQuit()
    Exhaustion.end { what in
      let failure = CommandFailure(
        what, next: "give it more memory (ulimit -v), or choose smaller sizes or fewer --threads")
      Files.writeStandardError(Array(failure.line.utf8))
      ThisProcess.end(exitCode: failure.exitCode)
    }
    ThisProcess.end(exitCode: run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Parses and runs a command; reports failures on standard error.
  /// - Returns: 0 for success, 1 for failure, 2 for a wrong command line, 130 for an interrupt that saved its work.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try RootCommand.parsed(arguments)
      try EnvironmentChoice.check()
      try command.run()
      return 0
    } catch {
      let failure = error as? RankFailure
      let ending = Ending(failure?.inside ?? error)
      failure?.end(ending.message, exitCode: ending.exitCode)
      // Of several processes that work together, one says what is wrong with their words.
      let isShared = ["train", "eval", "score"].contains(arguments.first)
      if ending.exitCode == 2, isShared, (Communicator.launchedRank ?? 0) > 0 { return ending.exitCode }
      do throws(FileError) {
        try Files.writeStandardOutput(Array(ending.output.utf8))
      } catch {
        let failure = CommandFailure(error)
        Files.writeStandardError(Array(failure.line.utf8))
        return failure.exitCode
      }
      Files.writeStandardError(Array(ending.message.utf8))
      return ending.exitCode
    }
  }
}
