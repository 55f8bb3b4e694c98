import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import TrainingWatch

/// `charlm compare`.
struct CompareCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models, or a model and a baseline, on one text.",
    discussion: """
      Says which predicts the text in fewer bits per byte, how large the difference is, with a 95% interval \
      (paired bootstrap over lines), and where each is better: by script, kind of character and place in the line. The \
      models may have different vocabularies; what one of them does not know is left out of both figures.

      In place of a model, 'ngram' is a 5-gram and 'unigram' letter frequencies, both counted on the text that the other \
      was trained on; '8-gram' is one of that order, up to 16.

      Example:
        charlm compare small large corpora/english.txt
        charlm compare english ngram corpora/english.txt --html compare.html
      """)

  @Argument(help: ArgumentHelp("A model, or ngram, unigram or 8-gram.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("The model or baseline to compare it with.", valueName: "b"))
  var second: String

  @Argument(help: ArgumentHelp("The text.", valueName: "file"))
  var file: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Write a page with the text and tables.", valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "What to do with characters that one of the models does not know; skip leaves them out.", valueName: "policy"))
  var onUnknown: UnknownText = .error

  @OptionGroup
  var decoding: DecodingOptions

  @OptionGroup
  var cache: CacheOption

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    if file == "-" { throw ValidationError("the text is read twice, which - (standard input) cannot be; name a file") }
  }

  var fileUses: FileUses {
    var uses = FileUses()
    uses.reads(file, as: "the text")
    for path in [first, second] { uses.reads(path, as: "a model") }
    uses.writes(html, by: "--html")
    return uses
  }

  func run() throws {
    if let html { try FileUses.checkWritable(html) }
    let sides = try ComparedSides(self)
    let scores = try sides.scores()
    guard let comparison = TextComparison(scores.first, scores.second) else {
      throw sides.failure
    }
    guard comparison.whole.firstBits.isFinite, comparison.whole.secondBits.isFinite else {
      throw CommandFailure(
        "\(comparison.whole.firstBits.isFinite ? second : first): computes a loss that is not finite: its weights are "
          + "damaged, or its training diverged", next: "use an earlier model, or train again")
    }
    let report = CompareReport(sides.names, file, comparison)
    if let html { try PageFile.write(report.page(comparison).html, to: html) }
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
    if let html { output.console.say("page: \(html)") }
  }
}
