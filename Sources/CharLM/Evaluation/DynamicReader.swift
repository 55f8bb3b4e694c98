import CharLMData
import CharLMText
import RecurrentNN

/// Reads stretches with a network that goes on learning, chunk by chunk; each stretch from the trained parameters.
final class DynamicReader: StretchReader {
  let largestBatch = 1
  private let network: DynamicNetwork
  var rates: DynamicRates
  private let chunk = Buffer<Int32>(count: DynamicNetwork.chunkLength + 1)
  private let nats = Buffer<Float>(count: DynamicNetwork.chunkLength)
  private let best = Buffer<Int32>(count: DynamicNetwork.chunkLength)

  init(_ network: DynamicNetwork, rates: DynamicRates) { (self.network, self.rates) = (network, rates) }

  func read(
    _ tokens: TokenText, _ stretches: [Stretch], documentID: TokenID?, observer: PredictionObserver
  ) throws(TokenFileError) -> Evaluation {
    var sums = Evaluation()
    for stretch in stretches {
      network.reset()
      for start in stride(from: stretch.start, to: stretch.end, by: DynamicNetwork.chunkLength) {
        let count = min(stretch.end - start, DynamicNetwork.chunkLength)
        let part = chunk.view[0..<count + 1]
        try part.copy(start..<start + count + 1, of: tokens)
        network.predict(part, documentID: documentID)
        tell(observer, of: stretch, from: start, &sums)
        if start + count < stretch.end { network.learn(rates) }
      }
    }
    return sums
  }

  private func tell(
    _ observer: PredictionObserver, of stretch: Stretch, from start: Int, _ sums: inout Evaluation
  ) {
    let (shard, count) = (network.shard, network.shard.walk.rowCount)
    Kernels.active.crossEntropy(
      shard.logits, targets: shard.targets, nats: nats.view[0..<count], best: best.view[0..<count])
    for row in 0..<count where start + row >= stretch.firstCounted {
      let place = stretch.firstLoss + start + row - stretch.firstCounted
      sums.add(nats: Double(nats.view[row]), isRight: best.view[row] == shard.targets[row])
      observer.losses?[place] = nats.view[row]
      if let observe = observer.logits { shard.logits.row(row).withSpan { observe(place, $0) } }
    }
  }
}
