import CharLMData
import CharLMText
import RecurrentNN

/// Reads token sequences with a predictor and sums the losses.
///
/// Networks read a long text by parallel streams: each begins `warmup` tokens before its part, from a zero state, and its
/// predictions count from its part on. A recurrent state forgets, so the result is the single stream's (a test
/// holds it to 0.001 nats). The division depends on the text's length alone, so that the result does too. Other
/// predictors read it as one stream.
package final class Evaluator {
  static let warmup = 512
  private let reader: any StretchReader

  /// An evaluator of any predictor.
  /// - Parameters:
  ///   - threadCount: does not change the result.
  ///   - precision: what the engine of sampling keeps a network's weights in, if that is to be evaluated; nil for the
  ///     engine of training, which is faster.
  package init(_ predictor: some Predictor, threadCount: Int, precision: StreamPrecision? = nil) {
    if let precision {
      reader = StreamGroupReader(predictor, StreamOptions(precision: precision, threadCount: threadCount))
    } else if let networks = predictor as? any NetworkPredictor {
      let weights = networks.snapshots.map { NetworkReader.weights(of: $0) }
      reader = NetworkReader(weights, pool: WorkerPool(threadCount: threadCount), repacks: false)
    } else {
      reader = StreamReader(predictor, threadCount: threadCount)
    }
  }

  /// An evaluator that reads in a way of its own.
  package init(_ reader: any StretchReader) { self.reader = reader }

  /// An evaluator of a network's weights, such as those of a trainer.
  /// - Parameter repacks: whether the weights' packed copies are its own to bring up to date before each use.
  package init(_ weights: NetworkWeights, pool: WorkerPool, repacks: Bool = false) {
    reader = NetworkReader([weights], pool: pool, repacks: repacks)
  }

  /// A store's weights in float32, to be packed by an evaluator that `repacks`.
  package static func weights(_ settings: NetworkSettings, store: ParameterStore) -> NetworkWeights {
    NetworkReader.weights(settings, store: store)
  }

  /// The whole sequence once, state carried: N tokens give N − 1 predictions. A document token resets the state.
  /// - Parameters:
  ///   - observer: is told of each of the N − 1 predictions.
  ///   - communicator: the ranks that read it together, each some of the parallel streams.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  package func stateful(
    _ tokens: TokenText, documentID: TokenID?, isSingleStream: Bool = false,
    observer: PredictionObserver = PredictionObserver(), communicator: Communicator = .alone
  ) throws(TokenFileError) -> Evaluation {
    try stateful(
      tokens, predictions: 0..<max(tokens.count - 1, 0), documentID: documentID, isSingleStream: isSingleStream,
      observer: observer, communicator: communicator)
  }

  /// A part of the predictions of a sequence that is read once: prediction i is made at token i, of the one after it.
  /// - Parameter observer: is told of each of them, numbered from the part's first on.
  package func stateful(
    _ tokens: TokenText, predictions: Range<Int>, documentID: TokenID?, isSingleStream: Bool = false,
    observer: PredictionObserver, communicator: Communicator = .alone
  ) throws(TokenFileError) -> Evaluation {
    let count = predictions.count
    guard count > 0 else { return Evaluation() }
    let streamCount = isSingleStream ? 1 : min(max(count / (4 * Evaluator.warmup), 1), reader.largestBatch)
    let ofThisRank = stride(from: communicator.rank, to: streamCount, by: communicator.size)
    let stretches = ofThisRank.map { number in
      let first = number * count / streamCount
      let start = predictions.lowerBound + first
      return Stretch(
        start: max(0, start - Evaluator.warmup), firstCounted: start,
        end: predictions.lowerBound + (number + 1) * count / streamCount, firstLoss: first)
    }
    return communicator.sum(try reader.read(tokens, stretches, documentID: documentID, observer: observer))
  }

  /// 200 windows of 256 predictions at random places that a fixed seed gives, each from a zero state. A text shorter
  /// than a window is one window.
  /// - Parameters:
  ///   - observer: is told of each prediction, window after window.
  ///   - communicator: the ranks that read them together, each some of the windows.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  package func cold256(
    _ tokens: TokenText, observer: PredictionObserver = PredictionObserver(), communicator: Communicator = .alone
  ) throws(TokenFileError) -> Evaluation {
    var predictionCount = 0
    let all = Evaluator.coldWindows(tokenCount: tokens.count).map { window in
      defer { predictionCount += window.count - 1 }
      return Stretch(
        start: window.lowerBound, firstCounted: window.lowerBound, end: window.upperBound - 1,
        firstLoss: predictionCount)
    }
    let windows = stride(from: communicator.rank, to: all.count, by: communicator.size).map { all[$0] }
    var total = Evaluation()
    for first in stride(from: 0, to: windows.count, by: reader.largestBatch) {
      let group = Array(windows[first..<min(first + reader.largestBatch, windows.count)])
      total.add(try reader.read(tokens, group, documentID: nil, observer: observer))
    }
    return communicator.sum(total)
  }

  /// The windows of `cold256`: each is a token of context and what is predicted after it.
  static func coldWindows(tokenCount: Int) -> [Range<Int>] {
    let predictionCount = 256
    guard tokenCount > predictionCount + 1 else { return tokenCount > 1 ? [0..<tokenCount] : [] }
    var generator = SeededGenerator(seed: 256)
    return (0..<200).map { _ in
      let start = Int.random(in: 0..<tokenCount - predictionCount, using: &generator)
      return start..<start + predictionCount + 1
    }
  }
}
