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

  /// The same for a machine of a known speed.
  /// - Parameter speed: how fast this machine trains. Where the requested length is a time, the network is then chosen
  ///   for the tokens that can be trained in it, and training ends early where more of it would not help.
  package static func settings(
    for data: TrainingData, requested: RequestedSettings, speed: MachineSpeed?
  ) throws(SettingsError) -> RunSettings {
    let recipe = recipe(data, requested, speed)
    var settings = requested.applied(to: RunSettings(network: recipe.network, training: recipe.training))
    // What follows from other settings is chosen once those are known, and may be requested itself.
    recipe.complete(&settings)
    settings = requested.applied(to: settings)
    if recipe.endsEarly {
      (settings.training.length, settings.training.timeLimit) =
        (.epochs(recipe.epochs), requested[\.training.length]?.seconds)
    }
    try check(settings.network)
    try fitBatch(of: &settings.training, requested, to: data)
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
      return Recipe(
        tokenCount: data.trainTokenCount, epochs: Double(count * tokensPerStep) / Double(data.trainTokenCount))
    case nil: return Recipe(tokenCount: data.trainTokenCount)
    }
  }

  private static func check(_ network: NetworkSettings) throws(SettingsError) {
    guard !network.tied || network.embedding == network.hidden else {
      throw .tiedSizes(embedding: network.embedding, hidden: network.hidden)
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
      if requested[\.training.bptt] == nil {
        while training.bptt > 4, training.batch * training.bptt + 1 > tokenCount { training.bptt /= 2 }
      }
      guard training.batch * training.bptt + 1 <= tokenCount else {
        throw .batchTooLarge(batch: training.batch, bptt: training.bptt, tokenCount: tokenCount)
      }
    }
    training.shards = shardCount(batch: training.batch)
    training.validationInterval = validationInterval(data, tokensPerStep: training.batch * training.bptt)
  }

  /// The number of shards of a batch: rows enough for products of a good size, shards enough for the cores.
  package static func shardCount(batch: Int) -> Int { max(1, min(2, batch)) }

  /// Validation of a token costs about a third of training on it: at this interval it takes about a twentieth of the
  /// time. A function of sizes alone, so that runs repeat.
  private static func validationInterval(_ data: TrainingData, tokensPerStep: Int) -> Int {
    max(20, data.validationTokenCount * 6 / max(tokensPerStep, 1))
  }
}
