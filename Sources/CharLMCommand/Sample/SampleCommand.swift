import ArgumentParser
import CharLM
import CharLMData
import CharLMFiles
import CharLMText
import RecurrentNN

/// `charlm sample`.
struct SampleCommand: ParsableCommand, DeclaredOptions {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Generate text with a trained model.",
    discussion: """
      Prints the seed text, then its continuation as it is generated. With --count, up to 64 samples are generated at \
      a time and printed, in order, as they are complete; each is the text that its random seed gives alone.

      A model that was trained on separate documents, such as names or poems, has learned where they end. There it \
      writes what separates them in its corpus and begins the next one. --documents asks for whole documents.

      With --model repeated, each token is drawn from the average of the models' probabilities.

      Example:
        charlm sample --seed Hello --length 300 --temperature 0.7
        charlm sample --model models/names.safetensors --documents 10
        charlm sample --match '[A-Z][a-z]{3,8}' --count 10 --distinct
        charlm sample --grammar json
        charlm sample --documents 1 --count 10 --unique-from names.txt
        charlm sample --count 5 --novelty
        charlm sample --model models/a.safetensors --model models/b.safetensors
      """)

  @OptionGroup
  var model: ModelsOption

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The text to continue; \\n is a line break.", valueName: "text"),
    transform: EscapedText.unescaped)
  var seed: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A file with the text to continue; - for standard input.", valueName: "file"))
  var seedFile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of tokens to generate (default: 500); with --documents, the most for each document (default: 20000).",
      valueName: "number"))
  var length: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Generate this many whole documents, each beginning with the seed; for a model that was trained on documents.",
      valueName: "number"))
  var documents: Int?

  @OptionGroup(title: "Drawing")
  var drawing: DrawingOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Stop before this text; \\n is a line break. May be repeated: the first text that comes ends the sample.",
      valueName: "text"),
    transform: EscapedText.unescaped)
  var stop: [String] = []

  @OptionGroup(title: "Shape")
  var shape: ShapeOptions

  @Flag(help: "Take turns at a terminal: type how the text begins, and the model goes on; /help lists commands.")
  var interactive = false

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of samples.", valueName: "number"))
  var count = 1

  @OptionGroup(title: "Selection")
  var selection: SelectionOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Show each token that is drawn with its probability, and this many of the most likely tokens of its place.",
      valueName: "number"))
  var showCandidates: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of the random generator (default: random, and shown).", valueName: "number"))
  var randomSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What to do with characters of the seed text that the model does not know.", valueName: "policy"))
  var onUnknown: Tokenizer.UnknownPolicy = .error

  @Option(
    help: ArgumentHelp(
      """
      The weights' number format. int8 is the fastest, with no visible loss of quality, and the same seed then gives \
      the same text on every machine. (default: int8; bf16 on CPUs without int8 instructions)
      """, valueName: "precision"))
  var precision: StreamPrecision?

  var streamOptions: StreamOptions { StreamOptions(precision: precision ?? .fastest, threadCount: threads.count) }

  @Flag(
    help: """
      Mix the model's probabilities with those of counts, which know the training text; where that is not found, they \
      know the sample alone, and learn as it is written.
      """)
  var mix = false

  @Flag(
    help: """
      Say of each sample how much of it stands word for word in the text that the model was trained on, and how long \
      the longest passage is.
      """)
  var novelty = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The same, of this corpus instead: files, folders or patterns. May be repeated.",
      valueName: "corpus"))
  var noveltyFrom: [String] = []

  @OptionGroup
  var config: ConfigOption

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  static let declarations: [Declaration<Self>] =
    [
      Declaration("--length", \.length, in: .from(0, to: 1_000_000_000)),
      Declaration("--documents", \.documents, in: .from(1, to: 1_000_000_000)),
      Declaration("--count", withDefault: \.count, in: .from(1, to: 1_000_000)),
      Declaration("--interactive", flag: \.interactive),
      Declaration("--show-candidates", \.showCandidates, in: .from(0, to: 1000)),
    ] + Declaration.group(\.drawing) + Declaration.group(\.shape) + Declaration.group(\.selection)

  func validate() throws {
    try Limits.exclude([("--seed", seed != nil), ("--seed-file", seedFile != nil)])
    try Limits.checkReadOnce([seedFile, shape.grammar].compactMap(\.self) + selection.uniqueFrom + noveltyFrom)
    try checkRanges()
    if stop.contains("") { throw ValidationError("--stop is empty; name a text, or leave it out") }
    if let shape = shape.name {
      try exclude(
        ["--documents": documents != nil, "--stop": !stop.isEmpty], by: shape, "whose texts end by themselves")
    }
    if selection.distinct, count == 1 {
      throw ValidationError("--distinct needs --count; give the number of samples, too")
    }
    if !selection.uniqueFrom.isEmpty, documents == nil, !shape.isGiven, stop.isEmpty {
      throw ValidationError(
        "--unique-from needs texts that could be lines or documents; give --documents, --match, --grammar or --stop, too"
      )
    }
    if let beam = selection.beam { try checkBeam(beam) }
    if interactive {
      try exclude(
        [
          "--documents": documents != nil, "--stop": !stop.isEmpty, shape.name ?? "": shape.isGiven,
          "--count": count != 1, "--beam": selection.beam != nil, "--best-of": selection.bestOf != nil,
          "--show-candidates": showCandidates != nil, "--json": output.json, "--novelty": novelty,
          "--novelty-from": !noveltyFrom.isEmpty,
        ], by: "--interactive", "where one text is written in turns")
    }
  }

  private func checkBeam(_ beam: Int) throws {
    try exclude(
      [
        "--documents": documents != nil, "--stop": !stop.isEmpty, "--best-of": selection.bestOf != nil,
        "--unique-from": !selection.uniqueFrom.isEmpty, "--show-candidates": showCandidates != nil,
        "--random-seed": randomSeed != nil, drawing.firstFilterName ?? "": drawing.firstFilterName != nil,
      ], by: "--beam", "which draws nothing")
    if count > beam {
      throw ValidationError(
        "--count \(count) is more than --beam \(beam), which finds as many texts; give a wider beam")
    }
  }

  /// Options without a meaning beside another.
  private func exclude(_ options: KeyValuePairs<String, Bool>, by other: String, _ reason: String) throws {
    for (name, isGiven) in options where isGiven {
      throw ValidationError("\(name) has no meaning with \(other), \(reason); leave it out")
    }
  }

  func run() throws {
    if interactive { try InteractiveWriting<Ensemble>.checkTerminal() }
    let (found, model) = try ModelLookup.ensemble(self.model.models)
    let seed = try encode(readSeed(), model)
    try checkDocuments(model, found.map(\.path))
    try checkVocabulary(model)
    for found in found { found.announce(output.console) }
    let randomSeed = self.randomSeed ?? UInt64.random(in: 0..<1_000_000)
    if self.randomSeed == nil, selection.beam == nil { output.console.say("random seed: \(randomSeed)") }
    let novelty = try sampleNovelty(model, found[0].path)
    if mix {
      try write(mixture(model, found[0], seed), novelty, found.map(\.path), seed, randomSeed)
    } else {
      try write(model, novelty, found.map(\.path), seed, randomSeed)
    }
  }

  private func write(
    _ predictor: some Predictor, _ novelty: SampleNovelty?, _ paths: [String], _ seed: SampleSeed, _ randomSeed: UInt64
  ) throws {
    if interactive {
      var writing = InteractiveWriting(
        predictor, drawing: drawing, length: length, randomSeed: randomSeed,
        options: streamOptions, console: output.console)
      return try writing.run(seed: seed.text)
    }
    let writer = SampleWriter(
      command: self, model: predictor,
      constraint: try shape.constraint(within: tokenLimit, for: predictor.tokenizer),
      known: try knownTexts(predictor), novelty: novelty, paths: paths, seed: seed, randomSeed: randomSeed)
    if output.json {
      try writer.printJSON()
    } else if count == 1, !shape.isGiven, selection.beam == nil, selection.bestOf == nil, !selection.leavesOut,
      novelty == nil
    {
      try writer.printStream()
    } else {
      try writer.printAll()
    }
  }

  /// Texts that are left out; nil where none are.
  private func knownTexts(_ predictor: some Predictor) throws -> CorpusSearch? {
    guard !selection.uniqueFrom.isEmpty else { return nil }
    return try CorpusSearch(
      paths: selection.uniqueFrom, tokenizer: predictor.tokenizer, documentSeparator: predictor.documentSeparator)
  }

  /// What finds passages of the corpus in samples; nil where that is not asked for.
  private func sampleNovelty(_ model: Ensemble, _ path: String) throws -> SampleNovelty? {
    if !noveltyFrom.isEmpty { return try SampleNovelty(paths: noveltyFrom, output.console) }
    guard novelty else { return nil }
    do {
      return try SampleNovelty(recordedBy: model.models[0], path: path)
    } catch let error as CommandFailure {
      throw CommandFailure(error.what, next: "name the text: --novelty-from CORPUS")
    }
  }

  /// The model with counts of its training text; where that is not at hand, with counts of the sample alone.
  private func mixture(_ model: Ensemble, _ found: ModelLookup.Found, _ seed: SampleSeed) throws -> Mixture<Ensemble> {
    let storage = TokenStorage()
    if let training = try? ValidationPlaces.corpus(of: model.models[0], path: found.path, storage: storage).train {
      output.console.say(
        "counting \(Quantity.count(min(training.count, AdaptiveCounts.longestPriming), "training token"))")
      let counts = try AdaptiveCounts(tokenizer: model.tokenizer, priming: training)
      return Mixture(model, counts, isLearning: false)
    }
    output.console.say("the training text was not found: counting only what is sampled")
    let counts = AdaptiveCounts(tokenizer: model.tokenizer, expectedCount: tokenLimit + seed.text.utf8.count)
    return Mixture(model, counts)
  }

  /// Tokens of a sample; of each document, where documents are asked for.
  var tokenLimit: Int { length ?? (documents == nil ? 500 : 20_000) }

  private func checkDocuments(_ model: Ensemble, _ paths: [String]) throws {
    guard documents != nil, !model.knowsDocuments else { return }
    throw CommandFailure(
      "\(paths.joined(separator: " + ")) was not trained on separate documents, so it cannot tell where one ends",
      next: "train it again with --document-separator '\\n' for lines, such as names, '\\n\\n' for texts between blank "
        + "lines, or on a file for each; or give --length and --count instead")
  }

  private func checkVocabulary(_ model: Ensemble) throws {
    let vocabulary = model.tokenizer.vocabulary
    let excluded = Set(drawing.settings.excludedTokens(of: vocabulary))
    let isLeft = (0..<TokenID(vocabulary.count)).contains { !excluded.contains($0) && $0 != vocabulary.documentID }
    guard !isLeft else { return }
    throw CommandFailure(
      "--allow and --forbid leave none of the model's \(Quantity.count(vocabulary.count, "token")) to draw",
      next: "see 'charlm info' for its vocabulary")
  }

  private func readSeed() throws -> String {
    guard let path = seedFile else { return seed ?? "" }
    let bytes = try path == "-" ? Files.readStandardInput() : Files.read(path)
    return try UTF8Input.text(bytes, path: path)
  }

  private func encode(_ text: String, _ model: Ensemble) throws -> SampleSeed {
    do throws(TextError) {
      return try SampleSeed(text, for: model, source: seedFile ?? "the seed text", onUnknown: onUnknown)
    } catch {
      throw CommandFailure(unknownIn: error)
    }
  }
}
