import CharLM
import CharLMData

/// Gives a run its chunks, one for each step.
///
/// A chunk is a function of the step's number alone, so that a resumed run continues with the chunk that would
/// have come next.
package protocol BatchSource {
  /// The rows of a step over all shards, and the most time steps of a chunk.
  var batchSize: Int { get }
  var timeStepCapacity: Int { get }
  /// Steps that see each token of the training text once; a fraction for streams.
  var stepsPerEpoch: Double { get }
  /// The learning rate's factor for a step: a shorter chunk than usual moves the parameters less.
  func rateFactor(step: Int) -> Float
  /// Whether a chunk continues where the one before it ended, so that the state is carried.
  var carriesState: Bool { get }

  /// Sets the walk, tokens and targets of some of a batch's shards for a step.
  /// - Parameter range: which shards they are.
  /// - Returns: their number of targets.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  func fill(_ shards: [NetworkShard], _ range: ShardRange, step: Int) throws(TokenFileError) -> Int
}

extension BatchSource {
  /// The same for all shards of a batch.
  package func fill(_ shards: [NetworkShard], step: Int) throws(TokenFileError) -> Int {
    try fill(shards, ShardRange(all: shards.count), step: step)
  }
}

/// Which of a batch's shards a rank has.
package struct ShardRange: Hashable, Sendable {
  package let numbers: Range<Int>
  /// The number of all shards.
  package let count: Int

  /// The shards of a rank, as many as every other has.
  package init(rank: Int, size: Int, shardCount: Int) {
    precondition(shardCount % size == 0, "\(shardCount) shards for \(size) ranks")
    numbers = rank * (shardCount / size)..<(rank + 1) * (shardCount / size)
    count = shardCount
  }

  /// All shards.
  package init(all count: Int) { self.init(rank: 0, size: 1, shardCount: count) }

  /// The rows of the batch that a shard has: as even as can be, the first ones larger.
  package func rows(ofShard shard: Int, batchSize: Int) -> Range<Int> {
    let (size, rest) = batchSize.quotientAndRemainder(dividingBy: count)
    let start = shard * size + min(shard, rest)
    return start..<start + size + (shard < rest ? 1 : 0)
  }
}
