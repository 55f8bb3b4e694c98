import ArgumentParser
import CharLM
import CharLMFiles
import CharLMText

/// `charlm transduce`.
struct TransduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transduce",
    abstract: "Transform texts token by token, with a model trained on pairs.",
    discussion: """
      Without a text, transforms each line of standard input.

      Example:
        charlm train corpora/hello-ohlol.tsv --pairs
        charlm transduce hello
      """)

  @Argument(help: ArgumentHelp("Texts to transform, each on its own.", valueName: "text"))
  var texts: [String] = []

  @OptionGroup
  var model: ModelOption

  @Option(help: ArgumentHelp("What to do with characters that the model does not know.", valueName: "policy"))
  var onUnknown: Tokenizer.UnknownPolicy = .error

  @OptionGroup
  var quiet: QuietOption

  /// Lines that are run together.
  private static let groupSize = 256

  func run() throws {
    let (found, model) = try ModelLookup.transducer(self.model.model)
    if texts.isEmpty, Terminal.sendsInput {
      found.announce(quiet.console)
      while let line = readLine() { try StandardOutput.print(transduced([line], model)) }
      return
    }
    let lines = try texts.isEmpty ? readLines() : texts
    var groups: [String] = []
    for start in stride(from: 0, to: lines.count, by: TransduceCommand.groupSize) {
      groups.append(
        try transduced(Array(lines[start..<min(start + TransduceCommand.groupSize, lines.count)]), model))
    }
    found.announce(quiet.console)
    try StandardOutput.print(groups.joined())
  }

  private func readLines() throws -> [String] {
    let text = try UTF8Input.text(Files.readStandardInput(), path: "-")
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
  }

  private func transduced(_ texts: [String], _ model: Transducer) throws -> String {
    let results: [String]
    do throws(TextError) {
      results = try model.transduce(texts, onUnknown: onUnknown)
    } catch {
      throw CommandFailure(unknownIn: error)
    }
    return results.map { $0 + "\n" }.joined()
  }
}
