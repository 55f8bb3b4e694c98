import CharLM
import RecurrentNN

/// Chooses what the user did not.
///
/// The recipes were found by training on corpora of several sizes (see the tables in Benchmarks/README.md).
public enum AutomaticSettings {
  /// The number of shards of a batch: rows enough for products of a good size, shards enough for the cores.
  public static func shardCount(batch: Int) -> Int { max(1, min(2, batch)) }

  /// Full settings for a job.
  /// - Parameter speed: where the length is a time, what the machine does in it: the network is then chosen for the
  ///   tokens that the time is enough for, and the length ends where more training is of no use.
  /// - Throws: `SettingsError` where requested sizes do not fit the corpus or each other.
  public static func settings(
    for job: TrainingData, requested: RequestedSettings, speed: MachineSpeed? = nil
  ) throws(SettingsError) -> (model: NetworkSettings, training: TrainingSettings) {
    let recipe = recipe(job, requested, speed)
    let model = try model(recipe, requested)
    let (batch, bptt) = try batch(recipe, requested, job: job)
    let length = recipe.endsEarly ? .epochs(recipe.epochs) : requested.length ?? .epochs(recipe.epochs)
    let optimizer = optimizer(recipe, requested)
    let schedule = LearningRateSchedule(
      kind: requested.schedule ?? .cosine,
      peak: requested.learningRate ?? recipe.learningRate(hidden: model.hidden, optimizer: optimizer.kind),
      warmupStepCount: requested.warmup ?? recipe.warmup)
    let training = TrainingSettings(
      batch: batch, bptt: bptt, length: length, optimizer: optimizer, schedule: schedule,
      clip: requested.clip ?? 1, randomSeed: requested.randomSeed ?? 1, shards: shardCount(batch: batch),
      validationInterval: validationInterval(job, tokensPerStep: batch * bptt),
      precision: requested.precision ?? .float32, averageDecay: requested.averageDecay ?? recipe.averageDecay,
      isJittered: requested.isJittered ?? false, patience: requested.patience,
      timeLimit: recipe.endsEarly ? requested.length?.seconds : nil,
      regularization: requested.regularization.filled(from: recipe.regularization))
    return (model, training)
  }

  /// Weight decay of the recipe's size is AdamW's; the other rules would add it to the gradient.
  private static func optimizer(_ recipe: Recipe, _ requested: RequestedSettings) -> OptimizerSettings {
    let kind = requested.optimizer ?? .adamw
    return OptimizerSettings(
      kind: kind, beta2: 0.99, weightDecay: requested.weightDecay ?? (kind == .adamw ? recipe.weightDecay : 0),
      momentum: requested.momentum ?? (kind == .sgd ? 0.9 : 0))
  }

  private static func recipe(_ job: TrainingData, _ requested: RequestedSettings, _ speed: MachineSpeed?) -> Recipe {
    guard job.kind == .language else { return Recipe(pairsOf: job) }
    if case .budget(let seconds) = requested.length, let speed {
      return Recipe(job, seconds: seconds, speed: speed, requested)
    }
    var epochs: Double?
    switch requested.length {
    case .epochs(let count): epochs = count
    case .steps(let count):
      let usual = Recipe(tokenCount: job.trainTokenCount)
      let tokensPerStep = (requested.batch ?? usual.batch) * (requested.bptt ?? usual.bptt)
      epochs = Double(count * tokensPerStep) / Double(job.trainTokenCount)
    case .budget, nil: break
    }
    return Recipe(tokenCount: job.trainTokenCount, epochs: epochs)
  }

  private static func model(_ recipe: Recipe, _ requested: RequestedSettings) throws(SettingsError) -> NetworkSettings {
    let hidden = requested.hidden ?? recipe.hidden
    let isTied = requested.tied ?? false
    let embedding = requested.embedding ?? (isTied ? hidden : min(recipe.embedding, hidden))
    guard !isTied || embedding == hidden else { throw .tiedSizes(embedding: embedding, hidden: hidden) }
    return NetworkSettings(
      cell: requested.cell ?? .lstm, nonlinearity: requested.nonlinearity ?? .tanh,
      layers: requested.layers ?? recipe.layers, hidden: hidden, embedding: embedding,
      dropout: requested.dropout ?? recipe.dropout, tied: isTied, bidirectional: requested.bidirectional ?? false,
      layerNorm: requested.layerNorm ?? false)
  }

  /// Chosen sizes shrink until the text gives each stream several chunks; given sizes that do not fit are an error.
  private static func batch(
    _ recipe: Recipe, _ requested: RequestedSettings, job: TrainingData
  ) throws(SettingsError) -> (batch: Int, bptt: Int) {
    if let pairCount = job.pairCount {
      return (min(requested.batch ?? recipe.batch, pairCount), job.longestPair ?? 1)
    }
    let tokenCount = job.trainTokenCount
    var batch = requested.batch ?? recipe.batch
    var bptt = requested.bptt ?? recipe.bptt
    if requested.batch == nil { while batch > 1, batch * bptt * 4 > tokenCount { batch /= 2 } }
    if requested.bptt == nil { while bptt > 4, batch * bptt + 1 > tokenCount { bptt /= 2 } }
    guard batch * bptt + 1 <= tokenCount else {
      throw .batchTooLarge(batch: batch, bptt: bptt, tokenCount: tokenCount)
    }
    return (batch, bptt)
  }

  /// So many steps that validation, which costs about a third of training for each token, takes about a twentieth of
  /// the time. A function of sizes alone, so that runs repeat.
  private static func validationInterval(_ job: TrainingData, tokensPerStep: Int) -> Int {
    max(20, job.validationTokenCount * 6 / max(tokensPerStep, 1))
  }
}
