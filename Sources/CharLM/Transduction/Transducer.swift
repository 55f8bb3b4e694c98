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

  /// The memory that texts of so many tokens together take while they are read, in bytes.
  package func memoryByteCount(tokenCount: Int) -> Double {
    let settings = snapshot.settings
    // Of each layer and direction: gates, cell and output, and the input of the layer above.
    let states = settings.layers * (settings.bidirectional ? 2 : 1) * settings.hidden * (settings.cell.gateCount + 3)
    let row = states + settings.embedding + snapshot.outputTokenizer.vocabulary.count
    return 4 * Double(tokenCount) * Double(row)
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

extension Transducer {
  /// Compares the likeliest outputs with the pairs' own.
  public func evaluate(_ pairs: [PairCorpus.Pair]) -> PairEvaluation {
    let weights = snapshot.inferenceWeights(
      rowCount: max(1, PairReader.rowCount(of: PairReader.groups(of: pairs))),
      batchSize: min(PairReader.largestBatch, pairs.count))
    return weights.evaluate(pairs, spaces: snapshot.outputTokenizer.vocabulary.spaces)
  }
}
