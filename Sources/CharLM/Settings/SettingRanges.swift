import CharLMData
import CharLMText
import RecurrentNN

/// The values that settings and figures of a run may have, wherever they come from: the command line, a program, or the
/// metadata of a file. Within them products of two sizes and numbers of parameters do not overflow; those of three or more,
/// such as steps · batch · bptt, are computed in Double until `checkSizes` has compared the run with its text and this
/// machine.
public enum SettingRanges {
  /// Stacked layers.
  public static let layers = ValueRange.from(1, to: 1000)
  /// Rounds of a mogrifier: the paper found nothing beyond 6.
  public static let mogrifierRounds = ValueRange.from(0, to: 6)
  /// Widths of layers and embeddings. (No row that is multiplied in int8 may be longer: its sums are exact in 32 bits.)
  public static let width = ValueRange.from(1, to: 65536)
  /// Probabilities with which something is dropped.
  public static let dropout = ValueRange<Float>.from(0, to: 0.95)
  /// Parallel streams or pairs of a step.
  public static let batch = ValueRange.from(1, to: 65536)
  /// Tokens of a chunk; of pairs, those of the longest.
  public static let bptt = ValueRange.from(1, to: 1 << 24)
  /// Groups of a batch's rows.
  public static let shards = ValueRange.from(1, to: 65536)
  /// A run's length in steps, and what is counted in steps.
  public static let steps = ValueRange.from(1, to: 1_000_000_000)
  /// A run's length in passes through its text.
  public static let epochs = ValueRange<Double>.above(0, upTo: 1_000_000)
  /// A run's length in seconds: at most a year.
  public static let seconds = ValueRange<Double>.above(0, upTo: 366 * 86400)
  /// The peak of the learning rate. (AWD-LSTM trains at 30, by SGD.)
  public static let learningRate = ValueRange<Float>.above(0, upTo: 1000)
  /// Steps of a warm-up.
  public static let warmup = ValueRange.from(0, to: 1_000_000_000)
  /// The largest norm of gradients.
  public static let clip = ValueRange<Float>.from(0, to: 1e6)
  /// Weight decay.
  public static let weightDecay = ValueRange<Float>.from(0, to: 10)
  /// Momentum of SGD and RMSprop.
  public static let momentum = ValueRange<Float>.from(0, to: 0.999)
  /// Decays of moving means.
  public static let averageDecay = ValueRange<Float>.from(0, to: 0.99999)
  /// Validations without improvement.
  public static let patience = ValueRange.from(1, to: 1_000_000)
  /// The part of a text that is kept for validation.
  public static let validation = ValueRange<Double>.from(0, to: 0.9)
  /// The least count of a token.
  public static let minimumCount = ValueRange.from(1, to: 1_000_000_000)
  /// The most rows of a vocabulary.
  public static let vocabularySize = ValueRange.from(2, to: 10_000_000)
  /// Bytes of the text between documents, which is looked for at each byte of a text.
  public static let documentSeparator = 1...1000
  static let separatorRange = "a text of 1 to 1,000 bytes"
  /// The teachers' part of the loss.
  public static let teacherWeight = ValueRange<Float>.above(0, upTo: 1)
  /// Processes of a run.
  public static let ranks = ValueRange.from(1, to: 65536)
  /// Steps between two meetings of ranks.
  public static let syncInterval = ValueRange.from(1, to: 1_000_000)
  /// How far the mean of the ranks' moves is followed.
  public static let outerRate = ValueRange<Float>.above(0, upTo: 10)
  /// Factors of penalties on activations.
  public static let penalty = ValueRange<Float>.from(0, to: 1000)

  /// What a run has counted: numbers of which many can be summed.
  package static let count = ValueRange.from(0, to: 1 << 53)
  /// What a run has measured, in seconds, epochs or nats; a loss that ran away may be as large as a number can be.
  package static let measure = ValueRange<Double>.from(0, to: .greatestFiniteMagnitude)
  /// A part of a whole.
  static let part = ValueRange<Float>.from(0, to: 1)
}

extension NetworkSettings {
  /// - Throws: `OutOfRange` with the first setting that no network can have.
  package func checkRanges() throws(OutOfRange) {
    try SettingRanges.layers.check("layers", layers)
    try SettingRanges.mogrifierRounds.check("mogrifier_rounds", mogrifierRounds)
    try SettingRanges.width.check("hidden", hidden)
    try SettingRanges.width.check("embedding", embedding)
    try SettingRanges.dropout.check("dropout", dropout)
    try ValueRange<Float>.from(-1000, to: 1000).check("forget_bias", forgetBias)
  }
}

