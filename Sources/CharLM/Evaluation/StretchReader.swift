import CharLMData
import CharLMText
import RecurrentNN

/// One reading of a part of a text, from the zero state: the token at each place from `start` on is read, and predictions
/// count from the one made at `firstCounted` on, the last being made at `end` − 1, of the token at `end`.
package struct Stretch {
  let start: Int
  let firstCounted: Int
  let end: Int
  /// Where the loss of the first prediction that counts stands among those of all stretches.
  let firstLoss: Int

  /// The number of tokens that are read.
  var length: Int { end - start }
}

/// What is to be told of each prediction that counts, beside the sums.
package struct PredictionObserver {
  /// Takes each prediction's loss in nats, in the order of the text.
  package var losses: View<Float>?
  /// Takes each prediction's place, as in `losses`, and its logits; perhaps on several threads at the same time.
  package var logits: ((Int, Span<Float>) -> Void)?

  package init(losses: View<Float>? = nil, logits: ((Int, Span<Float>) -> Void)? = nil) {
    (self.losses, self.logits) = (losses, logits)
  }
}

/// Reads stretches of a text and measures what a predictor makes of them.
package protocol StretchReader: AnyObject {
  /// How many stretches are read side by side. A long text is cut into so many.
  var largestBatch: Int { get }

  /// Reads at most `largestBatch` stretches.
  /// - Parameters:
  ///   - documentID: the token that begins a new text; nil where none does.
  ///   - observer: is told of each prediction that counts.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  func read(
    _ tokens: TokenText, _ stretches: [Stretch], documentID: TokenID?, observer: PredictionObserver
  ) throws(TokenFileError) -> Evaluation
}

/// Reads with any predictor, token by token.
final class StreamReader<Source: Predictor>: StretchReader {
  private let predictor: Source
  private let options: StreamOptions
  private let chunk: Buffer<Int32>
  let largestBatch = 1

  init(_ predictor: Source, threadCount: Int) {
    self.predictor = predictor
    options = StreamOptions(threadCount: threadCount)
    chunk = Buffer(count: 4096)
  }

  func read(
    _ tokens: TokenText, _ stretches: [Stretch], documentID: TokenID?, observer: PredictionObserver
  ) throws(TokenFileError) -> Evaluation {
    var sums = Evaluation()
    for stretch in stretches {
      var stream = predictor.makeStream(options)
      // A chunk overlaps the next one by the token that its last prediction is of.
      for start in stride(from: stretch.start, to: stretch.end, by: chunk.count - 1) {
        let count = min(stretch.end - start, chunk.count - 1)
        try chunk.view.copy(start..<start + count + 1, of: tokens)
        for offset in 0..<count {
          stream.read(chunk.view[offset])
          guard start + offset >= stretch.firstCounted else { continue }
          let place = stretch.firstLoss + start + offset - stretch.firstCounted
          let (nats, isRight) = stream.withLogits { $0.loss(of: chunk.view[offset + 1]) }
          sums.add(nats: nats, isRight: isRight)
          observer.losses?[place] = Float(nats)
          if let observe = observer.logits { stream.withLogits { observe(place, $0) } }
        }
      }
    }
    return sums
  }
}

extension Span where Element == Float {
  /// −log p of a token under these logits, in nats, and whether it is the likeliest, the first of several.
  func loss(of token: TokenID) -> (nats: Double, isRight: Bool) {
    var best = 0
    for index in indices where self[index] > self[best] { best = index }
    return (logSumOfExponentials - Double(self[Int(token)]), best == Int(token))
  }
}
