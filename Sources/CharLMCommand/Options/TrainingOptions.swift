import ArgumentParser
import CharLM
import CharLMTraining
import RecurrentNN

/// How to train; what is not given is chosen by the size of the corpus and the length of the training.
struct TrainingOptions: ParsableArguments, DeclaredOptions {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Parallel streams through the text, or pairs per step.", valueName: "number"))
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Tokens that gradients flow back through in a stream.", valueName: "number"))
  var bptt: Int?

  @Option(help: "The optimizer (default: soap; for --pairs, adamw).")
  var optimizer: OptimizerKind?

  @Option(parsing: .unconditional, help: ArgumentHelp("The peak learning rate.", valueName: "rate"))
  var learningRate: Float?

  @Option(help: "The learning-rate schedule (default: cosine).")
  var schedule: LearningRateSchedule.Kind?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Steps over which the learning rate rises.", valueName: "number"))
  var warmup: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest gradient norm; 0 for no clipping (default: 1).", valueName: "norm"))
  var clip: Float?

  @Option(parsing: .unconditional, help: ArgumentHelp("The weight decay.", valueName: "rate"))
  var weightDecay: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The momentum of sgd (default: 0.9) or rmsprop (default: 0).", valueName: "factor"))
  var momentum: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Validate and save a moving average of the weights with this decay per step; 0 for none (default: automatic).",
      valueName: "decay"))
  var ema: Float?

  @Flag(help: "Draw each chunk's length at random, from half of --bptt to --bptt.")
  var bpttJitter = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop after this many validations without improvement (default: automatic).", valueName: "number"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "The precision of matrix products; bf16 is nearly twice as fast on CPUs that support it (default: bf16 "
        + "there).", valueName: "precision"))
  var precision: Precision?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The random seed of initial weights and dropout (default: 1).", valueName: "number"))
  var randomSeed: UInt64?

  static let declarations: [Declaration<Self>] = [
    Declaration("--batch", \.batch, in: .range(SettingRanges.batch), sets: .chosen(\.training.batch)),
    Declaration("--bptt", \.bptt, in: .range(SettingRanges.bptt), sets: .chosen(\.training.bptt), excludedBy: [.pairs]),
    Declaration("--optimizer", \.optimizer, sets: .chosen(\.training.optimizer.kind)),
    Declaration(
      "--learning-rate", \.learningRate, in: .range(SettingRanges.learningRate),
      sets: .chosen(\.training.schedule.peak),
      excludedBy: [.findLearningRate]),
    Declaration("--schedule", \.schedule, sets: .fixed(\.training.schedule.kind)),
    Declaration(
      "--warmup", \.warmup, in: .range(SettingRanges.warmup), sets: .chosen(\.training.schedule.warmupStepCount)),
    Declaration("--clip", \.clip, in: .range(SettingRanges.clip), sets: .fixed(\.training.clip)),
    Declaration(
      "--weight-decay", \.weightDecay, in: .range(SettingRanges.weightDecay),
      sets: .chosen(\.training.optimizer.weightDecay) { $0.phrase("weight decay") }),
    Declaration(
      "--momentum", \.momentum, in: .range(SettingRanges.momentum),
      sets: .fixed(\.training.optimizer.momentum) { $0.phrase("momentum") },
      needs: Requirement(text: "--optimizer sgd and rmsprop") { $0.optimizer == .sgd || $0.optimizer == .rmsprop }),
    Declaration(
      "--ema", \.ema, in: .range(SettingRanges.averageDecay),
      sets: .chosen(\.training.averageDecay) { $0.phrase("weight averaging") }),
    Declaration("--bptt-jitter", flag: \.bpttJitter, sets: .fixed(\.training.isJittered), excludedBy: [.pairs]),
    Declaration(
      "--patience", \.patience, in: .range(SettingRanges.patience),
      sets: .optional(\.training.patience)),
    Declaration("--precision", \.precision, sets: .chosen(\.training.precision)),
    Declaration("--random-seed", \.randomSeed, sets: .fixed(\.training.randomSeed)),
  ]
}

extension Precision {
  /// Fails where this CPU lacks the precision; checked when a command runs, because the command line may be right
  /// elsewhere.
  func checkAvailability() throws {
    guard !isAvailable else { return }
    throw CommandFailure(TrainingError.unavailable(self))
  }
}
