import CharLMData
import RecurrentNN

extension NetworkShard {
  /// Sets walk, tokens and targets for pairs of falling length.
  package func fill(_ pairs: [PairCorpus.Pair]) {
    walk.set(lengths: pairs.map(\.input.count))
    for step in 0..<walk.timeStepCount {
      let rows = walk.rows(at: step)
      for row in 0..<rows.count {
        tokens[rows.lowerBound + row] = pairs[row].input[step]
        targets[rows.lowerBound + row] = pairs[row].output[step]
      }
    }
  }
}