extension TrainingSettings {
  /// - Throws: `OutOfRange` with the first setting that no run can have.
  package func checkRanges() throws(OutOfRange) {
    try SettingRanges.batch.check("batch", batch)
    try SettingRanges.bptt.check("bptt", bptt)
    try length.checkRange()
    try SettingRanges.shards.check("shards", shards)
    try ranks?.checkRanges()
    try ValueRange.from(1, to: 1 << 53).check("validation_interval", validationInterval)
    // One token predicts nothing.
    try ValueRange.from(2, to: 1 << 53).check("validation_token_limit", validationTokenLimit)
    try SettingRanges.patience.check("patience", patience)
    try SettingRanges.seconds.check("time_limit", timeLimit)
    try SettingRanges.clip.check("clip", clip)
    try SettingRanges.averageDecay.check("average_decay", averageDecay)
    try schedule.checkRanges()
    try optimizer.checkRanges()
    try regularization.checkRanges()
    try SettingRanges.teacherWeight.check("weight", distillation?.weight)
    try ValueRange.from(1, to: 1000).check("teachers", distillation?.teachers.count)
  }
}

extension TextSettings {
  /// - Throws: `OutOfRange` with the first setting that no text can have.
  package func checkRanges() throws(OutOfRange) {
    try SettingRanges.minimumCount.check("minimum_count", minimumCount)
    try SettingRanges.vocabularySize.check("vocabulary_size", vocabularySize)
  }
}

extension TrainingLength {
  fileprivate func checkRange() throws(OutOfRange) {
    switch self {
    case .steps(let count): try SettingRanges.steps.check("steps", count)
    case .epochs(let count): try SettingRanges.epochs.check("epochs", count)
    case .budget(let seconds): try SettingRanges.seconds.check("seconds", seconds)
    }
  }
}

extension LearningRateSchedule {
  fileprivate func checkRanges() throws(OutOfRange) {
    try SettingRanges.learningRate.check("peak", peak)
    try SettingRanges.warmup.check("warmup_step_count", warmupStepCount)
    try SettingRanges.part.check("floor", floor)
  }
}

extension OptimizerSettings {
  fileprivate func checkRanges() throws(OutOfRange) {
    try SettingRanges.part.check("beta1", beta1)
    try SettingRanges.part.check("beta2", beta2)
    try SettingRanges.part.check("epsilon", epsilon)
    try SettingRanges.weightDecay.check("weight_decay", weightDecay)
    try SettingRanges.momentum.check("momentum", momentum)
  }
}

extension Regularization {
  fileprivate func checkRanges() throws(OutOfRange) {
    try SettingRanges.dropout.check("embedding_dropout", embeddingDropout)
    try SettingRanges.dropout.check("weight_drop", weightDrop)
    try SettingRanges.penalty.check("activation", activation)
    try SettingRanges.penalty.check("temporal", temporal)
  }
}

extension TrainingRecord {
  /// - Throws: `OutOfRange` with the first figure that no run can have made.
  package func checkRanges() throws(OutOfRange) {
    try settings.checkRanges()
    try corpus.checkRanges()
    for (name, count) in [
      ("steps", steps), ("trained_tokens", trainedTokens), ("best_step", bestStep),
      ("validations_since_best", validationsSinceBest), ("skipped_steps", skippedSteps), ("rollbacks", rollbacks),
    ] {
      try SettingRanges.count.check(name, count)
    }
    try SettingRanges.count.check("rollback_step", rollbackStep)
    for step in averagedSteps ?? [] { try SettingRanges.count.check("averaged_steps", step) }
    for (name, value) in [("epochs", epochs), ("seconds", seconds), ("seconds_in_steps", secondsInSteps)] {
      try SettingRanges.measure.check(name, value)
    }
    try SettingRanges.measure.check("best_valid_nats", bestValidNats)
    for entry in history {
      try SettingRanges.count.check("history.step", entry.step)
      try SettingRanges.measure.check("history.train_nats", entry.trainNats)
      try SettingRanges.measure.check("history.valid_nats", entry.validNats)
    }
  }
}

extension CorpusRecord {
  fileprivate func checkRanges() throws(OutOfRange) {
    try SettingRanges.validation.check("validation_fraction", validationFraction)
    if let separator = documentSeparator, !SettingRanges.documentSeparator.contains(separator.utf8.count) {
      throw OutOfRange(
        name: "document_separator", value: "\(separator.utf8.count) bytes long", range: SettingRanges.separatorRange)
    }
    var total = 0
    for file in allFiles {
      try SettingRanges.count.check("bytes", file.bytes)
      // Both are far from overflow, and so the sum stays within what can be shown and counted.
      total += file.bytes
      try SettingRanges.count.check("the sum of bytes", total)
    }
  }
}
