import ArgumentParser
import CharLMTraining

/// `charlm distil`: a training with teachers.
struct DistilCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distil",
    abstract: "Train a model on what other models predict.",
    discussion: """
      Several models predict better together than each of them, but take as much time and memory as all of them. \
      'distil' trains one model, the student, to predict what they predict together, at the cost of one. The teachers \
      need a common vocabulary, such as that of runs with different --random-seed. They read the training text once, \
      before the student starts. The same as 'charlm train' with a --teacher for each of them; \
      all other options of 'train' that concern network and training can be given.

      Example:
        charlm train corpora/english.txt --budget 2m --random-seed 1 --model a.safetensors
        charlm train corpora/english.txt --budget 2m --random-seed 2 --model b.safetensors
        charlm distil a.safetensors b.safetensors --corpus corpora/english.txt --budget 2m
      """)

  @Argument(help: ArgumentHelp("The teachers: language models of one vocabulary.", valueName: "model"))
  var teachers: [String]

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The text to train on, best the teachers' own: a file, folder or pattern; repeat it for several.",
      valueName: "corpus"))
  var corpus: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The part of the loss that comes from the teachers, the rest coming from the text (default: 0.5).",
      valueName: "part"))
  var teacherWeight: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where to write the model (default: models/NAME.distilled.safetensors).", valueName: "file"))
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

  @OptionGroup(title: "Watching")
  var watch: WatchOptions

  @Flag(help: "Replace the model, log and report of an earlier run, instead of keeping them as NAME.1, NAME.2, ….")
  var overwrite = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often to save model and state: 10m, or 500steps (default: 2m).", valueName: "interval"),
    transform: SaveInterval.init(argument:))
  var saveEvery: SaveInterval?

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

  func validate() throws { _ = try command }

  func run() throws { try command.run() }

  /// The training that this is.
  private var command: TrainCommand {
    get throws {
      guard let parsed = try TrainCommand.parseAsRoot(["--"] + corpus) as? TrainCommand else {
        throw ValidationError("a corpus is missing; name one with --corpus")
      }
      var command = parsed
      command.teacher = teachers
      command.teacherWeight = teacherWeight
      command.model = model
      (command.length, command.network, command.text) = (length, network, text)
      (command.training, command.regularization, command.watch) = (training, regularization, watch)
      (command.overwrite, command.saveEvery, command.dryRun) = (overwrite, saveEvery, dryRun)
      (command.cache, command.threads, command.output) = (cache, threads, output)
      try command.validate()
      return command
    }
  }
}
