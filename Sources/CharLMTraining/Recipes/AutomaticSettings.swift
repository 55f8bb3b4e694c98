import CharLM
import RecurrentNN

/// Chooses the settings that the user leaves open.
///
/// The recipes were found by training on corpora of several sizes (see the tables in Benchmarks/README.md).
public enum AutomaticSettings {
  /// Full settings for a run.
  /// - Throws: `SettingsError` where requested sizes do not fit the corpus or each other.
  public static func settings(
    for data: TrainingData, requested: RequestedSettings = RequestedSettings()
  ) throws(SettingsError) -> RunSettings {
    try settings(for: data, requested: requested, speed: nil)
  }

  /// The same; where the requested length is a time, this machine is measured first.
  /// - Parameter clock: seconds since anything.
  package static func settings(
    for data: TrainingData, requested: RequestedSettings, threadCount: Int, clock: () -> Double
  ) throws -> RunSettings {
    try settings(
      for: data, requested: requested,
      speed: speed(for: data, requested: requested, threadCount: threadCount, clock: clock))
  }

  /// The speed of this machine, where the requested length is a time; else nil.
  package static func speed(
    for data: TrainingData, requested: RequestedSettings, threadCount: Int, clock: () -> Double
  ) throws -> MachineSpeed? {
    guard case .budget = requested[\.training.length], data.kind == .language else { return nil }
    return try MachineSpeed.measured(for: data, requested: requested, threadCount: threadCount, clock: clock)
  }

  /// The same for a machine of a known speed.
  /// - Parameter speed: how fast this machine trains. Where the requested length is a time, the network is then chosen
  ///   for the tokens that can be trained in it, and training ends early where more of it would not help.
  package static func settings(
    for data: TrainingData, requested: RequestedSettings, speed: MachineSpeed?
  ) throws(SettingsError) -> RunSettings {
    var recipe = recipe(data, requested, speed)
    recipe.tied = Recipe.isTied(data, requested)
    var settings = requested.applied(to: RunSettings(network: recipe.network, training: recipe.training))
    do throws(OutOfRange) { try settings.network.checkRanges() } catch { throw .outOfRange(error) }
    // What follows from other settings is chosen once those are known, and may be requested itself.
    recipe.complete(&settings, for: data)
    settings = requested.applied(to: settings)
    if recipe.endsEarly {
      (settings.training.length, settings.training.timeLimit) =
        (.epochs(recipe.epochs), requested[\.training.length]?.seconds)
    }
    try settings.check(for: data.kind)
    try fitBatch(of: &settings.training, requested, to: data)
    if requested[\.training.validationTokenLimit] == nil {
      settings.training.validationTokenLimit = validationTokenLimit(data, settings, requested, speed)
    }
    if requested[\.training.validationInterval] == nil {
      settings.training.validationInterval = validationInterval(data, settings.training)
    }
    if requested[\.training.length] == nil, settings.training.patience == nil {
      settings.training.patience = patience(data, settings.training)
      settings.training.isPatienceAutomatic = settings.training.patience.map { _ in true }
    }
    return settings
  }

  private static func recipe(_ data: TrainingData, _ requested: RequestedSettings, _ speed: MachineSpeed?) -> Recipe {
    guard data.kind == .language else { return Recipe(pairsOf: data) }
    switch requested[\.training.length] {
    case .budget(let seconds):
      guard let speed else { return Recipe(tokenCount: data.trainTokenCount) }
      return Recipe(data, seconds: seconds, speed: speed, requested)
    case .epochs(let count): return Recipe(tokenCount: data.trainTokenCount, epochs: count)
    case .steps(let count):
      let usual = Recipe(tokenCount: data.trainTokenCount)
      let tokensPerStep =
        (requested[\.training.batch] ?? usual.batch) * (requested[\.training.bptt] ?? usual.bptt)
      // The sizes are those that were asked for, and may be far too large for the text.
      let readCount = Double(count) * Double(tokensPerStep)
      return Recipe(tokenCount: data.trainTokenCount, epochs: readCount / Double(data.trainTokenCount))
    case nil: return Recipe(tokenCount: data.trainTokenCount)
    }
  }

