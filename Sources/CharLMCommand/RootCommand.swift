import ArgumentParser
import CharLMText
import RecurrentNN

/// `charlm`.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charlm",
    abstract: "Trains models on text of any script, character by character, and writes like it.",
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

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try StandardOutput.print(Version.text)
  }
}

/// What this program is made of.
enum Version {
  /// The release.
  static let number = "0.1.0"

  /// For people: version, kernels, product library, Unicode.
  static var text: String {
    """
    charlm \(number)
    kernels: \(Kernels.active.name)
    matrix products: \(Kernels.productName)
    Unicode: \(UnicodeLibrary.unicodeVersion), by ICU \(UnicodeLibrary.icuVersion)

    """
  }
}
