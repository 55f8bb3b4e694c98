import CharLMData
import CharLMText
import RecurrentNN
import Synchronization

/// Reads token sequences with a network, or with several whose probabilities are averaged, and sums the losses.
///
/// A long text is read by parallel streams: each begins `warmup` tokens before its part, from a zero state, and its
/// predictions count from its part on. A recurrent state forgets, so the result is the single stream's (a test
/// holds it to 0.001 nats). The division depends on the text's length alone, so that the result does too.
package final class Evaluator {
  private static let warmup = 512
  private static let longestBatch = 32
  private static let rowsOfShard = 16
  private static let chunkLength = 64

  private let pool: WorkerPool
  private let shards: [EvaluationShard]
  private let refreshTasks: [() -> Void]
  private let nats: [Buffer<Float>]
  private let best: [Buffer<Int32>]
  /// A shard's tokens of one stream.
  private let chunks: [Buffer<Int32>]
  /// The first failure of a shard to read tokens.
  private let failure = Mutex<TokenFileError?>(nil)

  /// An evaluator of one network.
  package convenience init(_ weights: NetworkWeights, pool: WorkerPool, repacks: Bool = false) {
    self.init([weights], pool: pool, repacks: repacks)
  }

  /// - Parameters:
  ///   - weights: of each network; all have the same vocabulary.
  ///   - repacks: whether the weights' packed copies are its own to bring up to date before each use.
  package init(_ weights: [NetworkWeights], pool: WorkerPool, repacks: Bool = false) {
    self.pool = pool
    refreshTasks = repacks ? weights.flatMap(\.refreshTasks) : []
    let rowsOfShard = Evaluator.rowsOfShard
    let shardCount = Evaluator.longestBatch / rowsOfShard
    shards = (0..<shardCount).map { number in
      EvaluationShard(
        weights, rowCount: rowsOfShard * Evaluator.chunkLength, batchSize: rowsOfShard, firstRow: number * rowsOfShard)
    }
    nats = shards.map { Buffer(count: $0.first.capacity.rowCount) }
    best = shards.map { Buffer(count: $0.first.capacity.rowCount) }
    chunks = shards.map { _ in Buffer(count: Evaluator.chunkLength + 1) }
  }

  /// The whole sequence once, state carried: N tokens give N − 1 predictions. A document token resets the state.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  package func stateful(
    _ tokens: TokenText, documentID: TokenID?, isSingleStream: Bool = false
  ) throws(TokenFileError) -> Evaluation {
    let predictionCount = tokens.count - 1
    guard predictionCount > 0 else { return Evaluation() }
    let streamCount =
      isSingleStream ? 1 : min(max(predictionCount / (4 * Evaluator.warmup), 1), Evaluator.longestBatch)
    let streams = (0..<streamCount).map { number in
      let first = number * predictionCount / streamCount
      return Stream(
        start: max(0, first - Evaluator.warmup), firstCounted: first,
        end: (number + 1) * predictionCount / streamCount)
    }
    return try read(tokens, streams, documentID: documentID)
  }

  /// 200 windows of 256 predictions at random places that a fixed seed gives, each from a zero state. A text shorter
  /// than a window is one window.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  package func cold256(_ tokens: TokenText) throws(TokenFileError) -> Evaluation {
    let windows = Evaluator.coldWindows(tokenCount: tokens.count).map { window in
      Stream(start: window.lowerBound, firstCounted: window.lowerBound, end: window.upperBound - 1)
    }
    var total = Evaluation()
    for first in Swift.stride(from: 0, to: windows.count, by: Evaluator.longestBatch) {
      let group = Array(windows[first..<min(first + Evaluator.longestBatch, windows.count)])
      total.add(try read(tokens, group, documentID: nil))
    }
    return total
  }

  /// The windows of `cold256`: each is a token of context and what is predicted after it.
  static func coldWindows(tokenCount: Int) -> [Range<Int>] {
    let predictionCount = 256
    guard tokenCount > predictionCount + 1 else { return tokenCount > 1 ? [0..<tokenCount] : [] }
    var generator = SeededGenerator(seed: 256)
    return (0..<200).map { _ in
      let start = Int.random(in: 0..<tokenCount - predictionCount, using: &generator)
      return start..<start + predictionCount + 1
    }
  }

  /// A saved model's weights, packed for an evaluator.
  package static func weights(of snapshot: ModelSnapshot) -> NetworkWeights {
    snapshot.inferenceWeights(rowCount: rowsOfShard * chunkLength, batchSize: rowsOfShard)
  }

  /// A store's weights in float32, to be packed by an evaluator that `repacks`.
  package static func weights(_ settings: NetworkSettings, store: ParameterStore) -> NetworkWeights {
    let capacity = NetworkShard.capacity(
      rowCount: rowsOfShard * chunkLength, batchSize: rowsOfShard,
      vocabularyCount: store.matrix(named: "embedding.weight").rowCount)
    return NetworkWeights(settings, store: store, plan: PackingPlan(capacity: capacity, isTrained: false))
  }

  /// One reading: inputs from `start` to `end`, predictions counted from `firstCounted` on.
  private struct Stream {
    let start: Int
    let firstCounted: Int
    let end: Int
  }

  private func read(
    _ tokens: TokenText, _ streams: [Stream], documentID: TokenID?
  ) throws(TokenFileError) -> Evaluation {
    pool.run(refreshTasks.count) { refreshTasks[$0]() }
    // The longest first, as a packed walk wants them; streams are dealt to the shards in turn.
    let sorted = streams.sorted { $0.end - $0.start > $1.end - $1.start }
    let dealt = shards.indices.map { shard in
      stride(from: shard, to: sorted.count, by: shards.count).map { sorted[$0] }
    }
    let results = Buffer<EvaluationSums>(count: shards.count)
    failure.withLock { $0 = nil }
    pool.run(shards.count) { number in
      do throws(TokenFileError) {
        results.view[number] = try read(tokens, dealt[number], documentID: documentID, on: number)
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
    _ tokens: TokenText, _ streams: [Stream], documentID: TokenID?, on number: Int
  ) throws(TokenFileError) -> EvaluationSums {
    let shard = shards[number]
    shard.resetState()
    var sums = EvaluationSums()
    let longest = streams.first.map { $0.end - $0.start } ?? 0
    for time in stride(from: 0, to: longest, by: Evaluator.chunkLength) {
      try fill(shard.first, tokens, streams, from: time, chunk: chunks[number].view)
      if let documentID { addResets(to: shard.first, at: documentID) }
      let rows = 0..<shard.first.walk.rowCount
      shard.evaluate(nats: nats[number].view[rows], best: best[number].view[rows])
      sums.add(nats[number].view[rows], best[number].view[rows], targets: shard.first.targets)
    }
    return sums
  }

  /// Sets the walk, and each stream's tokens and targets of the next steps.
  private func fill(
    _ shard: NetworkShard, _ tokens: TokenText, _ streams: [Stream], from time: Int, chunk: View<Int32>
  ) throws(TokenFileError) {
    shard.walk.set(
      lengths: streams.lazy.map { min($0.end - $0.start - time, Evaluator.chunkLength) }.prefix { $0 > 0 })
    guard shard.walk.timeStepCount > 0 else { return }
    for row in 0..<shard.walk.rows(at: 0).count {
      let stream = streams[row]
      let first = stream.start + time
      let count = min(stream.end - first, Evaluator.chunkLength)
      try chunk.copy(first..<first + count + 1, of: tokens)
      for step in 0..<count {
        let place = shard.walk.rows(at: step).lowerBound + row
        shard.tokens[place] = chunk[step]
        shard.targets[place] = first + step < stream.firstCounted ? -1 : chunk[step + 1]
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
}

/// The sums of one shard, as plain values that threads may write side by side.
private struct EvaluationSums: BitwiseCopyable {
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
