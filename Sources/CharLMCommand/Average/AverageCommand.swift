import ArgumentParser
import CharLM
import CharLMFiles
import CharLMTraining

/// `charlm average`.
struct AverageCommand: ParsableCommand, FileWriting {
  static let configuration = CommandConfiguration(
    commandName: "average",
    abstract: "Average the weights of models of one run.",
    discussion: """
      While the learning rate is high, the models of a run scatter around a better one, which is close to their \
      average. 'charlm train --keep 5' keeps the last ones. The average is one model, as small and as fast as each of \
      them; it is evaluated on the validation part of the corpus where that is found. (To average the probabilities of \
      models of different runs, repeat --model with 'charlm sample' or 'charlm eval'.)

      Example:
        charlm train corpora/english.txt --schedule constant --keep 5
        charlm average models/english.step-*.safetensors
      """)

  @Argument(help: ArgumentHelp("Models of one run.", valueName: "model"))
  var models: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where to write the average (default: NAME.average.safetensors beside them).", valueName: "file")
  )
  var output: String?

  @Flag(help: "Average models of different runs, too; only useful if they started from the same trained weights.")
  var force = false

  @OptionGroup
  var cache: CacheOption

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var printing: OutputOptions

  func validate() throws {
    guard models.count > 1 else { throw ValidationError("an average takes at least two models; name more") }
    var names: [FilePlace: String] = [:]
    for path in models {
      guard let first = names.updateValue(path, forKey: FilePlace(path)) else { continue }
      let what = first == path ? "\(path) is named twice" : "\(first) and \(path) are one file"
      throw ValidationError("\(what); name each model once")
    }
  }

  var fileUses: FileUses {
    var uses = FileUses()
    for model in models { uses.reads(model, as: "one of the models") }
    uses.writes(path, by: output == nil ? "the average" : "--output")
    return uses
  }

  /// Where the average is written.
  private var path: String { output ?? AverageCommand.path(beside: models[0]) }

  func run() throws {
    let path = path
    try Files.ensureWritableFolder(Files.folder(of: path))
    try FileUses.checkWritable(path)
    let lock = try ModelLock(modelPath: path)
    defer { withExtendedLifetime(lock) {} }
    let found = try models.map { try ModelLookup.read($0, kind: nil) }
    try refuseCopies(found)
    let mean = try ModelSnapshot.average(found.map { ($0.path, $0.model) }, acrossRuns: force)
    for found in found { found.announce(printing.console) }
    let validation = validated(mean)
    var record = mean.training
    record.bestValidNats = validation.map(\.natsPerToken).flatMap { $0.isFinite ? $0 : nil }
    let kept = FileUses.kept(path)
    try Checkpoint.write(mean.recording(record), to: path, keepingPreviousAs: kept)
    let report = AverageReport(path, found, mean, validNats: validation?.natsPerToken)
    for line in report.lines { printing.console.say(line) }
    if let kept { printing.console.say("the existing file is kept as \(kept)") }
    if printing.json { try StandardOutput.print(json: report) }
  }

  /// One model under two names, such as a run's best and the one kept at that step, would count twice.
  private func refuseCopies(_ found: [ModelLookup.Found]) throws {
    for (number, other) in found.enumerated() {
      if let first = found[..<number].first(where: { $0.model.hasParameters(of: other.model) }) {
        throw CommandFailure("\(first.path) and \(other.path) hold the same model", next: "name it once")
      }
    }
  }

  /// NAME.average.safetensors beside NAME.step-000120.safetensors or NAME.safetensors.
  static func path(beside model: String) -> String {
    let origin = KeptModels.origin(of: model)?.modelPath ?? model
    return ModelPath.stem(of: origin) + ".average.safetensors"
  }

  /// The loss on the validation part of the corpus; nil, with a message, where there is none.
  private func validated(_ mean: ModelSnapshot) -> Evaluation? {
    let reading = CorpusDisplay(printing.console)
    defer { reading.finish() }
    do {
      if let model = LanguageModel(mean) {
        let corpus = try ValidationPlaces.corpus(
          of: model, path: models[0], storage: cache.storage, observe: reading.show)
        let text = try ValidationPlaces.text(of: corpus, model, path: models[0])
        return try model.evaluate(text, threadCount: threads.count).sums
      }
      guard let model = Transducer(mean) else { return nil }
      return model.evaluate(try ValidationPlaces.pairs(of: model, path: models[0])).sums
    } catch {
      // The average is worth having without its loss, whatever happened to the corpus.
      reading.finish()
      printing.console.say("not validated: \(CommandFailure(anyError: error)?.what ?? "\(error)")")
      return nil
    }
  }
}
