import ArgumentParser
import CharLM
import CharLMText

/// `charlm eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how well a model predicts a text.",
    discussion: """
      Without a file: the validation part of the corpus that the model was trained on. 'stateful' reads the text once, \
      in order; 'cold256' is the mean over 200 random windows of 256 predictions, each from a zero state. For a \
      transducer a file of pairs: how many tokens, words and pairs come out right.

      Example:
        charlm eval
        charlm eval corpora/english.txt --protocol cold256 --json
      """)

  @Argument(help: ArgumentHelp("Texts, folders or patterns, read as one; - for standard input.", valueName: "file"))
  var files: [String] = []

  @OptionGroup
  var model: ModelOption

  @Option(name: .customLong("protocol"), help: "How the text is read.")
  var evaluationProtocol: Evaluation.EvaluationProtocol = .stateful

  @Option(
    help: ArgumentHelp(
      "What to do with characters that the model does not know; skip leaves them out.", valueName: "policy"))
  var onUnknown: UnknownText = .error

  /// What to do with characters that the model does not know. (The nearest would be another text.)
  enum UnknownText: String, CaseIterable, ExpressibleByArgument {
    case error, skip
  }

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
      throw ValidationError("\(first) needs a file, for the model's own corpus is read as it was; leave it out")
    }
    try Limits.checkReadOnce(files)
  }

  func run() throws {
    let found = try findModel()
    let report =
      if let model = LanguageModel(found.model) {
        try evaluate(model, found)
      } else if let model = Transducer(found.model) {
        try evaluate(model, found)
      } else {
        throw CommandFailure("\(found.path): is of no kind that can be evaluated")
      }
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.text)
    }
  }

  /// The model that was named; else the newest transducer for a file of pairs, and the newest language model otherwise,
  /// where there is one.
  private func findModel() throws -> ModelLookup.Found {
    if let path = model.model { return try ModelLookup.read(path, kind: nil) }
    let kind: ModelKind = files.count == 1 && files[0].hasSuffix(".tsv") ? .transducer : .language
    let other: ModelKind = kind == .language ? .transducer : .language
    let path = (try? ModelLookup.newest(kind: kind)) ?? (try? ModelLookup.newest(kind: other))
    return try ModelLookup.read(path, kind: path == nil ? kind : nil, isChosen: true)
  }

  private func evaluate(_ model: LanguageModel, _ found: ModelLookup.Found) throws -> EvaluationReport {
    let reading = CorpusDisplay(output.console)
    defer { reading.finish() }
    let text = try files.isEmpty ? validationText(model, path: found.path, reading) : readFiles(model, reading)
    reading.finish()
    found.announce(output.console)
    for (_, line) in reading.lines { output.console.say(line) }
    let name = (files.isEmpty ? model.snapshot.training.corpus.validationName : files).joined(separator: ", ")
    output.console.say("reading \(Quantity.count(text.tokens.count, "token")) of \(name)")
    let start = Clock.seconds
    let evaluation = try model.evaluate(text, by: evaluationProtocol, threadCount: threads.count)
    return EvaluationReport(
      model: found.path, file: name, evaluation, evaluationProtocol, seconds: Clock.seconds - start)
  }

  private func readFiles(_ model: LanguageModel, _ reading: CorpusDisplay) throws -> EvaluationText {
    do throws(CorpusError) {
      return try EvaluationText(
        paths: files, tokenizer: model.tokenizer, encoding: decoding.usualEncoding, invalid: decoding.invalid,
        documentSeparator: model.snapshot.training.corpus.documentSeparator,
        onUnknown: onUnknown == .skip ? .skip : .error, storage: cache.storage, observe: reading.show)
    } catch {
      guard case .text(.unknownToken) = error else { throw error }
      throw CommandFailure(error.description, next: "'--on-unknown skip' leaves them out and counts them")
    }
  }

  private func validationText(
    _ model: LanguageModel, path: String, _ reading: CorpusDisplay
  ) throws -> EvaluationText {
    let record = model.snapshot.training.corpus
    let places = try ValidationPlaces(record, modelPath: path)
    guard !record.files.isEmpty else { throw ValidationPlaces.noCorpus(path) }
    let text = try places.find { folders throws(CorpusError) in
      try Corpus.validationText(
        of: record, tokenizer: model.tokenizer, lookingIn: folders, storage: cache.storage, observe: reading.show)
    }
    guard let text else { throw ValidationPlaces.noValidation(path) }
    return text
  }

  private func evaluate(_ model: Transducer, _ found: ModelLookup.Found) throws -> EvaluationReport {
    guard files.count <= 1 else {
      throw CommandFailure("a transducer is measured on one file of pairs, not \(files.count)", next: "name one")
    }
    let (inputs, outputs) = (model.snapshot.tokenizer, model.snapshot.outputTokenizer)
    let record = model.snapshot.training.corpus
    let pairs: [PairCorpus.Pair]
    if let file = files.first {
      pairs = try PairCorpus.pairs(path: file, input: inputs, output: outputs)
    } else {
      guard !record.files.isEmpty else { throw ValidationPlaces.noCorpus(found.path) }
      pairs = try ValidationPlaces(record, modelPath: found.path).find { folders throws(CorpusError) in
        try PairCorpus.validationPairs(of: record, input: inputs, output: outputs, lookingIn: folders)
      }
      guard !pairs.isEmpty else { throw ValidationPlaces.noValidation(found.path) }
    }
    found.announce(output.console)
    let start = Clock.seconds
    let evaluation = model.evaluate(pairs)
    return EvaluationReport(
      model: found.path, file: files.first ?? record.name, evaluation, seconds: Clock.seconds - start)
  }
}

/// Where the corpus of a model is looked for.
struct ValidationPlaces {
  private let folders: [String]

  init(_ record: CorpusRecord, modelPath: String) throws {
    if (record.files + [record.validationFile].compactMap(\.self)).contains(where: { $0.path == "-" }) {
      throw CommandFailure(
        "\(modelPath): was trained on standard input, which cannot be read again", next: "name a file: charlm eval FILE"
      )
    }
    let folder = Files.folder(of: modelPath)
    folders = [".", folder == "." ? ".." : Files.folder(of: folder)]
  }

  /// Calls `read` with the folders, and says where was looked and what for if nothing is there.
  func find<Result>(_ read: ([String]) throws(CorpusError) -> Result) throws -> Result {
    do throws(CorpusError) {
      return try read(folders)
    } catch {
      switch error {
      case .file(.notFound(let path)):
        throw CommandFailure(
          "\(path): the corpus that the model was trained on is neither in the working folder nor in '\(folders[1])'",
          next: "name a file: charlm eval FILE")
      case .changed: throw CommandFailure(error.description, next: "name a file: charlm eval FILE")
      default: throw error
      }
    }
  }

  static func noCorpus(_ path: String) -> CommandFailure {
    CommandFailure("\(path): does not say what it was trained on", next: "name a file: charlm eval FILE")
  }

  static func noValidation(_ path: String) -> CommandFailure {
    CommandFailure("\(path): was trained without a validation part", next: "name a file: charlm eval FILE")
  }
}

extension CorpusRecord {
  /// The files that the validation part is in.
  fileprivate var validationName: [String] { validationFile.map { [$0.path] } ?? files.map(\.path) }
}
