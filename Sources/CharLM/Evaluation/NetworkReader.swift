import CharLMData
import CharLMText
import RecurrentNN
import Synchronization

/// Reads with a network, or with several whose probabilities are averaged, many stretches side by side in chunks.
final class NetworkReader: StretchReader {
  static let longestBatch = 32
  private static let rowsOfShard = 16
  /// Time steps that are read at once: fewer where the logits of a large vocabulary would take more than 256 MB.
  private let chunkLength: Int

  let largestBatch = NetworkReader.longestBatch
  private let pool: WorkerPool
  private let shards: [EvaluationShard]
  private let refreshTasks: [() -> Void]
  private let nats: [Buffer<Float>]
  private let best: [Buffer<Int32>]
  /// A shard's tokens of one stretch.
  private let chunks: [Buffer<Int32>]
  /// The first failure of a shard to read tokens.
  private let failure = Mutex<TokenFileError?>(nil)

  /// - Parameters:
  ///   - weights: of each network; all have the same vocabulary.
  ///   - repacks: whether the weights' packed copies are its own to bring up to date before each use.
  init(_ weights: [NetworkWeights], pool: WorkerPool, repacks: Bool) {
    self.pool = pool
    refreshTasks = repacks ? weights.flatMap(\.refreshTasks) : []
    let rowsOfShard = NetworkReader.rowsOfShard
    let chunkLength = NetworkReader.chunkLength(vocabularyCount: weights.map(\.outputVocabularyCount).max() ?? 1)
    self.chunkLength = chunkLength
    shards = (0..<NetworkReader.longestBatch / rowsOfShard).map { number in
      EvaluationShard(
        weights, rowCount: rowsOfShard * chunkLength, batchSize: rowsOfShard,
        firstRow: number * rowsOfShard)
    }
    nats = shards.map { Buffer(count: $0.first.capacity.rowCount) }
    best = shards.map { Buffer(count: $0.first.capacity.rowCount) }
    chunks = shards.map { _ in Buffer(count: chunkLength + 1) }
  }

  private static func chunkLength(vocabularyCount: Int) -> Int {
    max(1, min(64, (1 << 26) / (longestBatch * max(vocabularyCount, 1))))
  }

  /// A saved model's weights, packed for this reader.
  static func weights(of snapshot: ModelSnapshot) -> NetworkWeights {
    let length = chunkLength(vocabularyCount: snapshot.outputTokenizer.vocabulary.count)
    return snapshot.inferenceWeights(rowCount: rowsOfShard * length, batchSize: rowsOfShard)
  }

  /// A store's weights in float32, to be packed by a reader that `repacks`.
  static func weights(_ settings: NetworkSettings, store: ParameterStore) -> NetworkWeights {
    let length = chunkLength(vocabularyCount: store.view(named: ParameterName.decoderBias).count)
    let capacity = NetworkShard.capacity(
      rowCount: rowsOfShard * length, batchSize: rowsOfShard,
      vocabularyCount: store.matrix(named: ParameterName.embedding).rowCount)
    return NetworkWeights(settings, store: store, plan: PackingPlan(capacity: capacity, isTrained: false))
  }

