import CharLMData
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
  /// The most pairs that are read together, so that the workspace stays small.
  package static let largestBatch = 64

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

/// What a transducer makes of pairs.
public struct PairEvaluation: Hashable, Sendable {
  /// The sums over all tokens.
  public var sums = Evaluation()
  /// The number of pairs.
  public var pairCount = 0
  /// The number of pairs whose every token was right.
  public var correctPairCount = 0
  /// The number of words: runs of output tokens that are not white space.
  public var wordCount = 0
  /// The number of words whose every token was right.
  public var correctWordCount = 0

  /// The part of pairs that were right in every token.
  public var sequenceAccuracy: Double { Double(correctPairCount) / Double(pairCount) }
  /// The part of words that were right in every token; NaN without words.
  public var wordAccuracy: Double { Double(correctWordCount) / Double(wordCount) }

  package mutating func add(_ other: PairEvaluation) {
    sums.add(other.sums)
    pairCount += other.pairCount
    correctPairCount += other.correctPairCount
    wordCount += other.wordCount
    correctWordCount += other.correctWordCount
  }

  fileprivate mutating func add(_ tally: WordTally) {
    pairCount += 1
    correctPairCount += tally.isRight ? 1 : 0
    wordCount += tally.wordCount
    correctWordCount += tally.wordCount - tally.wrongWordCount
  }
}

/// Counts the words of one pair as its tokens come.
private struct WordTally {
  /// Whether every token was right.
  var isRight = true
  var wordCount = 0
  var wrongWordCount = 0
  private var isInWord = false
  private var isWordRight = true

  mutating func note(isRight: Bool, isSpace: Bool) {
    if !isRight { self.isRight = false }
    if isSpace {
      isInWord = false
      return
    }
    if !isInWord {
      (isInWord, isWordRight) = (true, true)
      wordCount += 1
    }
    if !isRight, isWordRight {
      isWordRight = false
      wrongWordCount += 1
    }
  }
}

extension Vocabulary {
  /// The tokens that are white space and nothing else.
  package var spaces: Set<TokenID> {
    Set(
      (0..<TokenID(count)).filter { id in
        let scalars = String(decoding: bytes(of: id), as: UTF8.self).unicodeScalars
        return !scalars.isEmpty && scalars.allSatisfy(\.properties.isWhitespace)
      })
  }
}

extension NetworkWeights {
  /// Reads pairs in groups.
  package func evaluate(_ pairs: [PairCorpus.Pair], spaces: Set<TokenID> = []) -> PairEvaluation {
    let groupSize = PairReader.largestBatch
    let longest = pairs.map(\.input.count).max() ?? 0
    var total = PairEvaluation()
    guard longest > 0 else { return total }
    let batchSize = min(groupSize, pairs.count)
    let reader = PairReader(NetworkShard(self, rowCount: longest * batchSize, batchSize: batchSize))
    for start in stride(from: 0, to: pairs.count, by: groupSize) {
      total.add(reader.evaluate(Array(pairs[start..<min(start + groupSize, pairs.count)]), spaces: spaces))
    }
    return total
  }
}

extension Transducer {
  /// Compares the likeliest outputs with the pairs' own.
  public func evaluate(_ pairs: [PairCorpus.Pair]) -> PairEvaluation {
    let longest = pairs.map(\.input.count).max() ?? 1
    let weights = snapshot.inferenceWeights(rowCount: longest * min(64, pairs.count), batchSize: min(64, pairs.count))
    return weights.evaluate(pairs, spaces: snapshot.outputTokenizer.vocabulary.spaces)
  }
}
