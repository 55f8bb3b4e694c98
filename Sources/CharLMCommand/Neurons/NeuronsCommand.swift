import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import TrainingWatch

/// `charlm neurons`.
struct NeuronsCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "neurons",
    abstract: "Show what the units of a network keep track of in a text.",
    discussion: """
      Lists, for quantities such as quotation marks, brackets, the position in the line and indentation, the units whose \
      activation goes with them best, by their correlation; and how often gates are shut (below 0.1) or open (above 0.9). \
      The activation is the cell state c of an LSTM, and h of a GRU or RNN.

      --html writes a page where you choose a unit, see the text colored by its activation, and find units by an \
      example. It shows the --units best units and as much of the text as gives 1,000,000 activations, at most \
      100,000 bytes; correlations are those of the whole text.

      Example:
        charlm neurons corpora/english.txt --html neurons.html
      """)

  @Argument(help: ArgumentHelp("The text; - for standard input.", valueName: "file"))
  var file: String

  @OptionGroup
  var model: ModelOption

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Write a page with the text and its units.", valueName: "file"))
  var html: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many units the page has: the best of each quantity in turn (default: 32).", valueName: "number"))
  var units: Int?

  @Option(
    help: ArgumentHelp(
      "What to do with characters that the model does not know; skip leaves them out.", valueName: "policy"))
  var onUnknown: UnknownText = .error

  @OptionGroup
  var decoding: DecodingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    if let units { try Limit.from(1, to: 10_000).check(units, of: "--units") }
    if units != nil, html == nil { throw ValidationError("--units is for a page; give --html, too, or leave it out") }
  }

  var fileUses: FileUses {
    var uses = FileUses()
    uses.reads(file, as: "the text")
    uses.reads(model.model, as: "the model")
    uses.writes(html, by: "--html")
    return uses
  }

  func run() throws {
    if let html { try FileUses.checkWritable(html) }
    let (found, model) = try ModelLookup.language(self.model.model)
    let text = try PlacedInput(file, decoding, onUnknown, output.console).text(for: model, [found])
    var progress = ShareLine("reading", output.console)
    let neurons = try Neurons(model, text) { progress.show($0, of: text.evaluation.tokens.count) }
    progress.finish()
    let report = NeuronReport(found.path, file, neurons)
    if let html {
      var page = UnitText(text, neurons, units: neurons.best(units ?? 32))
      try page.read(model)
      try PageFile.write(self.page(page, neurons, found).html, to: html)
    }
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
    if let html { output.console.say("page: \(html)") }
  }

  private func page(_ text: UnitText, _ neurons: Neurons, _ found: ModelLookup.Found) -> NeuronPage {
    var page = NeuronPage(text, neurons)
    page.title = file
    page.subtitle =
      "The units of \(found.path), \(found.model.settings.summary(parameterCount: found.model.parameterCount))"
    page.figures = [
      KeyFigure("layers", Quantity.count(neurons.layerCount)),
      KeyFigure("units a layer", Quantity.count(neurons.unitCount)),
      KeyFigure("units shown", Quantity.count(text.units.count)),
      KeyFigure("tokens", Quantity.count(neurons.tokenCount)),
    ]
    if text.isCut {
      page.remarks.append(
        "The page shows the first \(Quantity.count(text.shownByteCount)) bytes of the text; the correlations are those of "
          + "all of it. Fewer --units show more of the text.")
    }
    page.footer = "Made by charlm \(Version.number)."
    return page
  }
}
