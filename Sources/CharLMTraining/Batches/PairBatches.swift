import CharLM
import CharLMData
import CharLMText
import RecurrentNN

/// Batches of whole pairs in a new random order each epoch, packed by length.
///
/// Batch k is pairs k·B to (k+1)·B − 1 of an endless sequence of orders, each drawn from the seed and its number, so
/// that every batch is full and a function of the step alone.
package final class PairBatches: BatchSource {
  private let pairs: [PairCorpus.Pair]
  private let seed: UInt64
  package let batchSize: Int
  package let timeStepCapacity: Int
  private var orders: [Int: [Int]] = [:]  // by epoch, the present one and perhaps the next

  /// - Precondition: there are pairs.
  package init(_ pairs: [PairCorpus.Pair], batchSize: Int, seed: UInt64) {
    self.pairs = pairs
    self.seed = seed
    self.batchSize = min(batchSize, pairs.count)
    timeStepCapacity = pairs.map(\.input.count).max() ?? 0
  }

  package var stepsPerEpoch: Double { Double(pairs.count) / Double(batchSize) }
  package var carriesState: Bool { false }
  package func rateFactor(step: Int) -> Float { 1 }

  package func fill(_ shards: [NetworkShard], _ range: ShardRange, step: Int) -> Int {
    shards.fill((0..<batchSize).map { pair(number: step * batchSize + $0) }, range)
  }

  private func pair(number: Int) -> PairCorpus.Pair {
    let (epoch, place) = number.quotientAndRemainder(dividingBy: pairs.count)
    if orders[epoch] == nil {
      orders = orders.filter { $0.key == epoch - 1 }
      var generator = SeededGenerator(seed: mix(seed) ^ UInt64(truncatingIfNeeded: epoch))
      orders[epoch] = pairs.indices.shuffled(using: &generator)
    }
    return pairs[orders[epoch, default: []][place]]
  }
}

extension [NetworkShard] {
  /// Deals the pairs of a batch to its shards, the longest first, in turn, so that the shards have about as much work.
  /// - Parameter range: which shards these are.
  /// - Returns: the number of their targets.
  package func fill(_ pairs: [PairCorpus.Pair], _ range: ShardRange) -> Int {
    let sorted = pairs.sorted { $0.input.count > $1.input.count }
    var targetCount = 0
    for (number, shard) in zip(range.numbers, self) {
      let dealt = stride(from: number, to: sorted.count, by: range.count).map { sorted[$0] }
      shard.fill(dealt)
      targetCount += dealt.reduce(0) { $0 + $1.input.count }
    }
    return targetCount
  }
}
