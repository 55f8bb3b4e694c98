import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText

/// `charlm novelty`.
struct NoveltyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "novelty",
    abstract: "Show how much of a sample is copied from a corpus.",
    discussion: """
      Finds every passage of the sample that occurs verbatim in the text that a model was trained on, and says how \
      much of the sample lies in passages of 10, 20, … characters or more. Texts of one language always have phrases in \
      common. So the same is measured of the part of the corpus that was held out from training: what the sample has \
      beyond that, the model has memorized.

      The corpus is cut as 'charlm train' cuts it: the last tenth is held out, unless --validation or --held-out says \
      otherwise. It is read piece by piece, whatever its size.

      Example:
        charlm novelty sample.txt --corpus corpora/english.txt
        charlm novelty corpora/german.txt --corpus corpora/english.txt --json
      """)

  @Argument(help: ArgumentHelp("The text that a model has written; - for standard input.", valueName: "sample"))
  var sample: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The text that the model was trained on: files, folders or patterns.", valueName: "file"))
  var corpus: [String]

  @Option(
    help: ArgumentHelp("The part at the end of the corpus that was held out (default: 0.1).", valueName: "fraction"))
  var validation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A text to compare with, instead of the end of the corpus.", valueName: "file"))
  var heldOut: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many of the longest passages to list.", valueName: "number"))
  var top = 5

  @OptionGroup
  var decoding: DecodingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try Limit.from(0, to: 10_000).check(top, of: "--top")
    if let validation { try Limit.range(SettingRanges.validation).check(validation, of: "--validation") }
    try Limits.exclude([("--validation", validation != nil), ("--held-out", heldOut != nil)])
    if corpus.isEmpty { throw ValidationError("--corpus is empty; name the text that the model was trained on") }
    try Limits.checkReadOnce([sample] + corpus + [heldOut].compactMap(\.self))
  }

  /// The longest text that is searched for.
  static let largestSample = 8 << 20
  /// The part of the held-out text that is searched for: as much as the sample, within these bounds.
  static let heldOutSizes = 100_000...1_000_000

  func run() throws {
    let console = output.console
    let reading = CorpusDisplay(console)
    defer { reading.finish() }
    let sampleText = try text(sample, upTo: NoveltyCommand.largestSample + 1, reading)
    if sampleText.count > NoveltyCommand.largestSample {
      throw CommandFailure(
        "\(sample): more than \(Quantity.bytes(NoveltyCommand.largestSample)), which takes too much memory",
        next: "give a part of it")
    }
    let fraction = heldOut == nil ? validation ?? 0.1 : 0
    let corpusText = try CorpusText(
      paths: corpus, encoding: decoding.usualEncoding, invalid: decoding.invalid ?? .error, heldOutFraction: fraction,
      observe: reading.show)
    let size = min(
      max(sampleText.count, NoveltyCommand.heldOutSizes.lowerBound), NoveltyCommand.heldOutSizes.upperBound)
    let held = try heldOut.map { try text($0, upTo: size, reading) } ?? corpusText.heldOutBeginning(upTo: size)
    reading.finish()
    for note in reading.notes { console.say(note.text) }
    console.say(
      "looking for \(Quantity.bytes(sampleText.count)) of text in \(corpusText.names.joined(separator: ", "))")
    var search = NoveltySearch([sampleText, held])
    var count = 0
    let total = max(corpusText.trainScalarCount, 1)
    var progress = ShareLine("searching", console)
    try corpusText.forEachPiece { piece in
      if !piece.isHeldOut { search.read(piece.utf8, source: piece.source) }
      count += piece.utf8.count
      progress.show(min(count, total), of: total)
    }
    progress.finish()
    let found = search.finish()
    let report = NoveltyReport(
      sample, corpusText, sampleText, found[0], heldOut: held.isEmpty ? nil : found[1], top: top)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
  }

  /// The beginning of a text, whole scalars.
  private func text(_ path: String, upTo size: Int, _ reading: CorpusDisplay) throws -> [UInt8] {
    let whole = try CorpusText(
      paths: [path], encoding: decoding.usualEncoding, invalid: decoding.invalid ?? .error, heldOutFraction: 1,
      observe: reading.show)
    return try whole.heldOutBeginning(upTo: size)
  }
}
