import ArgumentParser
import CharLMTraining
import RecurrentNN

/// `charlm train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a text, or on aligned pairs.",
    discussion: """
      Settings that are not given are chosen to suit the size of the corpus, or the time given with --budget, and are \
      shown. The model is written to models/ under the name of the first file; one that an earlier run left there is \
      kept as NAME.1, NAME.2, …. Interrupting (Control-C) saves the run; --resume continues it. --init-from starts a new run from an existing model: its vocabulary is kept and extended \
      by the tokens of the corpus that it lacks.

      Example:
        charlm train corpora/english.txt --budget 1m
        charlm train corpora/hello-ohlol.tsv --pairs
        charlm train capitals.tsv --pairs --bidirectional
        charlm train corpora/english.txt --unit word --embedding-init glove.50d.txt
        charlm train german.txt --init-from models/english.safetensors
        charlm train corpora/english.txt --find-lr
        charlm train corpus.txt.zst --document-separator '<|endoftext|>'
      """)

  @Argument(help: ArgumentHelp("Text files, folders or patterns; - for standard input.", valueName: "corpus"))
  var corpora: [String] = []

  @Flag(help: "The corpus holds pairs: lines 'input<TAB>output' with the same number of tokens on both sides.")
  var pairs = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where to write the model (default: models/NAME.safetensors).", valueName: "file"))
  var model: String?

  @OptionGroup(title: "Length")
  var length: LengthOptions

  @OptionGroup(title: "Network")
  var network: NetworkOptions

  @OptionGroup(title: "Text")
  var text: TextOptions

  @OptionGroup(title: "Training")
  var training: TrainingOptions

  @OptionGroup(title: "Regularization")
  var regularization: RegularizationOptions

  @Flag(help: "Continue this model's run exactly where it stopped.")
  var resume = false

  @Flag(help: "Replace the model, log and report of an earlier run, instead of keeping them as NAME.1, NAME.2, ….")
  var overwrite = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often to save model and state: 10m, or 500steps (default: 2m).", valueName: "interval"),
    transform: SaveInterval.init(argument:))
  var saveEvery: SaveInterval?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Start from the weights of a model; tokens that it lacks are added to its vocabulary.", valueName: "model"))
  var initFrom: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Initialize the embedding from a GloVe or word2vec text file.", valueName: "file"))
  var embeddingInit: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Learn from what a model predicts, too, as 'charlm distil' does; of several, from their mean.",
      valueName: "model"))
  var teacher: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The part of the loss that comes from the teachers, the rest coming from the text (default: 0.5).",
      valueName: "part"))
  var teacherWeight: Float?

  @OptionGroup(title: "Several processes, started by mpirun or srun")
  var ranks: RankOptions

  @OptionGroup(title: "Watching")
  var watch: WatchOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep the models of this many last validations as NAME.step-000123.safetensors, for 'charlm average'.",
      valueName: "number"))
  var keep: Int?

  @Flag(
    name: .customLong("find-lr"),
    help: "Try learning rates from 1e-5 to 1, suggest one, plot NAME.find-lr.svg, and stop.")
  var findsLearningRate = false

  @OptionGroup
  var cache: CacheOption

  @Flag(help: "Show what the run would be and how long it would take, and stop.")
  var dryRun = false

  @OptionGroup
  var config: ConfigOption

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try checkRanges()
    try checkExclusions()
    if resume { return }
    guard !corpora.isEmpty else {
      throw ValidationError("a corpus is missing; name a text file, such as 'charlm train corpora/english.txt'")
    }
    try Limits.checkReadOnce(corpora + [text.validationFile].compactMap(\.self))
    try checkRequirements()
  }

  func run() throws {
    try Ranks.run { communicator in try atRank(communicator).perform(communicator) }
  }

  private func perform(_ communicator: Communicator) throws {
    if resume { return try LiveRun(resuming: self, communicator).perform() }
    let plan = try PlannedRun(self, communicator)
    if dryRun { return try Rehearsal(plan).perform() }
    if findsLearningRate { return try LearningRateSearch(plan).perform() }
    guard ranks.members else { return try LiveRun(plan).perform() }
    try showMembers(communicator, after: Result { try LiveRun(plan).perform() })
  }
}
