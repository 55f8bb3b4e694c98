import RecurrentNN

/// A shard of each network of an evaluator: they read the same rows, and their probabilities are averaged.
final class EvaluationShard {
  /// The one whose walk, tokens and targets are to be set.
  let first: NetworkShard
  private let others: [NetworkShard]
  private let mean: ProbabilityMean

  init(_ weights: [NetworkWeights], rowCount: Int, batchSize: Int, firstRow: Int) {
    let shards = weights.map { NetworkShard($0, rowCount: rowCount, batchSize: batchSize, firstRow: firstRow) }
    first = shards[0]
    others = Array(shards.dropFirst())
    mean = ProbabilityMean(vocabularyCount: weights[0].outputVocabularyCount)
  }

  /// All rows at the zero state.
  func resetState() {
    for shard in [first] + others { shard.stack.resetState() }
  }

  /// Forward and the loss of every row, in nats, with the likeliest token of each.
  func evaluate(nats: View<Float>, best: View<Int32>) {
    first.forward(noise: nil)
    for shard in others {
      shard.walk = first.walk
      shard.tokens.copy(from: first.tokens)
      shard.forward(noise: nil)
    }
    if !others.isEmpty {
      let logits = [first.logits] + others.map(\.logits)
      for row in 0..<first.walk.rowCount { mean.average(logits.map { $0.row(row) }) }
    }
    Kernels.active.crossEntropy(first.logits, targets: first.targets, nats: nats, best: best)
  }
}
