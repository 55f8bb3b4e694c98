import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN
import TrainingWatch

/// `charlm score`.
struct ScoreCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Show how surprising a text is to a model, character by character.",
    discussion: """
      Surprisal is counted in bits: 1 where a character had one chance in two, 10 where it had one in a thousand. On a \
      terminal the text is shown in colors. Then the words and lines follow that are most surprising, which is where \
      typing errors and other oddities are, and what the model expected instead. With --model repeated, the average of \
      the models' probabilities counts.

      --html writes a page with the colored text, --jsonl an object for each token: its text, place and surprisal, and \
      the likeliest tokens.

      Example:
        charlm score corpora/english.txt --html english.html
        charlm score corpora/english.txt --top 3 --jsonl english.jsonl
      """)

  @Argument(help: ArgumentHelp("The text; - for standard input.", valueName: "file"))
  var file: String

  @OptionGroup
  var model: ModelsOption

  @Option(parsing: .unconditional, help: ArgumentHelp("Write the text in colors as an HTML page.", valueName: "file"))
  var html: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write the score of each token as JSON Lines; - for standard output.", valueName: "file"))
  var jsonl: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many of the most surprising words and lines to list.", valueName: "number"))
  var top = 10

  @Option(
    help: ArgumentHelp(
      "What to do with characters that the model does not know; skip leaves them out.", valueName: "policy"))
  var onUnknown: UnknownText = .error

  @Flag(
    help: """
      Mix the model's probabilities with those of counts, which know the training text, if it is there, and learn from \
      each token after it was scored.
      """)
  var mix = false

  @OptionGroup
  var decoding: DecodingOptions

  @OptionGroup
  var cache: CacheOption

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try Limit.from(0, to: 10_000).check(top, of: "--top")
    if jsonl == "-", output.json {
      throw ValidationError("--jsonl - and --json both print to standard output; give one of them, or name a file")
    }
  }

  var fileUses: FileUses {
    var uses = FileUses()
    uses.reads(file, as: "the text")
    for path in model.models { uses.reads(path, as: "the model") }
    uses.writes(html, by: "--html")
    uses.writes(jsonl, by: "--jsonl", orStream: true)
    return uses
  }

  func run() throws { try Ranks.run { communicator in try atRank(communicator).perform(communicator) } }

  /// The command as a rank carries it out: the first one prints and writes.
  private func atRank(_ communicator: Communicator) throws -> ScoreCommand {
    try communicator.refuseStandardInput([file])
    guard !communicator.isFirst else { return self }
    var command = self
    command.output.quiet.isQuiet = true
    (command.html, command.jsonl) = (nil, nil)
    return command
  }

  private func perform(_ communicator: Communicator) throws {
    let (found, model, text) = try communicator.agreed {
      for path in [html, jsonl].compactMap(\.self) where path != "-" { try FileUses.checkWritable(path) }
      let (found, model) = try ModelLookup.ensemble(self.model.models)
      return (found, model, try PlacedInput(file, decoding, onUnknown, output.console).text(for: model, found))
    }
    try communicator.checkSame(found, tokenCount: text.evaluation.tokens.count)
    let run = ScoreRun(self, model, text, counts: try counts(model, found, text), communicator)
    guard communicator.isFirst else { return try run.assist() }
    let result = try run.result()
    guard result.sums.bits.isFinite else {
      throw CommandFailure(
        "\(found[0].path): computes a loss that is not finite: its weights are damaged, or its training diverged",
        next: "use an earlier model, or train again")
    }
    let report = try ScoreReport(found.map(\.path), file, model, text, result)
    if let html { try PageFile.write(report.page(result.page).html, to: html) }
    if output.json {
      try StandardOutput.print(json: report)
    } else if jsonl != "-" {
      try StandardOutput.print(report.text)
    }
    if let html { output.console.say("page: \(html)") }
    if let jsonl, jsonl != "-" { output.console.say("scores: \(jsonl)") }
  }

  private func counts(_ model: Ensemble, _ found: [ModelLookup.Found], _ text: PlacedText) throws -> AdaptiveCounts? {
    guard mix else { return nil }
    let isTraining = found[0].model.training.corpus.includes([file])
    let training = isTraining ? nil : ValidationPlaces.trainingText(of: found[0], storage: cache.storage)
    return try PrimedCounts(
      model.tokenizer, training, expectedCount: text.evaluation.tokens.count, output.console
    ).counts
  }
}
