import ArgumentParser
import Testing

@testable import CharLMCommand

/// Help, whole screens; and that its examples are commands that can be parsed.
@Suite struct HelpTests {
  static let screens: [(command: any ParsableCommand.Type, text: String)] = [
    (RootCommand.self, HelpScreens.charlm), (TrainCommand.self, HelpScreens.train),
    (SampleCommand.self, HelpScreens.sample), (EvalCommand.self, HelpScreens.eval),
    (TransduceCommand.self, HelpScreens.transduce), (InfoCommand.self, HelpScreens.info),
    (VocabCommand.self, HelpScreens.vocab), (BenchCommand.self, HelpScreens.bench),
    (ConvertCommand.self, HelpScreens.convert), (AverageCommand.self, HelpScreens.average),
    (PlotCommand.self, HelpScreens.plot),
  ]

  @Test("the help screens are these", arguments: screens.indices)
  func screen(_ index: Int) {
    let (command, text) = HelpTests.screens[index]
    #expect(trimmed(RootCommand.helpMessage(for: command, columns: 80)) == text)
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

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.last == "\n" { text.removeLast() }
    return text
  }
}
