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
        charlm info models/book.safetensors --config
      """)

  @Argument(help: ArgumentHelp("The model (default: the newest in models/).", valueName: "model"))
  var model: String?

  @Flag(help: "Print the options that repeat the model's run, as a file for 'charlm train --config'.")
  var config = false

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try Limits.exclude([("--config", config), ("--json", output.json)])
  }

  func run() throws {
    let found = try ModelLookup.read(model, kind: nil)
    found.announce(output.console)
    if config {
      return try StandardOutput.print(result: RunConfiguration(found.model, path: found.path).text(path: found.path))
    }
    let report = ModelReport(found)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
  }
}
