import CharLM
import RecurrentNN

/// The arithmetic of a training step over all shards: forward and backward, gradients, clipping, update.
///
/// A step has few joins: the shards run the whole chunk each, then the weight gradients are made in slices, then their
/// norm, then the update, then the packed copies. Nothing is allocated in a step.
package final class ShardedNetwork {
  package let weights: NetworkWeights
  package let shards: [NetworkShard]
  package let gradients: ParameterStore
  package let optimizer: OptimizerState
  /// An exponential moving mean of the parameters, where one is kept.
  package let average: ParameterStore?
  private let averageDecay: Float
  package let pool: WorkerPool
  private let gradientTasks: [WeightTask]
  private let refreshTasks: [() -> Void]
  private let dropTasks: [() -> Void]
  /// Whether the packed weights are a step's own, with elements dropped: not to be read with.
  package let dropsWeights: Bool
  private let slices: [(range: Range<Int>, isUpdated: Bool)]
  private let shardNats: Buffer<Double>
  private let sliceNorms: Buffer<Double>

  /// - Parameters:
  ///   - batchSize: rows of a step over all shards.
  ///   - timeStepCapacity: the most time steps of a chunk.
  ///   - averageDecay: that of the parameters' moving mean, 0 for none.
  package init(
    _ settings: NetworkSettings, store: ParameterStore, optimizer: OptimizerSettings, batchSize: Int,
    timeStepCapacity: Int,
    shardCount: Int, threadCount: Int, precision: Precision = .float32, averageDecay: Float = 0,
    dropsWeights: Bool = false
  ) {
    precondition(shardCount >= 1 && shardCount <= batchSize, "\(shardCount) shards of \(batchSize) rows")
    let largest = (batchSize + shardCount - 1) / shardCount
    let capacity = NetworkShard.capacity(
      rowCount: largest * timeStepCapacity, batchSize: largest,
      vocabularyCount: store.matrix(named: ParameterName.embedding).rowCount)
    var plan = PackingPlan(capacity: capacity, isTrained: true, precision: precision)
    plan.dropsWeights = dropsWeights
    let weights = NetworkWeights(settings, store: store, plan: plan)
    self.weights = weights
    self.dropsWeights = dropsWeights
    shards = (0..<shardCount).map { number in
      let rows = ShardedNetwork.rows(ofShard: number, shardCount: shardCount, batchSize: batchSize)
      return NetworkShard(
        weights, rowCount: rows.count * timeStepCapacity, batchSize: rows.count, firstRow: rows.lowerBound)
    }
    gradients = ParameterStore(like: store)
    self.optimizer = OptimizerState(optimizer, for: store, precision: precision)
    self.averageDecay = averageDecay
    average = averageDecay > 0 ? ParameterStore(like: store) : nil
    average?.flat.copy(from: store.flat)
    pool = WorkerPool(threadCount: min(threadCount, shardCount))
    gradientTasks = weights.gradientTasks(shards: shards, gradients: gradients)
    refreshTasks = weights.refreshTasks
    dropTasks = weights.stack.dropTasks
    slices = self.optimizer.slices(of: 1 << 15)
    shardNats = Buffer(count: shardCount)
    sliceNorms = Buffer(count: slices.count)
    refresh()
  }

  /// The rows of the batch that a shard owns: as even as can be, the first ones larger.
  package static func rows(ofShard shard: Int, shardCount: Int, batchSize: Int) -> Range<Int> {
    let (size, rest) = batchSize.quotientAndRemainder(dividingBy: shardCount)
    let start = shard * size + min(shard, rest)
    return start..<start + size + (shard < rest ? 1 : 0)
  }

  /// Brings the packed weights up to date after the store was changed from outside. With weight drop that is left to
  /// the next step, which alone knows its mask.
  package func refresh() {
    if !dropsWeights { pack() }
  }

  /// Brings all that follows the parameters up to date after they were replaced from outside.
  package func parametersReplaced() {
    average?.flat.copy(from: weights.store.flat)
    refresh()
  }

  private func pack() { pool.run(refreshTasks.count) { refreshTasks[$0]() } }

  private func dropWeights(_ noise: StepNoise) {
    weights.stack.drop(noise.weightDropPlan)
    pool.run(dropTasks.count) { dropTasks[$0]() }
    pack()
  }

  /// Runs every shard's chunk and makes the gradients of their mean loss.
  /// - Parameter noise: the step's masks, and what is added to the gradients; nil for nothing.
  /// - Returns: the sum of −log p over the targets, in nats.
  package func computeGradients(targetCount: Int, noise: StepNoise?) -> Double {
    let scale = 1 / Float(max(targetCount, 1))
    if dropsWeights { dropWeights(noise ?? StepNoise(seed: 0, step: 0)) }
    let penalties = ActivationPenalties(noise?.regularization, shards: shards)
    let nats = shardNats.view
    pool.run(shards.count) { number in
      nats[number] = shards[number].learn(scale: scale, noise: noise, penalties: penalties)
    }
    pool.run(gradientTasks.count) { gradientTasks[$0].run() }
    return (0..<shards.count).reduce(0) { $0 + nats[$1] }
  }

  /// The norm of all gradients together.
  package func gradientNorm() -> Double {
    let norms = sliceNorms.view
    pool.run(slices.count) { norms[$0] = Kernels.active.squaredNorm(gradients.flat[slices[$0].range]) }
    return (0..<slices.count).reduce(0) { $0 + norms[$1] }.squareRoot()
  }

  /// Moves the parameters by the gradients times `scale`, and their mean after them.
  package func update(scale: Float, rate: Float) {
    optimizer.beginStep(weights.store, gradients: gradients, scale: scale, rate: rate, run: pool.run)
    // A young mean must not hold on to the initial values: of n updates it remembers about n / 10.
    let count = Float(optimizer.stepCount)
    let rest = 1 - min(averageDecay, (1 + count) / (10 + count))
    pool.run(slices.count) { number in
      let (slice, isUpdated) = slices[number]
      if isUpdated { optimizer.update(slice, of: weights.store, gradients: gradients, scale: scale, rate: rate) }
      if let average { Kernels.active.average(weights.store.flat[slice], into: average.flat[slice], rest: rest) }
    }
    refresh()
  }
}
