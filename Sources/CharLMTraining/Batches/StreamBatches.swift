import CharLM
import CharLMData
import CharLMText
import RecurrentNN

/// B parallel streams through one long text (`TokenStreams`), T tokens a step each.
///
/// The state is carried over the whole run and reset where the text or a document begins, no token is left out, and each
/// epoch cuts its chunks at other places. With jitter the chunks' lengths are drawn (Merity et al. 2018), so that
/// gradients are cut at other places and the memory of cut chunks varies; else all have T tokens.
package struct StreamBatches: BatchSource {
  private let streams: TokenStreams
  private let documentID: TokenID?
  package let timeStepCapacity: Int
  private let lengths: ChunkLengths
  private let teacher: TeacherPredictions?
  /// One stream's chunk, and the token after it.
  private let scratch: Buffer<TokenID>

  /// - Parameters:
  ///   - batchSize: B, the number of streams.
  ///   - timeStepCount: T.
  ///   - jitterSeed: the seed of the chunks' lengths; nil where all have T tokens.
  ///   - teacher: what teachers predict in this text, where the network learns from some.
  /// - Precondition: at least batchSize tokens and at least 2.
  package init(
    _ tokens: TokenText, batchSize: Int, timeStepCount: Int, documentID: TokenID?, jitterSeed: UInt64? = nil,
    teacher: TeacherPredictions? = nil
  ) {
    streams = TokenStreams(tokens, count: batchSize)
    self.documentID = documentID
    timeStepCapacity = timeStepCount
    lengths = ChunkLengths(longest: timeStepCount, seed: jitterSeed)
    self.teacher = teacher
    scratch = Buffer(count: timeStepCount + 1)
  }

  /// The streams of a training run.
  package init(
    _ tokens: TokenText, settings: TrainingSettings, documentID: TokenID?, teacher: TeacherPredictions? = nil
  ) {
    self.init(
      tokens, batchSize: settings.batch, timeStepCount: settings.bptt, documentID: documentID,
      jitterSeed: settings.isJittered ? settings.randomSeed : nil, teacher: teacher)
  }

  package var batchSize: Int { streams.count }
  package var stepsPerEpoch: Double { Double(streams.tokens.count) / (Double(batchSize) * lengths.mean) }
  package var carriesState: Bool { true }
  package func rateFactor(step: Int) -> Float { Float(Double(lengths.length(of: step)) / lengths.mean) }

  package func fill(_ shards: [NetworkShard], _ range: ShardRange, step: Int) throws(TokenFileError) -> Int {
    let (position, length) = (lengths.position(of: step), lengths.length(of: step))
    var targetCount = 0
    for shard in shards {
      shard.walk.setUniform(timeStepCount: length, batchSize: shard.capacity.batchSize)
      for row in 0..<shard.capacity.batchSize {
        targetCount += try fill(shard, row: row, from: streams.place(of: shard.firstRow + row, after: position))
      }
      addResets(to: shard, position: position)
    }
    return targetCount
  }

  /// One stream's tokens and targets, in the shard's row order (step, row).
  private func fill(_ shard: NetworkShard, row: Int, from start: Int) throws(TokenFileError) -> Int {
    let length = shard.walk.timeStepCount
    let chunk = scratch.view[0..<length + 1]
    try streams.forEachPart(from: start, count: chunk.count) { (part, offset) throws(TokenFileError) in
      try chunk[offset..<offset + part.count].copy(part, of: streams.tokens)
    }
    let (batchSize, inputs, targets) = (shard.capacity.batchSize, shard.tokens, shard.targets)
    var targetCount = length
    for time in 0..<length {
      inputs[time * batchSize + row] = chunk[time]
      // What follows the text's last token is its beginning, which it does not predict.
      let isLast = streams.isBeginning(start + time + 1)
      targets[time * batchSize + row] = isLast ? -1 : chunk[time + 1]
      if isLast { targetCount -= 1 }
    }
    if let teacher {
      let softTargets = teacher.softTargets(of: shard)
      for time in 0..<length {
        // No row of the text's last token, which predicts nothing, is ever looked at.
        teacher.copy((start + time) % streams.tokens.count, to: softTargets[time * batchSize + row])
      }
    }
    return targetCount
  }

  /// The state is reset where the text begins and where a document does.
  private func addResets(to shard: NetworkShard, position: Int) {
    let (batchSize, length) = (shard.capacity.batchSize, shard.walk.timeStepCount)
    let starts = (0..<batchSize).lazy.map { streams.place(of: shard.firstRow + $0, after: position) }
    let wraps = starts.contains { $0 == 0 || $0 + length > streams.tokens.count }
    guard wraps || documentID != nil else { return }
    for time in 0..<length {
      for (row, start) in starts.enumerated() {
        let beginsDocument = documentID.map { shard.tokens[time * batchSize + row] == $0 } ?? false
        if streams.isBeginning(start + time) || beginsDocument { shard.walk.addReset(step: time, row: row) }
      }
    }
  }
}
