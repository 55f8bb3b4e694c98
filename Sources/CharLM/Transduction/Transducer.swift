import CharLMText
import RecurrentNN

/// A model that turns a text into another of as many tokens: an immutable value, safe to share between threads.
public struct Transducer: Sendable {
  /// Settings, vocabularies, parameters.
  public let snapshot: ModelSnapshot

  /// A transducer, or nil where the snapshot is of another kind.
  public init?(_ snapshot: ModelSnapshot) {
    guard snapshot.kind == .transducer else { return nil }
    self.snapshot = snapshot
  }

  /// The likeliest output for each text; the texts are run together, packed.
  /// - Throws: `TextError.unknownToken` where a text has a token that the model does not know.
  public func transduce(
    _ texts: [String], onUnknown: Tokenizer.UnknownPolicy = .error
  ) throws(TextError) -> [String] {
    var inputs: [TokenSequence] = []
    for text in texts {
      inputs.append(try snapshot.tokenizer.encode(text, source: "'\(text)'", onUnknown: onUnknown))
    }
    return outputs(for: inputs).map { String(decoding: snapshot.outputTokenizer.decode($0), as: UTF8.self) }
  }

  /// The likeliest output for a text.
  public func transduce(
    _ text: String, onUnknown: Tokenizer.UnknownPolicy = .error
  ) throws(TextError) -> String {
    try transduce([text], onUnknown: onUnknown)[0]
  }

  private func outputs(for inputs: [TokenSequence]) -> [[TokenID]] {
    let longest = inputs.map(\.count).max() ?? 0
    guard longest > 0 else { return inputs.map { _ in [] } }
    let rowCount = inputs.reduce(0) { $0 + $1.count }
    let weights = snapshot.inferenceWeights(rowCount: rowCount, batchSize: inputs.count)
    let shard = NetworkShard(weights, rowCount: rowCount, batchSize: inputs.count)
    return PairReader(shard).outputs(for: inputs)
  }
}

/// Reads inputs with a network and takes the likeliest output of each token.
package struct PairReader {
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
    for step in 0..<shard.walk.stepCount {
      let rows = shard.walk.rows(at: step)
      for row in 0..<rows.count { outputs[order[row]].append(best.view[rows.lowerBound + row]) }
    }
    return outputs
  }

  /// The sums over pairs, and how many pairs were right in every token.
  package func evaluate(_ pairs: [PairCorpus.Pair]) -> PairEvaluation {
    let sorted = pairs.sorted { $0.input.count > $1.input.count }
    shard.fill(sorted)
    read()
    var result = PairEvaluation()
    var isRight = sorted.map { _ in true }
    for step in 0..<shard.walk.stepCount {
      let rows = shard.walk.rows(at: step)
      for row in 0..<rows.count {
        let chunkRow = rows.lowerBound + row
        result.sums.tokenCount += 1
        result.sums.nats += Double(nats.view[chunkRow])
        let wasRight = best.view[chunkRow] == shard.targets[chunkRow]
        if wasRight { result.sums.correctCount += 1 } else { isRight[row] = false }
      }
    }
    result.pairCount = pairs.count
    result.correctPairCount = isRight.count { $0 }
    return result
  }

  private func read() {
    shard.stack.resetState()
    let rows = 0..<shard.walk.rowCount
    withEngineSettings { shard.evaluate(nats: nats.view[rows], best: best.view[rows]) }
  }
}

/// What a transducer makes of pairs.
public struct PairEvaluation: Hashable, Sendable {
  /// The sums over all tokens.
  public var sums = Evaluation()
  /// The number of pairs.
  public var pairCount = 0
  /// The number of pairs whose every token was right.
  public var correctPairCount = 0

  /// The part of pairs that were right in every token.
  public var sequenceAccuracy: Double { Double(correctPairCount) / Double(pairCount) }

  package mutating func add(_ other: PairEvaluation) {
    sums.add(other.sums)
    pairCount += other.pairCount
    correctPairCount += other.correctPairCount
  }
}

extension NetworkWeights {
  /// Reads pairs in groups of a size that keeps the workspace small.
  package func evaluate(_ pairs: [PairCorpus.Pair]) -> PairEvaluation {
    let groupSize = 64
    let longest = pairs.map(\.input.count).max() ?? 0
    var total = PairEvaluation()
    guard longest > 0 else { return total }
    let batchSize = min(groupSize, pairs.count)
    let reader = PairReader(NetworkShard(self, rowCount: longest * batchSize, batchSize: batchSize))
    for start in stride(from: 0, to: pairs.count, by: groupSize) {
      total.add(reader.evaluate(Array(pairs[start..<min(start + groupSize, pairs.count)])))
    }
    return total
  }
}
