import CharLM
import CharLMData
import CharLMText
import RecurrentNN

/// What one step did.
public struct StepReport: Hashable, Sendable {
  /// Steps made so far, this one included.
  public let step: Int
  /// The mean loss of the step's targets, in nats.
  public let nats: Double
  /// The norm of all gradients before clipping.
  public let gradientNorm: Double
  /// The learning rate of the update.
  public let learningRate: Float
  /// The number of targets.
  public let tokenCount: Int

  /// Whether the step was skipped: a non-finite loss or gradient, the parameters stayed as they were.
  public var isSkipped: Bool { !(nats.isFinite && gradientNorm.isFinite) }
}

/// Why training cannot go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Loss or gradient stayed non-finite, or the loss worse than that of guessing, however often the run rolled back.
  case diverged(step: Int, rollbackCount: Int)
  /// The tokens of the training text can no longer be read.
  case tokens(TokenFileError)
  /// A saved state does not fit the run.
  case stateMismatch(name: String, expected: Int, found: Int)
  /// This CPU does not support the requested precision.
  case unavailable(Precision)

  /// One line: what happened.
  public var description: String {
    switch self {
    case .diverged(let step, let count):
      "training diverged at step \(step), after \(count) rollbacks that each lowered the learning rate"
    case .tokens(let error): error.description
    case .stateMismatch(let name, let expected, let found):
      "the saved state has \(found) values of \(name), not \(expected)"
    case .unavailable(let precision):
      "this CPU does not support the precision \(precision.rawValue), which needs AVX-512 with BF16"
    }
  }
}

/// Trains a network step by step: truncated backpropagation through time, clipping, an optimizer's update.
///
/// A stepper: whoever drives it decides when to validate, save, show progress or stop. It knows no clock; how much
/// of the run is over comes with each step.
///
/// Of several ranks each has a trainer, with its own rows of every batch. They make a step together and have the same
/// parameters after each; or, with a `RankSettings.syncInterval`, after so many of their own.
public final class Trainer {
  /// The network's sizes.
  public let network: NetworkSettings
  /// How it is trained.
  public let settings: TrainingSettings
  /// Steps made, skipped ones included.
  public internal(set) var stepCount = 0
  /// A factor of the schedule's rate, for whoever drives the trainer: 1 until something calls for less.
  public internal(set) var rateFactor: Float = 1
  /// Called with a step's number and its gradients before they are used: for tests, which put a NaN there.
  package var onGradients: ((Int, ParameterStore) -> Void)?

  package let source: any BatchSource
  package let shardedNetwork: ShardedNetwork
  /// The ranks of the run.
  package let communicator: Communicator
  /// What brings ranks together that make steps of their own; nil where they share each step.
  let outerOptimizer: OuterOptimizer?
  let carriedStates: CarriedStates

  /// - Parameter communicator: the ranks that train together, each with a trainer of the same settings.
  package init(
    network: NetworkSettings, parameters: ParameterStore, source: any BatchSource, settings: TrainingSettings,
    threadCount: Int, communicator: Communicator = .alone
  ) {
    self.network = network
    self.settings = settings
    self.source = source
    self.communicator = communicator
    let shardCount = Trainer.shardCount(settings, batchSize: source.batchSize, rankCount: communicator.size)
    let range = ShardRange(rank: communicator.rank, size: communicator.size, shardCount: shardCount)
    let ranks = settings.ranks ?? RankSettings(count: communicator.size)
    let isLocal = ranks.syncInterval > 1 && !communicator.isAlone
    shardedNetwork = ShardedNetwork(
      network, store: parameters, optimizer: settings.optimizer, batchSize: source.batchSize,
      timeStepCapacity: source.timeStepCapacity, shardRange: range, threadCount: threadCount,
      precision: settings.precision, averageDecay: settings.averageDecay,
      dropsWeights: settings.regularization.weightDrop > 0, communicator: isLocal ? .alone : communicator,
      wire: ranks.wire)
    outerOptimizer =
      isLocal
      ? OuterOptimizer(
        parameters, average: shardedNetwork.average, settings: ranks, communicator: communicator) : nil
    carriedStates = CarriedStates(
      source.carriesState ? shardedNetwork.shards.map(\.stack) : [],
      batchSize: source.batchSize, firstRow: shardedNetwork.shards.first?.firstRow ?? 0, communicator: communicator)
  }

