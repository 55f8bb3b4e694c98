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
      Without a text, transforms each line of standard input as it comes.

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

  /// Texts that are run together at most.
  private static let groupSize = 256
  /// The bytes of a line, and of lines that are run together, at most: a network's states for each of their tokens are in
  /// memory at once.
  private static let groupLimit = 1 << 20

  func run() throws {
    let (found, model) = try ModelLookup.transducer(self.model.model)
    if texts.isEmpty {
      found.announce(quiet.console)
      try answerInput(model)
    } else {
      let results = try answers(to: texts, model)
      found.announce(quiet.console)
      try StandardOutput.print(made: results)
    }
  }

  /// Answers the lines of standard input as they come.
  private func answerInput(_ model: Transducer) throws {
    let ofByte = model.memoryByteCount(tokenCount: 1)
    let groupLimit = min(TransduceCommand.groupLimit, Int(Double(MachineMemory.byteCount) / 4 / ofByte))
    var lines = StandardInputLines(byteLimit: TransduceCommand.groupLimit)
    var count = 0
    while let next = try lines.next() {
      var rest = next[...]
      while !rest.isEmpty {
        let group = rest.prefix(TransduceCommand.groupLength(rest, groupLimit))
        try answer(Array(group), firstNumber: count + 1, model)
        count += group.count
        rest = rest.dropFirst(group.count)
      }
    }
  }

  /// How many lines are run together, of so many bytes at most.
  private static func groupLength(_ lines: ArraySlice<[UInt8]>, _ groupLimit: Int) -> Int {
    var (byteCount, length) = (0, 0)
    for line in lines.prefix(groupSize) {
      byteCount += line.count
      if byteCount > groupLimit { break }
      length += 1
    }
    return max(length, 1)
  }

  /// Answers lines together; where one of them cannot be answered, those before it, and then throws.
  private func answer(_ lines: [[UInt8]], firstNumber: Int, _ model: Transducer) throws {
    if lines.count == 1, lines[0].count > TransduceCommand.groupLimit {
      throw CommandFailure(
        "standard input, line \(firstNumber): more than \(Quantity.bytes(TransduceCommand.groupLimit)) in one line",
        next: "break it into several")
    }
    let needed = model.memoryByteCount(tokenCount: lines.reduce(0) { $0 + $1.count })
    guard needed <= Double(MachineMemory.byteCount) || lines.count > 1 else {
      throw CommandFailure(
        "standard input, line \(firstNumber): needs up to \(Quantity.bytes(Int(needed))) of memory with this model, and there "
          + "are \(Quantity.bytes(MachineMemory.byteCount))", next: "break it into several")
    }
    if let results = try? model.transduce(lines.map { try text($0) }, onUnknown: onUnknown) {
      return try StandardOutput.print(made: TransduceCommand.joined(results))
    }
    for (offset, line) in lines.enumerated() {
      let result: String
      do throws(TextError) {
        result = try model.transduce(text(line), onUnknown: onUnknown)
      } catch {
        throw failure(error, place: "standard input, line \(firstNumber + offset)")
      }
      try StandardOutput.print(made: result + "\n")
    }
  }

  private func text(_ line: [UInt8]) throws(TextError) -> String {
    String(decoding: try DecodedText(decoding: line, source: "the line").utf8, as: UTF8.self)
  }

  private func answers(to texts: [String], _ model: Transducer) throws -> String {
    do throws(TextError) {
      return TransduceCommand.joined(try model.transduce(texts, onUnknown: onUnknown))
    } catch {
      throw failure(error, place: nil)
    }
  }

  private static func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  /// - Parameter place: where the text stands; nil for one of the command line.
  private func failure(_ error: TextError, place: String?) -> CommandFailure {
    let place = place.map { $0 + ": " } ?? ""
    return switch error {
    case .invalidBytes(_, _, _, _, let column, let bytes):
      CommandFailure(
        place + "not UTF-8 at column \(column): " + bytes.map { "0x" + String($0, radix: 16) }.joined(separator: " "),
        next: "convert the text to UTF-8")
    case .unknownToken:
      CommandFailure(
        place + error.description,
        next: "give --on-unknown nearest to take similar characters, or --on-unknown skip to leave them out")
    default: CommandFailure(place + error.description)
    }
  }
}
