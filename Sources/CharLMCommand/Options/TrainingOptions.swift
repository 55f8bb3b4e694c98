import ArgumentParser
import CharLM
import RecurrentNN

/// How long to train.
struct LengthOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Times through the training text, such as 2.5.", valueName: "number"))
  var epochs: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Updates of the parameters.", valueName: "number"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Time from start to the final save: 90s, 10m, 1h30m; the network is chosen for it.", valueName: "time"))
  var budget: TimeSpan?

  func validate() throws {
    try Limits.exclude([("--epochs", epochs != nil), ("--steps", steps != nil), ("--budget", budget != nil)])
    try Limits.check(steps, 1...1_000_000_000, "--steps")
    try Limits.check(epochs, 0.000_001...1_000_000, "--epochs")
  }

  /// The length, where one was given.
  var length: TrainingLength? {
    steps.map { .steps($0) } ?? epochs.map { .epochs($0) } ?? budget.map { .budget(seconds: $0.seconds) }
  }
}

/// How to train; what is not given is chosen from the corpus's size.
struct TrainingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Parallel streams through the text, or pairs.", valueName: "number"))
  var batch: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Tokens that gradients go back in a stream.", valueName: "number"))
  var bptt: Int?

  @Option(help: "The rule of an update (default: adamw).")
  var optimizer: OptimizerKind?

  @Option(parsing: .unconditional, help: ArgumentHelp("The peak of the learning rate.", valueName: "rate"))
  var learningRate: Float?

  @Option(help: "The course of the learning rate (default: cosine).")
  var schedule: LearningRateSchedule.Kind?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Steps in which the learning rate rises.", valueName: "number"))
  var warmup: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest norm of the gradients; 0 for any (default: 1).", valueName: "norm"))
  var clip: Float?

  @Option(parsing: .unconditional, help: ArgumentHelp("The weight decay.", valueName: "rate"))
  var weightDecay: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What of its last move sgd (default: 0.9) or rmsprop (0) keeps.", valueName: "part"))
  var momentum: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Validate and save a moving mean of the weights that keeps this part of itself a step; 0 for none "
        + "(default: chosen).", valueName: "part"))
  var ema: Float?

  @Flag(help: "Draw each chunk's length between half of --bptt and --bptt.")
  var bpttJitter = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop after so many validations without a better one (default: go on to the end).", valueName: "number"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "What products are made in; bf16 is nearly twice as fast on CPUs that have it (default: float32; with --budget the "
        + "fastest).",
      valueName: "precision"))
  var precision: Precision?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of initial values and dropout (default: 1).", valueName: "number"))
  var randomSeed: UInt64?

  func validate() throws {
    try Limits.check(batch, 1...65536, "--batch")
    try Limits.check(bptt, 1...65536, "--bptt")
    try Limits.check(learningRate, above: 0, upTo: 10, "--learning-rate")
    try Limits.check(warmup, 0...1_000_000_000, "--warmup")
    try Limits.check(clip, 0...1e6, "--clip")
    try Limits.check(weightDecay, 0...10, "--weight-decay")
    try Limits.check(momentum, 0...0.999, "--momentum")
    if let momentum, momentum > 0, optimizer != .sgd, optimizer != .rmsprop {
      throw ValidationError("--momentum is for --optimizer sgd and rmsprop; leave it out")
    }
    try Limits.check(ema, 0...0.99999, "--ema")
    try Limits.check(patience, 1...1_000_000, "--patience")
  }

  /// The options that were given, as they are written.
  var given: [String] {
    given(
      ("--batch", batch != nil), ("--bptt", bptt != nil), ("--optimizer", optimizer != nil),
      ("--learning-rate", learningRate != nil), ("--schedule", schedule != nil), ("--warmup", warmup != nil),
      ("--clip", clip != nil), ("--weight-decay", weightDecay != nil), ("--momentum", momentum != nil),
      ("--ema", ema != nil), ("--bptt-jitter", bpttJitter), ("--patience", patience != nil),
      ("--precision", precision != nil),
      ("--random-seed", randomSeed != nil))
  }
}