  /// The shards of all ranks: as many for each as the settings ask for one process, but at least a row for each.
  /// - Precondition: no fewer rows than ranks.
  private static func shardCount(_ settings: TrainingSettings, batchSize: Int, rankCount: Int) -> Int {
    precondition(batchSize >= rankCount, "\(batchSize) rows for \(rankCount) ranks")
    return rankCount * max(1, min(settings.shards, batchSize / rankCount))
  }

  /// Steps made, as a multiple of the training text.
  public var epochs: Double { Double(stepCount) / source.stepsPerEpoch }

  /// The number of steps that the run has, nil where the clock decides.
  public var totalStepCount: Int? { settings.length.stepCount(stepsPerEpoch: source.stepsPerEpoch) }

  /// One step, or as many as ranks make by themselves before they meet. A step is skipped where loss or gradient is not
  /// finite: the parameters stay, the carried state is reset.
  /// - Parameters:
  ///   - progress: how much of the run is over, 0 to 1; nil for what the settings' number of steps says. (Where they give a
  ///     time, the trainer, which knows no clock, stays at the beginning of the schedule.)
  ///   - rate: the learning rate, in place of the schedule's.
  ///   - limit: the most steps that ranks may make before they meet.
  ///   - progressOfStep: how much of the run each of these is.
  /// - Throws: `TrainingError.tokens` where the text lies in a file that cannot be read any more.
  public func step(
    progress: Double? = nil, rate: Float? = nil, limit: Int = .max, progressOfStep: Double = 0
  ) throws(TrainingError) -> StepReport {
    if let outerOptimizer {
      return try round(outerOptimizer, progress: progress, rate: rate, limit: limit, progressOfStep: progressOfStep)
    }
    return try makeStep(progress: progress, rate: rate)
  }

  func makeStep(progress: Double?, rate: Float?) throws(TrainingError) -> StepReport {
    let progress = progress ?? totalStepCount.map { Double(stepCount) / Double($0) } ?? 0
    let targetCount: Int
    do throws(TokenFileError) {
      targetCount = try shardedNetwork.fill(from: source, step: stepCount)
    } catch {
      throw .tokens(error)
    }
    if !source.carriesState { resetStates() }
    let noise = StepNoise(
      seed: settings.randomSeed, step: stepCount, dropout: network.dropout, regularization: settings.regularization)
    let loss = shardedNetwork.computeGradients(targetCount: targetCount, noise: noise)
    let nats = loss.nats / Double(max(loss.targetCount, 1))
    onGradients?(stepCount, shardedNetwork.gradients)
    let norm = shardedNetwork.gradientNorm()
    let rate =
      rate ?? settings.schedule.rate(step: stepCount, progress: progress) * rateFactor
      * source.rateFactor(step: stepCount)
    stepCount += 1
    let report = StepReport(
      step: stepCount, nats: nats, gradientNorm: norm, learningRate: rate, tokenCount: loss.targetCount)
    if report.isSkipped {
      resetStates()
    } else {
      shardedNetwork.update(scale: clippingFactor(norm: norm, limit: settings.clip), rate: rate)
    }
    return report
  }

  func resetStates() { for shard in shardedNetwork.shards { shard.stack.resetState() } }

  package var parameters: ParameterStore { shardedNetwork.weights.store }

  /// What is validated and saved: the parameters' moving mean where there is one, else the parameters.
  package var result: ParameterStore { shardedNetwork.average ?? parameters }

  /// Whether `result`, packed as validation needs it, is what the next step multiplies with.
  private var sharesWeights: Bool {
    settings.precision == .float32 && shardedNetwork.average == nil && !shardedNetwork.dropsWeights
  }

  /// An evaluator of `result` as it is at each of its uses, in float32.
  package func makeEvaluator() -> Evaluator {
    guard !sharesWeights else { return Evaluator(shardedNetwork.weights, pool: shardedNetwork.pool) }
    return Evaluator(Evaluator.weights(network, store: result), pool: shardedNetwork.pool, repacks: true)
  }

  /// `result` as it is now, in float32, packed for batches of pairs.
  package func weights(forRows rowCount: Int, batchSize: Int) -> NetworkWeights {
    guard !sharesWeights else { return shardedNetwork.weights }
    let capacity = NetworkShard.capacity(
      rowCount: rowCount, batchSize: batchSize, vocabularyCount: shardedNetwork.weights.inputVocabularyCount)
    let weights = NetworkWeights(network, store: result, plan: PackingPlan(capacity: capacity, isTrained: false))
    for task in weights.refreshTasks { task() }
    return weights
  }
}
