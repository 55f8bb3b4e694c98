import CharLMData
import CharLMText
import RecurrentNN

/// Reads inputs with a network and takes the likeliest output of each token.
package struct PairReader {
  /// The most pairs that are read together, so that the workspace stays small.
  package static let largestBatch = 64

  /// The most tokens that are read together, unless a single pair has more.
  private static let largestRowCount = 1 << 16

  /// Pairs in the groups that are read together.
  package static func groups(of pairs: [PairCorpus.Pair]) -> [ArraySlice<PairCorpus.Pair>] {
    var groups: [ArraySlice<PairCorpus.Pair>] = []
    var (start, count) = (0, 0)
    for (index, pair) in pairs.enumerated() {
      if index > start, index - start == largestBatch || count + pair.input.count > largestRowCount {
        groups.append(pairs[start..<index])
        (start, count) = (index, 0)
      }
      count += pair.input.count
    }
    return start < pairs.count ? groups + [pairs[start...]] : groups
  }

  /// The tokens of the largest group.
  package static func rowCount(of groups: [ArraySlice<PairCorpus.Pair>]) -> Int {
    groups.map { $0.reduce(0) { $0 + $1.input.count } }.max() ?? 0
  }

  private let shard: NetworkShard
  private let nats: Buffer<Float>
  private let best: Buffer<Int32>

  /// - Parameter shard: with room for the inputs.
  package init(_ shard: NetworkShard) {
    self.shard = shard
    nats = Buffer(count: shard.capacity.rowCount)
    best = Buffer(count: shard.capacity.rowCount)
  }

  /// The likeliest outputs, in the order of the inputs; an empty input has an empty output.
  package func outputs(for inputs: [TokenSequence]) -> [[TokenID]] {
    let order = inputs.indices.filter { !inputs[$0].isEmpty }.sorted { inputs[$0].count > inputs[$1].count }
    var outputs = inputs.map { _ in [TokenID]() }
    guard !order.isEmpty else { return outputs }
    shard.fill(order.map { PairCorpus.Pair(input: inputs[$0], output: inputs[$0]) })
    shard.targets.fill(-1)
    read()
    for step in 0..<shard.walk.timeStepCount {
      let rows = shard.walk.rows(at: step)
      for row in 0..<rows.count { outputs[order[row]].append(best.view[rows.lowerBound + row]) }
    }
    return outputs
  }

  /// The sums over pairs, and how many words and pairs were right in every token.
  /// - Parameter spaces: the output tokens that part words.
  package func evaluate(_ pairs: [PairCorpus.Pair], spaces: Set<TokenID>) -> PairEvaluation {
    let sorted = pairs.sorted { $0.input.count > $1.input.count }
    shard.fill(sorted)
    read()
    var result = PairEvaluation()
    var tallies = sorted.map { _ in WordTally() }
    for step in 0..<shard.walk.timeStepCount {
      let rows = shard.walk.rows(at: step)
      for row in 0..<rows.count {
        let chunkRow = rows.lowerBound + row
        let target = shard.targets[chunkRow]
        let isRight = best.view[chunkRow] == target
        result.sums.tokenCount += 1
        result.sums.nats += Double(nats.view[chunkRow])
        result.sums.correctCount += isRight ? 1 : 0
        tallies[row].note(isRight: isRight, isSpace: spaces.contains(target))
      }
    }
    for tally in tallies { result.add(tally) }
    return result
  }

  private func read() {
    shard.stack.resetState()
    let rows = 0..<shard.walk.rowCount
    withEngineSettings { shard.evaluate(nats: nats.view[rows], best: best.view[rows]) }
  }
}

extension NetworkWeights {
  /// Reads pairs in groups.
  package func evaluate(_ pairs: [PairCorpus.Pair], spaces: Set<TokenID> = []) -> PairEvaluation {
    var total = PairEvaluation()
    let groups = PairReader.groups(of: pairs)
    let rowCount = PairReader.rowCount(of: groups)
    guard rowCount > 0 else { return total }
    let reader = PairReader(
      NetworkShard(self, rowCount: rowCount, batchSize: min(PairReader.largestBatch, pairs.count)))
    for group in groups { total.add(reader.evaluate(Array(group), spaces: spaces)) }
    return total
  }
}