  func read(
    _ tokens: TokenText, _ stretches: [Stretch], documentID: TokenID?, observer: PredictionObserver
  ) throws(TokenFileError) -> Evaluation {
    pool.run(refreshTasks.count) { refreshTasks[$0]() }
    // The longest first, as a packed walk wants them; stretches are dealt to the shards in turn.
    let sorted = stretches.sorted { $0.length > $1.length }
    let dealt = shards.indices.map { shard in
      stride(from: shard, to: sorted.count, by: shards.count).map { sorted[$0] }
    }
    let results = Buffer<ShardSums>(count: shards.count)
    failure.withLock { $0 = nil }
    pool.run(shards.count) { number in
      do throws(TokenFileError) {
        results.view[number] = try read(
          tokens, dealt[number], documentID: documentID, observer: observer, on: number)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    var total = Evaluation()
    for number in shards.indices { total.add(results.view[number].evaluation) }
    return total
  }

  private func read(
    _ tokens: TokenText, _ stretches: [Stretch], documentID: TokenID?, observer: PredictionObserver, on number: Int
  ) throws(TokenFileError) -> ShardSums {
    let shard = shards[number]
    shard.resetState()
    var sums = ShardSums()
    let longest = stretches.first?.length ?? 0
    for time in stride(from: 0, to: longest, by: chunkLength) {
      try fill(shard.first, tokens, stretches, from: time, chunk: chunks[number].view)
      if let documentID { addResets(to: shard.first, at: documentID) }
      let rows = 0..<shard.first.walk.rowCount
      let rowNats = nats[number].view[rows]
      shard.evaluate(nats: rowNats, best: best[number].view[rows])
      sums.add(rowNats, best[number].view[rows], targets: shard.first.targets)
      if observer.losses != nil || observer.logits != nil {
        tell(observer, rowNats, of: stretches, from: time, on: shard.first)
      }
    }
    return sums
  }

  /// Sets the walk, and each stretch's tokens and targets of the next time steps.
  private func fill(
    _ shard: NetworkShard, _ tokens: TokenText, _ stretches: [Stretch], from time: Int, chunk: View<Int32>
  ) throws(TokenFileError) {
    shard.walk.set(
      lengths: stretches.lazy.map { [chunkLength] in min($0.length - time, chunkLength) }.prefix { $0 > 0 })
    guard shard.walk.timeStepCount > 0 else { return }
    for row in 0..<shard.walk.rows(at: 0).count {
      let stretch = stretches[row]
      let first = stretch.start + time
      let count = min(stretch.end - first, chunkLength)
      try chunk.copy(first..<first + count + 1, of: tokens)
      for step in 0..<count {
        let place = shard.walk.rows(at: step).lowerBound + row
        shard.tokens[place] = chunk[step]
        shard.targets[place] = first + step < stretch.firstCounted ? -1 : chunk[step + 1]
      }
    }
  }

  private func addResets(to shard: NetworkShard, at documentID: TokenID) {
    for step in 0..<shard.walk.timeStepCount {
      let rows = shard.walk.rows(at: step)
      for row in 0..<rows.count where shard.tokens[rows.lowerBound + row] == documentID {
        shard.walk.addReset(step: step, row: row)
      }
    }
  }

  /// Tells of a chunk's predictions by their places in the text. Stretches have different places, so shards may do it at
  /// once.
  private func tell(
    _ observer: PredictionObserver, _ nats: View<Float>, of stretches: [Stretch], from time: Int, on shard: NetworkShard
  ) {
    for step in 0..<shard.walk.timeStepCount {
      let rows = shard.walk.rows(at: step)
      for row in 0..<rows.count where shard.targets[rows.lowerBound + row] >= 0 {
        let stretch = stretches[row]
        let place = stretch.firstLoss + stretch.start + time + step - stretch.firstCounted
        observer.losses?[place] = nats[rows.lowerBound + row]
        if let observe = observer.logits { shard.logits.row(rows.lowerBound + row).withSpan { observe(place, $0) } }
      }
    }
  }
}

/// The sums of one shard, as plain values that threads may write side by side.
private struct ShardSums: BitwiseCopyable {
  var tokenCount = 0
  var nats = 0.0
  var correctCount = 0

  var evaluation: Evaluation { Evaluation(tokenCount: tokenCount, nats: nats, correctCount: correctCount) }

  mutating func add(_ rowNats: View<Float>, _ best: View<Int32>, targets: View<Int32>) {
    for row in 0..<targets.count where targets[row] >= 0 {
      tokenCount += 1
      nats += Double(rowNats[row])
      if best[row] == targets[row] { correctCount += 1 }
    }
  }
}
