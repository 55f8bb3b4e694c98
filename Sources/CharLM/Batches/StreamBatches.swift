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
package struct StreamBatches: BatchSource {
  private let tokens: TokenText
  private let documentID: TokenID?
  package let batchSize: Int
  package let stepCapacity: Int
  private let scratch: Buffer<Int32>

  /// - Precondition: at least batchSize tokens and at least 2.
  package init(_ tokens: TokenText, batchSize: Int, stepCount: Int, documentID: TokenID?) {
    precondition(tokens.count >= max(batchSize, 2), "\(batchSize) streams through \(tokens.count) tokens")
    self.tokens = tokens
    self.documentID = documentID
    self.batchSize = batchSize
    stepCapacity = stepCount
    scratch = Buffer(count: stepCount + 1)
  }

  package var stepsPerEpoch: Double { Double(tokens.count) / Double(batchSize * stepCapacity) }
  package var carriesState: Bool { true }

  package func fill(_ shards: [NetworkShard], step: Int) throws(TokenFileError) -> Int {
    var targetCount = 0
    for shard in shards {
      shard.walk.setUniform(stepCount: stepCapacity, batchSize: shard.capacity.batchSize)
      for row in 0..<shard.capacity.batchSize {
        targetCount += try fill(shard, row: row, from: start(ofStream: shard.firstRow + row, step: step))
      }
      addResets(to: shard, step: step)
    }
    return targetCount
  }

  private func start(ofStream stream: Int, step: Int) -> Int {
    (stream * tokens.count / batchSize + step * stepCapacity) % tokens.count
  }

  /// One stream's tokens and targets, in the shard's row order (step, row).
  private func fill(_ shard: NetworkShard, row: Int, from start: Int) throws(TokenFileError) -> Int {
    let chunk = scratch.view
    try copyTokens(from: start, to: chunk)
    let (batchSize, inputs, targets) = (shard.capacity.batchSize, shard.tokens, shard.targets)
    var targetCount = stepCapacity
    for time in 0..<stepCapacity {
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
  private func addResets(to shard: NetworkShard, step: Int) {
    let batchSize = shard.capacity.batchSize
    let starts = (0..<batchSize).lazy.map { start(ofStream: shard.firstRow + $0, step: step) }
    let wraps = starts.contains { $0 == 0 || $0 + stepCapacity > tokens.count }
    guard wraps || documentID != nil else { return }
    for time in 0..<stepCapacity {
      for (row, start) in starts.enumerated() {
        let beginsText = (start + time) % tokens.count == 0
        let beginsDocument = documentID.map { shard.tokens[time * batchSize + row] == $0 } ?? false
        if beginsText || beginsDocument { shard.walk.addReset(step: time, row: row) }
      }
    }
  }
}

extension View where Element == TokenID {
  /// Copies tokens of a text to the beginning.
  func copy(_ range: Range<Int>, of text: TokenText) throws(TokenFileError) {
    var failure: TokenFileError?
    self[0..<range.count].withMutableSpan { target in
      do throws(TokenFileError) { try text.copy(range, to: &target) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
