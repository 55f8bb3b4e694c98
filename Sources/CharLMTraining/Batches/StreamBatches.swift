import CharLM
import CharLMData
import CharLMText
import RecurrentNN

/// B parallel streams through one long text, T tokens a step each.
///
/// Stream b begins at token b · N / B and never ends: past its own part it goes on into the next stream's, and from the
/// end of the text to its beginning, where its state is reset. So states are carried over the whole run, no token is
/// left out, and chunks are cut elsewhere in each epoch.
///
///     text     |----------|----------|----------|
///     stream 0  ==>
///     stream 1             ==>
///     stream 2                        ==>
///
/// With jitter the chunks' lengths are drawn (Merity et al. 2018), so that gradients are cut at other places and the
/// memory of cut chunks varies; else all have T tokens.
package struct StreamBatches: BatchSource {
  private let tokens: TokenText
  private let documentID: TokenID?
  package let batchSize: Int
  package let timeStepCapacity: Int
  private let lengths: ChunkLengths
  private let scratch: Buffer<Int32>

  /// - Parameters:
  ///   - timeStepCount: T.
  ///   - jitterSeed: what the chunks' lengths are drawn from; nil where all have T tokens.
  /// - Precondition: at least batchSize tokens and at least 2.
  package init(
    _ tokens: TokenText, batchSize: Int, timeStepCount: Int, documentID: TokenID?, jitterSeed: UInt64? = nil
  ) {
    precondition(tokens.count >= max(batchSize, 2), "\(batchSize) streams through \(tokens.count) tokens")
    self.tokens = tokens
    self.documentID = documentID
    self.batchSize = batchSize
    timeStepCapacity = timeStepCount
    lengths = ChunkLengths(longest: timeStepCount, seed: jitterSeed)
    scratch = Buffer(count: timeStepCount + 1)
  }

  /// A training's streams.
  package init(_ tokens: TokenText, settings: TrainingSettings, documentID: TokenID?) {
    self.init(
      tokens, batchSize: settings.batch, timeStepCount: settings.bptt, documentID: documentID,
      jitterSeed: settings.isJittered ? settings.randomSeed : nil)
  }

  package var stepsPerEpoch: Double { Double(tokens.count) / (Double(batchSize) * lengths.mean) }
  package var carriesState: Bool { true }
  package func rateFactor(step: Int) -> Float { Float(Double(lengths.length(of: step)) / lengths.mean) }

  package func fill(_ shards: [NetworkShard], step: Int) throws(TokenFileError) -> Int {
    let (position, length) = (lengths.position(of: step), lengths.length(of: step))
    var targetCount = 0
    for shard in shards {
      shard.walk.setUniform(timeStepCount: length, batchSize: shard.capacity.batchSize)
      for row in 0..<shard.capacity.batchSize {
        targetCount += try fill(shard, row: row, from: start(ofStream: shard.firstRow + row, position: position))
      }
      addResets(to: shard, position: position)
    }
    return targetCount
  }

  /// Where a stream stands in the text when each has read so many tokens.
  private func start(ofStream stream: Int, position: Int) -> Int {
    (stream * tokens.count / batchSize + position) % tokens.count
  }

  /// One stream's tokens and targets, in the shard's row order (step, row).
  private func fill(_ shard: NetworkShard, row: Int, from start: Int) throws(TokenFileError) -> Int {
    let length = shard.walk.timeStepCount
    let chunk = scratch.view[0..<length + 1]
    try copyTokens(from: start, to: chunk)
    let (batchSize, inputs, targets) = (shard.capacity.batchSize, shard.tokens, shard.targets)
    var targetCount = length
    for time in 0..<length {
      inputs[time * batchSize + row] = chunk[time]
      // What follows the text's last token is its beginning, which it does not predict.
      let isLast = (start + time + 1) % tokens.count == 0
      targets[time * batchSize + row] = isLast ? -1 : chunk[time + 1]
      if isLast { targetCount -= 1 }
    }
    return targetCount
  }

  /// Copies tokens from a place on, going round at the end of the text.
  private func copyTokens(from start: Int, to target: View<Int32>) throws(TokenFileError) {
    var (position, filled) = (start, 0)
    while filled < target.count {
      let count = min(target.count - filled, tokens.count - position)
      try target[filled..<filled + count].copy(position..<position + count, of: tokens)
      filled += count
      position = 0
    }
  }

  /// State is reset where the text begins and where a document does.
  private func addResets(to shard: NetworkShard, position: Int) {
    let (batchSize, length) = (shard.capacity.batchSize, shard.walk.timeStepCount)
    let starts = (0..<batchSize).lazy.map { start(ofStream: shard.firstRow + $0, position: position) }
    let wraps = starts.contains { $0 == 0 || $0 + length > tokens.count }
    guard wraps || documentID != nil else { return }
    for time in 0..<length {
      for (row, start) in starts.enumerated() {
        let beginsText = (start + time) % tokens.count == 0
        let beginsDocument = documentID.map { shard.tokens[time * batchSize + row] == $0 } ?? false
        if beginsText || beginsDocument { shard.walk.addReset(step: time, row: row) }
      }
    }
  }
}
