import CharLM
import CharLMData
import RecurrentNN

/// The arithmetic of a training step over this rank's shards: forward and backward, gradients, clipping, update.
///
/// A step has few joins: the shards run the whole chunk each, then the weight gradients are made in slices, then their
/// norm, then the update, then the packed copies. No buffer is allocated in a step.
///
/// Where several ranks share each step, there are more joins: the gradients of a layer are made as soon as all shards have
/// run back through it, and are on their way to the other ranks while the layer below is under way. From the sum on all
/// ranks do the same with the same numbers.
package final class ShardedNetwork {
  package let weights: NetworkWeights
  package let shards: [NetworkShard]
  package let gradients: ParameterStore
  package let optimizer: OptimizerState
  /// An exponential moving mean of the parameters, where one is kept.
  package let average: ParameterStore?
  private let averageDecay: Float
  package let pool: WorkerPool
  /// Which of the batch's shards these are.
  private let shardRange: ShardRange
  private let communicator: Communicator
  /// Where several ranks share each step: the gradients in the order in which they are made, and their sums.
  private let stages: [GradientStage]
  package let sums: BackgroundSums?
  private let gradientTasks: [WeightTask]
  private let refreshTasks: [() -> Void]
  private let dropTasks: [() -> Void]
  /// Whether the packed weights are a step's own, with elements dropped: not to be read with.
  package let dropsWeights: Bool
  private let slices: [(range: Range<Int>, isUpdated: Bool)]
  private let shardNats: Buffer<Double>
  private let sliceNorms: Buffer<Double>

  /// - Parameters:
  ///   - batchSize: rows of a step over the shards of all ranks.
  ///   - timeStepCapacity: the most time steps of a chunk.
  ///   - shardRange: the shards of this rank.
  ///   - averageDecay: that of the parameters' moving mean, 0 for none.
  ///   - communicator: the ranks that share each step.
  ///   - wire: what gradients are sent in.
  package init(
    _ settings: NetworkSettings, store: ParameterStore, optimizer: OptimizerSettings, batchSize: Int,
    timeStepCapacity: Int, shardRange: ShardRange, threadCount: Int, precision: Precision = .float32,
    averageDecay: Float = 0, dropsWeights: Bool = false, communicator: Communicator = .alone, wire: Precision = .float32
  ) {
    let shardCount = shardRange.count
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
    self.shardRange = shardRange
    self.communicator = communicator
    shards = shardRange.numbers.map { number in
      let rows = shardRange.rows(ofShard: number, batchSize: batchSize)
      return NetworkShard(
        weights, rowCount: rows.count * timeStepCapacity, batchSize: rows.count, firstRow: rows.lowerBound)
    }
    gradients = ParameterStore(like: store)
    self.optimizer = OptimizerState(optimizer, for: store, precision: precision)
    self.averageDecay = averageDecay
    average = averageDecay > 0 ? ParameterStore(like: store) : nil
    average?.flat.copy(from: store.flat)
    pool = WorkerPool(threadCount: min(threadCount, shards.count))
    gradientTasks = weights.gradientTasks(shards: shards, gradients: gradients)
    stages = communicator.isAlone ? [] : GradientStage.stages(gradientTasks, threadCount: pool.threadCount)
    sums =
      communicator.isAlone
      ? nil : BackgroundSums(stages.map { RankSum($0.places, over: communicator, precision: wire) })
    refreshTasks = weights.refreshTasks
    dropTasks = weights.stack.dropTasks
    slices = self.optimizer.slices(of: 1 << 15)
    shardNats = Buffer(count: shardCount)
    sliceNorms = Buffer(count: slices.count)
    refresh()
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

  /// Sets the shards for a step.
  /// - Returns: their number of targets.
  package func fill(from source: some BatchSource, step: Int) throws(TokenFileError) -> Int {
    try source.fill(shards, shardRange, step: step)
  }

  /// Runs every shard's chunk and makes the gradients of their mean loss; that of all ranks, where they share the step.
  /// - Parameters:
  ///   - targetCount: of these shards.
  ///   - noise: the step's masks, and what is added to the gradients; nil for nothing.
  package func computeGradients(targetCount: Int, noise: StepNoise?) -> BatchLoss {
    let rowCount = shards.reduce(0) { $0 + $1.walk.rowCount }
    let pairCount = shards.reduce(0) { $0 + $1.walk.pairCount }
    let counts = communicator.sums([Double(targetCount), Double(rowCount), Double(pairCount)])
    let scale = 1 / Float(max(counts[0], 1))
    if dropsWeights { dropWeights(noise ?? StepNoise(seed: 0, step: 0)) }
    let penalties = ActivationPenalties(
      noise?.regularization, width: weights.settings.shape.outputSize, rowCount: Int(counts[1]),
      pairCount: Int(counts[2]))
    let nats = shardNats.view
    if let sums {
      pool.run(shards.count) { number in
        shards[number].forward(noise: noise)
        nats[number] = shards[number].learnDecoder(scale: scale, penalties: penalties)
      }
      makeGradients(sums, noise: noise, penalties: penalties)
    } else {
      pool.run(shards.count) { number in
        nats[number] = shards[number].learn(scale: scale, noise: noise, penalties: penalties)
      }
      pool.run(gradientTasks.count) { gradientTasks[$0].run() }
    }
    let sum = communicator.sums([(0..<shards.count).reduce(0) { $0 + nats[$1] }])
    return BatchLoss(nats: sum[0], targetCount: Int(counts[0]))
  }

  /// Backward layer by layer, the gradients of each on their way while the next one is under way.
  private func makeGradients(_ sums: BackgroundSums, noise: StepNoise?, penalties: ActivationPenalties) {
    var layer = weights.settings.shape.layerCount
    for stage in stages {
      while layer > stage.layer {
        layer -= 1
        pool.run(shards.count) { shards[$0].learnLayer(layer, noise: noise, penalties: penalties) }
      }
      pool.run(stage.tasks.count) { stage.tasks[$0].run() }
      sums.startNext()
    }
    sums.finish()
  }

  /// The norm of all gradients together: the first rank's, for another CPU may add it up in another order.
  package func gradientNorm() -> Double {
    let norms = sliceNorms.view
    pool.run(slices.count) { norms[$0] = Kernels.active.squaredNorm(gradients.flat[slices[$0].range]) }
    let norm = (0..<slices.count).reduce(0) { $0 + norms[$1] }.squareRoot()
    return communicator.sums([communicator.isFirst ? norm : 0])[0]
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

/// The loss of a batch.
package struct BatchLoss: Hashable, Sendable {
  /// The sum of −log p over the targets, in nats.
  package let nats: Double
  package let targetCount: Int
}

/// Gradients that are made at the same time and sent together.
private struct GradientStage {
  /// After whose backward pass they can be made; see `WeightTask`.
  let layer: Int
  let tasks: [WeightTask]
  var places: [Matrix] { tasks.flatMap(\.places) }

  /// The stages in the order of backward, the last layer first: of a layer as many tasks at a time as there are threads, so
  /// that the first are on their way while the last are made.
  static func stages(_ tasks: [WeightTask], threadCount: Int) -> [GradientStage] {
    Set(tasks.map(\.layer)).sorted(by: >).flatMap { layer in
      let ofLayer = tasks.filter { $0.layer == layer }
      return stride(from: 0, to: ofLayer.count, by: stageSize(threadCount)).map { start in
        GradientStage(layer: layer, tasks: Array(ofLayer[start..<min(start + stageSize(threadCount), ofLayer.count)]))
      }
    }
  }

  private static func stageSize(_ threadCount: Int) -> Int { max(threadCount, 2) }
}
