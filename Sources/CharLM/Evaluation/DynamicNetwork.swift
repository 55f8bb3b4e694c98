import CharLMData
import CharLMText
import RecurrentNN

/// A network that learns from each chunk of a text after it was predicted, never before: dynamic evaluation (Krause,
/// Kahembwe, Murray and Renals, "Dynamic evaluation of neural sequence models", 2018, equations 4 to 7).
///
///     θ ← θ − η · g / (√M + ε) + min(λ · R, 1) · (θ₀ − θ)        R = √M / mean(√M)
///
/// g is the gradient of the chunk's mean loss, M the mean of its square over chunks of the training text, and θ₀ the
/// trained parameters. So a parameter moves by what is unusual in its gradient, and what training relied on most returns
/// fastest. ε is the mean of √M, so that parameters that training hardly ever moved are not thrown about.
///
/// One stream, and the same sums in the same order whatever the number of threads.
final class DynamicNetwork {
  private let trained: ModelSnapshot
  private let weights: NetworkWeights
  private let gradients: ParameterStore
  private let pool: WorkerPool
  private let gradientTasks: [WeightTask]
  private let refreshTasks: [() -> Void]
  private let slices: [Range<Int>]
  /// 1 / (√M + ε) and R; zeros until they are measured, so that nothing moves.
  private let scales: Buffer<Float>
  private let returns: Buffer<Float>
  /// The sum of the squares of the gradients so far, where how large they usually are is learned with everything else.
  private let squares: Buffer<Float>?
  private var squareCount = 0
  let shard: NetworkShard

  /// The most tokens of a chunk.
  static let chunkLength = 32

  /// - Parameter measuresAsItLearns: whether gradients are measured on the text itself, chunk by chunk, instead of by
  ///   `measureGradients`.
  init(_ snapshot: ModelSnapshot, pool: WorkerPool, measuresAsItLearns: Bool = false) {
    trained = snapshot
    self.pool = pool
    let store = ParameterStore(like: snapshot.parameterStore)
    let capacity = NetworkShard.capacity(
      rowCount: DynamicNetwork.chunkLength, batchSize: 1, vocabularyCount: snapshot.tokenizer.vocabulary.count)
    weights = NetworkWeights(snapshot.settings, store: store, plan: PackingPlan(capacity: capacity, isTrained: true))
    gradients = ParameterStore(like: store)
    shard = NetworkShard(weights, rowCount: DynamicNetwork.chunkLength, batchSize: 1)
    gradientTasks = weights.gradientTasks(shards: [shard], gradients: gradients)
    refreshTasks = weights.refreshTasks
    let size = 1 << 15
    slices = stride(from: 0, to: store.flatCount, by: size).map { $0..<min($0 + size, store.flatCount) }
    scales = Buffer(count: store.flatCount)
    returns = Buffer(count: store.flatCount)
    squares = measuresAsItLearns ? Buffer(count: store.flatCount) : nil
    reset()
  }

  /// The parameters as they are now; they change with each `learn`.
  var parameters: ParameterStore { weights.store }

  /// Back to the trained parameters and the zero state.
  func reset() {
    weights.store.flat.copy(from: trained.parameterStore.flat)
    refresh()
    shard.stack.resetState()
    squares?.view.fill(0)
    squareCount = 0
  }

  /// Reads a chunk: the state moves on, and the shard's logits are those of what follows each token.
  /// - Parameters:
  ///   - chunk: the tokens and the one that follows the last.
  ///   - documentID: the token that begins a new text; nil where none does.
  func predict(_ chunk: View<Int32>, documentID: TokenID?) {
    let count = chunk.count - 1
    shard.walk.setUniform(timeStepCount: count, batchSize: 1)
    for step in 0..<count {
      shard.tokens[step] = chunk[step]
      shard.targets[step] = chunk[step + 1]
      if let documentID, chunk[step] == documentID { shard.walk.addReset(step: step, row: 0) }
    }
    shard.forward(noise: nil)
  }

  /// Learns from the chunk that was read last, whose logits are used up.
  func learn(_ rates: DynamicRates) {
    makeGradients()
    if let squares { measure(into: squares.view) }
    let (store, origin) = (weights.store, trained.parameterStore)
    pool.run(slices.count) { number in
      let slice = slices[number]
      Kernels.active.adapt(
        store.flat[slice], gradient: gradients.flat[slice], scales: scales.view[slice], returns: returns.view[slice],
        origin: origin.flat[slice], rate: rates.learningRate, decay: rates.decay)
    }
    refresh()
  }

  /// Measures how large gradients usually are, on chunks of a text that lie evenly over it.
  /// - Throws: `TokenFileError` where the text lies in a file that cannot be read.
  func measureGradients(_ text: TokenText, documentID: TokenID?, chunkCount: Int) throws(TokenFileError) {
    reset()
    let chunk = Buffer<Int32>(count: DynamicNetwork.chunkLength + 1)
    let squares = Buffer<Float>(count: scales.count)
    let count = min(chunkCount, (text.count - 1) / DynamicNetwork.chunkLength)
    for number in 0..<count {
      let start = number * (text.count - chunk.count) / max(count - 1, 1)
      try chunk.view.copy(start..<start + chunk.count, of: text)
      shard.stack.resetState()
      predict(chunk.view, documentID: documentID)
      makeGradients()
      addSquares(to: squares.view)
    }
    setScales(squares.view, count: Float(max(count, 1)))
    reset()
  }

  private func addSquares(to squares: View<Float>) {
    pool.run(slices.count) { number in
      let (sums, part) = (squares[slices[number]], gradients.flat[slices[number]])
      for index in 0..<part.count { sums[index] += part[index] * part[index] }
    }
  }

  /// Takes the chunk's gradients into the measure. What is usual changes little with one chunk among many.
  private func measure(into squares: View<Float>) {
    addSquares(to: squares)
    squareCount += 1
    if squareCount <= 32 || squareCount % 32 == 0 { setScales(squares, count: Float(squareCount)) }
  }

  private func setScales(_ squares: View<Float>, count: Float) {
    var sum = 0.0
    for index in 0..<squares.count { sum += Double((squares[index] / count).squareRoot()) }
    // The gaps between parameters are zeros, and count for nothing.
    let mean = Float(sum / Double(weights.store.parameterCount))
    guard mean > 0 else { return }
    for index in 0..<squares.count {
      let root = (squares[index] / count).squareRoot()
      scales.view[index] = 1 / (root + mean)
      returns.view[index] = root / mean
    }
  }

  private func makeGradients() {
    let none = ActivationPenalties(nil)
    _ = shard.learnFromLogits(scale: 1 / Float(DynamicNetwork.chunkLength), noise: nil, penalties: none)
    pool.run(gradientTasks.count) { gradientTasks[$0].run() }
  }

  private func refresh() { pool.run(refreshTasks.count) { refreshTasks[$0]() } }
}
