import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN

/// `charlm eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how well a model predicts a text.",
    discussion: """
      Without a file, evaluates on the validation part of the corpus that the model was trained on. 'stateful' reads \
      the text once, in order; 'cold256' averages 200 random windows of 256 predictions, each from a zero state. A \
      transducer is evaluated on a file of pairs: how many tokens, words and pairs are correct. With --model repeated, \
      the average of the models' probabilities is evaluated.

      --dynamic and --mix report, besides the usual figure, the figure when the model keeps learning as it \
      reads, and when it is mixed with counts that do. Both read the text once, in order, and never learn from what is \
      still to be predicted. With both, the mixture with the model that learns is evaluated, too.

      --baselines adds compressors that are installed (bzip2, xz, zstd, PPMd by 7z): the extra bytes needed for the \
      training text followed by this text, over the training text alone. With several files, each gets a line. The \
      certainty of differences between predictors is estimated from the lines of the text (paired bootstrap).

      --documents adds figures for single documents, if the model was trained on documents: their spread, and those \
      that are hardest and easiest to predict; with --json all of them.

      Example:
        charlm eval
        charlm eval --dynamic --mix --baselines
        charlm eval corpora/english.txt --protocol cold256 --json
        charlm eval --model models/a.safetensors --model models/b.safetensors
      """)

  @Argument(help: ArgumentHelp("Texts, folders or patterns, read as one; - for standard input.", valueName: "file"))
  var files: [String] = []

  @OptionGroup
  var model: ModelsOption

  @Option(name: .customLong("protocol"), help: "How the text is read.")
  var evaluationProtocol: Evaluation.EvaluationProtocol = .stateful

  @Option(
    help: ArgumentHelp(
      "What to do with characters that the model does not know; skip leaves them out.", valueName: "policy"))
  var onUnknown: UnknownText = .error

  @Flag(
    help: "Let the model learn from every 32 tokens after they were predicted, at rates chosen on the training text.")
  var dynamic = false

  @Flag(
    help: """
      Mix the model's probabilities with those of counts, which know the training text, if it is there, and learn from \
      each token after it was predicted.
      """)
  var mix = false

  @Flag(help: "Also compare with compressors, in a table, and say how certain the differences are.")
  var baselines = false

  @Flag(help: "Report how well the model predicts each document of the text.")
  var documents = false

  @Option(
    help: ArgumentHelp(
      "The weights' number format, to measure its cost in quality (default: as in training).",
      valueName: "precision"))
  var precision: StreamPrecision?

  @OptionGroup
  var decoding: DecodingOptions

  @OptionGroup
  var cache: CacheOption

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    if let first = decoding.given.first, files.isEmpty {
      throw ValidationError(
        "\(first) needs a file, because the model's own corpus is read as it was in training; leave it out")
    }
    try Limits.checkReadOnce(files)
    if evaluationProtocol == .cold256, let option = dynamic ? "--dynamic" : mix ? "--mix" : nil {
      throw ValidationError("\(option) reads the text in order, not in windows; leave out --protocol cold256")
    }
    if documents, evaluationProtocol == .cold256 {
      throw ValidationError(
        "--documents reads the text in order, not in windows; leave out --protocol cold256")
    }
    if precision != nil, let option = dynamic ? "--dynamic" : mix ? "--mix" : nil {
      throw ValidationError("\(option) computes in float32; leave out --precision")
    }
    if dynamic, model.models.count > 1 {
      throw ValidationError("--dynamic is for one model, not an average of several; give --model once")
    }
  }

  func run() throws { try Ranks.run { communicator in try atRank(communicator).perform(communicator) } }

  /// The command as a rank carries it out: the first one prints.
  private func atRank(_ communicator: Communicator) throws -> EvalCommand {
    try communicator.refuseStandardInput(files)
    guard !communicator.isFirst else { return self }
    var command = self
    command.output.quiet.isQuiet = true
    return command
  }

  private func perform(_ communicator: Communicator) throws {
    let found = try communicator.agreed { try findModels() }
    let report: EvaluationReport
    if let model = Transducer(found[0].model), found.count == 1 {
      // Pairs are read in a moment.
      guard communicator.isFirst else { return }
      report = try evaluate(model, found[0])
    } else {
      guard let own = try evaluate(ensemble(found), found, communicator) else { return }
      report = own
    }
    guard report.natsPerToken.value != nil else {
      throw CommandFailure(
        "\(report.model): computes a loss that is not finite: its weights are damaged, or its training diverged",
        next: "use an earlier model, or train again")
    }
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
  }

  /// The models that were named; else the newest transducer for a file of pairs, and the newest language model otherwise,
  /// where there is one.
  private func findModels() throws -> [ModelLookup.Found] {
    if !model.models.isEmpty { return try model.models.map { try ModelLookup.read($0, kind: nil) } }
    let kind: ModelKind = files.count == 1 && files[0].hasSuffix(".tsv") ? .transducer : .language
    let other: ModelKind = kind == .language ? .transducer : .language
    let path = (try? ModelLookup.newest(kind: kind)) ?? (try? ModelLookup.newest(kind: other))
    return [try ModelLookup.read(path, kind: path == nil ? kind : nil, isChosen: true)]
  }

  /// Models that predict a text together, or one alone.
  private func ensemble(_ found: [ModelLookup.Found]) throws -> Ensemble {
    try Ensemble(
      found.map { found in
        guard let model = LanguageModel(found.model) else {
          throw CommandFailure(
            "\(found.path): is a transducer, but only language models can be averaged", next: "evaluate it alone")
        }
        return (found.path, model)
      })
  }

  /// - Returns: nil at a rank that has only helped.
  private func evaluate(
    _ model: Ensemble, _ found: [ModelLookup.Found], _ communicator: Communicator
  ) throws -> EvaluationReport? {
    let reading = CorpusDisplay(output.console)
    defer { reading.finish() }
    if documents, !model.knowsDocuments {
      throw CommandFailure(
        "\(found[0].path): was not trained on separate documents, so it cannot tell where one ends",
        next: "leave out --documents; with --baselines, each of several files gets a line")
    }
    let (text, corpus) = try communicator.agreed {
      try files.isEmpty ? validationText(model, found, reading) : (readFiles(files, model, reading), nil)
    }
    reading.finish()
    try communicator.checkSame(found, tokenCount: text.tokens.count)
    for found in found { found.announce(output.console) }
    for note in reading.notes { output.console.say(note.text) }
    let name = (files.isEmpty ? found[0].model.training.corpus.validationName : files).joined(separator: ", ")
    output.console.say("reading \(Quantity.count(text.tokens.count, "token")) of \(name)")
    let start = Clock.seconds
    let evaluation = try model.evaluate(
      text, by: evaluationProtocol, threadCount: threads.count(communicator),
      keepsTokenNats: documents || comparesLines, precision: precision, communicator: communicator)
    // What counts make of the text, and what is compared, takes one process.
    guard communicator.isFirst else { return nil }
    var report = EvaluationReport(
      models: found.map(\.path), file: name, evaluation, evaluationProtocol, seconds: Clock.seconds - start)
    let record = found[0].model.training.corpus
    let isTraining = record.includes(files)
    if isTraining { report.part = "most of it is the text that the model was trained on" }
    if let corpus {
      // Of a model that was converted, only what its corpus is was told.
      let isTrainedHere = found.allSatisfy { $0.model.training.steps > 0 }
      report.part =
        ValidationPart(corpus, text).text
        + (isTrainedHere ? ", which the model was not trained on" : ", on which the model may have been trained")
    }
    // Counts of the text itself would predict it too well to compare with.
    let training =
      isTraining ? nil : corpus?.train ?? ValidationPlaces.trainingText(of: found[0], storage: cache.storage)
    report.adaptive = try AdaptiveReading(self, found, text).figures(model, corpus: corpus, training: training)
    let yardstick = try Yardstick(
      of: text, training: training, tokenizer: model.tokenizer, keepsTokenNats: comparesLines)
    report.compare(with: yardstick, model.tokenizer)
    if let nats = evaluation.tokenNats {
      if comparesLines {
        report.differences = try differences(text, nats, report.adaptive, yardstick, model)
      }
      if documents, let division = try TextDivision.documents(of: text, model.tokenizer.vocabulary) {
        report.documentFigures = try DocumentFigures(division, tokenNats: nats)
      }
    }
    if baselines {
      report.add(
        compressors: try CompressorBaseline.bitsPerByte(
          of: text.tokens, after: training, model.tokenizer, separator: model.documentSeparator, output.console))
      if files.count > 1 { report.parts = try evaluateParts(model) }
    }
    return report
  }

  /// Whether predictors are compared line by line.
  private var comparesLines: Bool { baselines && evaluationProtocol == .stateful }

  /// The differences of the model to the n-grams, and of what goes on learning to the model.
  private func differences(
    _ text: EvaluationText, _ nats: [Float], _ adaptive: AdaptiveFigures?, _ yardstick: Yardstick,
    _ model: Ensemble
  ) throws -> [PairedDifferences.Difference] {
    let lines = PairedDifferences(try TextDivision.lines(of: text, model.tokenizer.vocabulary))
    let alone = (name: "this model", nats: nats)
    let ngram = (name: Yardstick.Baseline.ngram.rawValue, nats: yardstick.ngramTokenNats)
    return [lines.difference(alone, ngram)].compactMap(\.self)
      + (adaptive?.tokenNats ?? []).compactMap { lines.difference($0, alone) }
  }

  /// The figures of each file alone.
  private func evaluateParts(_ model: Ensemble) throws -> [EvaluationReport.Part] {
    try files.filter { $0 != "-" }.map { file in
      let reading = CorpusDisplay(output.console)
      defer { reading.finish() }
      let evaluation = try model.evaluate(
        try readFiles([file], model, reading), by: evaluationProtocol, threadCount: threads.count,
        precision: precision)
      return EvaluationReport.Part(
        file: file, bytes: evaluation.predicted.byteCount, bitsPerByte: OrNull(finite: evaluation.bitsPerByte))
    }
  }

  private func readFiles(_ files: [String], _ model: Ensemble, _ reading: CorpusDisplay) throws -> EvaluationText {
    do throws(CorpusError) {
      return try EvaluationText(
        paths: files, tokenizer: model.tokenizer, encoding: decoding.usualEncoding, invalid: decoding.invalid,
        documentSeparator: model.models[0].snapshot.training.corpus.documentSeparator,
        onUnknown: onUnknown == .skip ? .skip : .error, storage: cache.storage, observe: reading.show)
    } catch {
      guard case .text(.unknownToken) = error else { throw error }
      throw CommandFailure(error.description, next: "give --on-unknown skip to leave them out and count them")
    }
  }

  /// The validation part of the text that all models were trained on: that of another text may be part of what they
  /// learned.
  private func validationText(
    _ model: Ensemble, _ found: [ModelLookup.Found], _ reading: CorpusDisplay
  ) throws -> (EvaluationText, Corpus?) {
    let record = found[0].model.training.corpus
    if let other = found.first(where: { !$0.model.training.corpus.isSameText(as: record) }) {
      throw CommandFailure(
        "\(found[0].path) and \(other.path) were not trained on the same text with the same split",
        next: "name a file: charlm eval FILE")
    }
    let corpus = try ValidationPlaces.corpus(
      of: model.models[0], path: found[0].path, storage: cache.storage, observe: reading.show)
    return (try ValidationPlaces.text(of: corpus, model.models[0], path: found[0].path), corpus)
  }

  private func evaluate(_ model: Transducer, _ found: ModelLookup.Found) throws -> EvaluationReport {
    let option =
      [
        ("--dynamic", dynamic), ("--mix", mix), ("--baselines", baselines),
        ("--documents", documents), ("--precision", precision != nil),
        ("--protocol", evaluationProtocol == .cold256), ("--cache", cache.cache != nil),
      ].first { $0.1 }?.0
    if let option {
      throw CommandFailure("\(found.path): is a transducer, but \(option) is for language models", next: "leave it out")
    }
    guard files.count <= 1 else {
      throw CommandFailure("a transducer is evaluated on one file of pairs, not \(files.count)", next: "name one")
    }
    let record = model.snapshot.training.corpus
    let pairs =
      if let file = files.first {
        try PairCorpus.pairs(
          path: file, input: model.snapshot.tokenizer, output: model.snapshot.outputTokenizer)
      } else {
        try ValidationPlaces.pairs(of: model, path: found.path)
      }
    found.announce(output.console)
    let start = Clock.seconds
    let evaluation = model.evaluate(pairs)
    return EvaluationReport(
      models: [found.path], file: files.first ?? record.name, evaluation, seconds: Clock.seconds - start)
  }
}
