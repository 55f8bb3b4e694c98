import ArgumentParser
import Testing

@testable import CharLMCommand

/// Help, whole screens; and that its examples are commands that can be parsed.
@Suite struct HelpTests {
  static let screens: [(command: any ParsableCommand.Type, text: String)] = [
    (RootCommand.self, HelpScreens.charlm), (TrainCommand.self, HelpScreens.train),
    (DistilCommand.self, HelpScreens.distil),
    (SampleCommand.self, HelpScreens.sample), (EvalCommand.self, HelpScreens.eval),
    (TransduceCommand.self, HelpScreens.transduce), (InfoCommand.self, HelpScreens.info),
    (VocabCommand.self, HelpScreens.vocab), (BenchCommand.self, HelpScreens.bench),
    (ConvertCommand.self, HelpScreens.convert), (AverageCommand.self, HelpScreens.average),
    (PlotCommand.self, HelpScreens.plot), (ScoreCommand.self, HelpScreens.score),
    (NeuronsCommand.self, HelpScreens.neurons), (CompareCommand.self, HelpScreens.compare),
    (NoveltyCommand.self, HelpScreens.novelty), (ServeCommand.self, HelpScreens.serve),
    (CompressCommand.self, HelpScreens.compress),
    (DecompressCommand.self, HelpScreens.decompress),
  ]

  @Test("the help screens are these", arguments: screens.indices)
  func screen(_ index: Int) {
    let (command, text) = HelpTests.screens[index]
    #expect(HelpScreen(of: command, columns: 80).whole == text)
  }

  @Test("the examples are commands", arguments: screens.indices)
  func examples(_ index: Int) throws {
    let lines = HelpTests.screens[index].text.split(separator: "\n")
    let examples = lines.filter { $0.hasPrefix("  charlm ") }
    try #require(!examples.isEmpty)
    for example in examples {
      // A shell makes several names of a pattern.
      let words = example.split(separator: " ").dropFirst().map(String.init)
      let arguments = words.flatMap { $0.contains("*") ? [$0, "other-" + $0] : [$0] }
      #expect(throws: Never.self, "\(example)") { try RootCommand.parseAsRoot(arguments) }
    }
  }

  @Test("help goes to standard output and is no failure")
  func ending() throws {
    let error = #expect(throws: (any Error).self) {
      var command = try RootCommand.parseAsRoot(["train", "--help"])
      try command.run()
    }
    let ending = Ending(try #require(error))
    #expect(ending.exitCode == 0)
    #expect(ending.output.hasPrefix("OVERVIEW: Train a model"))
    #expect(ending.message.isEmpty)
  }

  @Test("short help fits a screen, and says how to see all", arguments: screens.indices)
  func short(_ index: Int) {
    let (command, text) = HelpTests.screens[index]
    let short = HelpScreen(of: command, columns: 80).short
    let lineCount = short.split(separator: "\n", omittingEmptySubsequences: false).count
    #expect(lineCount <= 31 || command == RootCommand.self, "\(lineCount) lines")
    if short != text {
      #expect(short.contains("'charlm \(command.configuration.commandName ?? "") --help-all' shows all "))
    }
  }

  @Test("the short help of train and sample is this")
  func shortScreens() {
    #expect(HelpScreen(of: TrainCommand.self, columns: 80).short == HelpScreens.shortTrain)
    #expect(HelpScreen(of: SampleCommand.self, columns: 80).short == HelpScreens.shortSample)
  }

  @Test(
    "help in every way of asking",
    arguments: [
      ("train --help", "all 67 options"), ("train -h", "all 67 options"), ("help train", "all 67 options"),
      ("train --help-all", "--bptt-jitter"), ("help train --help-all", "--bptt-jitter"),
      ("train a.txt --lr 1 --help", "all 67 options"), ("--help", "ENVIRONMENT:"), ("help", "ENVIRONMENT:"),
    ])
  func asking(_ arguments: String, _ part: String) throws {
    let error = #expect(throws: HelpRequest.self) {
      try RootCommand.parsed(arguments.split(separator: " ").map(String.init))
    }
    #expect(try #require(error).text.contains(part))
    #expect(Ending(try #require(error)).exitCode == 0)
  }

  @Test("values and defaults stand in one order")
  func order() {
    #expect(
      HelpScreen.ordered("A cell (default: lstm). (values: lstm, gru)") == "A cell. (values: lstm, gru; default: lstm)")
    #expect(HelpScreen.ordered("Threads (default: one per core).") == "Threads. (default: one per core)")
    #expect(HelpScreen.ordered("Samples. (default: 1)") == "Samples. (default: 1)")
  }
}