  /// Chosen sizes shrink until the text gives each stream several chunks; requested sizes that do not fit are an error.
  private static func fitBatch(
    of training: inout TrainingSettings, _ requested: RequestedSettings, to data: TrainingData
  ) throws(SettingsError) {
    if let pairCount = data.pairCount {
      (training.batch, training.bptt) = (min(training.batch, pairCount), data.longestPair ?? 1)
    } else {
      let tokenCount = data.trainTokenCount
      if requested[\.training.batch] == nil {
        while training.batch > 1, training.batch * training.bptt * 4 > tokenCount { training.batch /= 2 }
      }
      // The logits of a step, a number for each of its tokens and each row of the vocabulary, and their gradients.
      let vocabularyCount = data.outputTokenizer.vocabulary.count
      if requested[\.training.batch] == nil {
        while training.batch > 8, training.batch * training.bptt * vocabularyCount > largestLogits {
          training.batch /= 2
        }
      }
      if requested[\.training.bptt] == nil {
        while training.bptt > 4, training.batch * training.bptt + 1 > tokenCount { training.bptt /= 2 }
      }
      try training.checkBatch(tokenCount: tokenCount)
    }
    if requested[\.training.shards] == nil { training.shards = shardCount(batch: training.batch) }
  }

  /// The most logits of a step where the batch is chosen: half a gigabyte.
  private static let largestLogits = 1 << 27

  /// The number of shards of a batch: rows enough for products of a good size, shards enough for the cores.
  package static func shardCount(batch: Int) -> Int { max(1, min(2, batch)) }

  /// Validation of a token costs about a third of training on it: at this interval it takes about a twentieth of the
  /// time. A function of sizes alone, so that runs repeat.
  private static func validationInterval(_ data: TrainingData, _ training: TrainingSettings) -> Int {
    let tokenCount = min(data.validationTokenCount, training.validationTokenLimit ?? .max)
    return max(20, tokenCount * 6 / max(training.batch * training.bptt, 1))
  }

  /// How many tokens a run validates on, so that the last validation and the final evaluation, which come after the last
  /// step, do not take longer than the training. Where the time is limited, as many as are read in a fiftieth of it;
  /// reading in float32 costs about two thirds of training in bfloat16. Else a sixth of those that are trained on, which
  /// is more than the usual tenth of a text as soon as most of it is read once. So many that the figure is good to about
  /// a hundredth of a bit are read in any case.
  /// - Returns: nil where that is all of them.
  private static func validationTokenLimit(
    _ data: TrainingData, _ settings: RunSettings, _ requested: RequestedSettings, _ speed: MachineSpeed?
  ) -> Int? {
    guard data.kind == .language else { return nil }
    let training = settings.training
    let tokensPerStep = Double(training.batch) * Double(training.bptt)
    let affordable: Double
    if let seconds = requested[\.training.length]?.seconds, let speed {
      affordable = 0.02 * seconds * 1.5 * speed.tokensPerSecond(settings.network, on: data)
    } else if let count = training.length.stepCount(stepsPerEpoch: Double(data.trainTokenCount) / tokensPerStep) {
      affordable = Double(count) * tokensPerStep / 6
    } else {
      return nil
    }
    let limit = max(leastValidation, Int(min(affordable, 1e12)))
    return limit < data.validationTokenCount ? limit : nil
  }

  private static let leastValidation = 1 << 16

  /// A run whose length nobody asked for ends when a quarter of its validations, and at least four, brought nothing: it
  /// has then learned its text by heart. nil without validation.
  private static func patience(_ data: TrainingData, _ training: TrainingSettings) -> Int? {
    guard data.kind == .language, data.validationTokenCount > 0 else { return nil }
    let stepsPerEpoch = Double(data.trainTokenCount) / Double(training.batch * training.bptt)
    let stepCount = training.length.stepCount(stepsPerEpoch: stepsPerEpoch) ?? 0
    return max(4, stepCount / max(training.validationInterval, 1) / 4)
  }
}
