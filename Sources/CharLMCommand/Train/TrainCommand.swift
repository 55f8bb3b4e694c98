import ArgumentParser
import CharLMTraining

/// `charlm train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a text, or on aligned pairs.",
    discussion: """
      What is not given is chosen from the corpus's size, or for the time that --budget gives, and said. The model is \
      written to models/, named after the first file. An interrupt (Control-C) saves, and --resume goes on. \
      --init-from begins a new run from a model: its vocabulary is kept, and tokens of the corpus that it lacks are \
      added.

      Example:
        charlm train corpora/english.txt --budget 1m
        charlm train corpora/hello-ohlol.tsv --pairs
        charlm train capitals.tsv --pairs --bidirectional
        charlm train corpora/english.txt --unit word --embedding-init glove.50d.txt
        charlm train german.txt --init-from models/english.safetensors
        charlm train corpora/english.txt --find-lr
        zstd -dc corpus.zst | charlm train - --document-separator '<|endoftext|>'
      """)

  @Argument(help: ArgumentHelp("Text files, folders or patterns; - for standard input.", valueName: "corpus"))
  var corpora: [String] = []

  @Flag(help: "The corpus holds pairs: lines 'input<TAB>output' with as many tokens on both sides.")
  var pairs = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where to write the model (default: models/NAME.safetensors).", valueName: "file"))
  var model: String?

  @OptionGroup(title: "Length")
  var length: LengthOptions

  @OptionGroup(title: "Network")
  var network: ModelOptions

  @OptionGroup(title: "Text")
  var text: TextOptions

  @OptionGroup(title: "Training")
  var training: TrainingOptions

  @OptionGroup(title: "Regularization")
  var regularization: RegularizationOptions

  @Flag(help: "Go on exactly where the run stopped that makes this model.")
  var resume = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save model and state so often: 10m, or 500steps (default: 2m).", valueName: "interval"),
    transform: SaveInterval.init(argument:))
  var saveEvery: SaveInterval?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Start from the weights of a model; tokens that it lacks are added to its vocabulary.", valueName: "model"))
  var initFrom: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Start the embedding from the vectors of a GloVe or word2vec text file.", valueName: "file"))
  var embeddingInit: String?

  @OptionGroup(title: "Watching")
  var watch: WatchOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep the models of the last so many validations, as NAME.step-000123.safetensors, for 'charlm average'.",
      valueName: "number"))
  var keep: Int?

  @Flag(
    name: .customLong("find-lr"),
    help: "Try learning rates from 1e-5 to 1, say which is good, draw NAME.find-lr.svg, and stop.")
  var findsLearningRate = false

  @OptionGroup
  var cache: CacheOption

  @Flag(help: "Say what the run would be and take, and stop.")
  var dryRun = false

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try Limits.check(keep, 1...10_000, "--keep")
    if resume { return try validateResume() }
    if findsLearningRate { try LearningRateSearch.validate(self) }
    guard !corpora.isEmpty else {
      throw ValidationError("a corpus is missing; name a text file, such as 'charlm train corpora/english.txt'")
    }
    try Limits.checkReadOnce(corpora + [text.validationFile].compactMap(\.self))
    if pairs { try validatePairs() }
    if network.bidirectional, !pairs {
      throw ValidationError("--bidirectional needs --pairs, for a language model cannot read ahead; leave it out")
    }
    if initFrom != nil {
      let fixed =
        network.given.filter { $0 != "--dropout" } + text.vocabulary.givenForVocabulary
        + given(("--embedding-init", embeddingInit != nil))
      if let first = fixed.first {
        throw ValidationError("\(first) cannot be given with --init-from, which brings the model's own; leave it out")
      }
    }
  }

  private func validateResume() throws {
    let others =
      network.given + text.given + training.given + regularization.given
      + given(
        ("--pairs", pairs), ("--init-from", initFrom != nil), ("--embedding-init", embeddingInit != nil),
        ("--dry-run", dryRun), ("--find-lr", findsLearningRate))
    if let first = others.first {
      throw ValidationError(
        "\(first) cannot be given with --resume, which goes on with the run's own settings; leave it out")
    }
  }

  private func validatePairs() throws {
    guard corpora.count == 1 else {
      throw ValidationError("--pairs takes one file, not \(corpora.count); put the pairs together")
    }
    let others = given(
      ("--bptt", training.bptt != nil), ("--validation-file", text.validationFile != nil),
      ("--document-separator", text.vocabulary.documentSeparator != nil),
      ("--fallback", text.vocabulary.fallback != nil),
      ("--cache", cache.cache != nil), ("--show-samples", watch.showSamples != nil))
    if let first = others.first { throw ValidationError("\(first) has no meaning with --pairs; leave it out") }
    if network.tied {
      throw ValidationError(
        "--tied has no meaning with --pairs, whose sides have vocabularies of their own; leave it out")
    }
  }

  func run() throws {
    if resume {
      try TrainingSession(resuming: self).perform()
    } else {
      let plan = try TrainingPlan(self)
      if dryRun { return try Rehearsal(plan).perform() }
      if findsLearningRate { return try LearningRateSearch(plan).perform() }
      try TrainingSession(plan).perform()
    }
  }
}
