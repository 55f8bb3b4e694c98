import ArgumentParser
import CharLM

/// `charlm info`.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the contents of a model file.",
    discussion: """
      Example:
        charlm info
      """)

  @Argument(help: ArgumentHelp("The model (default: the newest in models/).", valueName: "model"))
  var model: String?

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let found = try ModelLookup.read(model, kind: nil)
    found.announce(output.console)
    let report = ModelReport(found)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
  }
}
