import CharLMText
import RecurrentNN

/// Several streams of one predictor that read side by side.
package protocol StreamGroup: AnyObject {
  /// The number of streams.
  var count: Int { get }

  /// Takes all streams back to where they have read nothing.
  func reset()

  /// Stream r reads `token(r)`.
  func read(_ token: (Int) -> TokenID)

  /// Calls `body` with each stream's number and logits, perhaps for several streams at the same time.
  func forEachStream(_ body: (Int, Span<Float>) -> Void)
}

/// A predictor that consists of networks alone, whose streams, and the chunks of whose texts, the engine runs side by
/// side: a weight that is read for one serves them all.
package protocol NetworkPredictor: Predictor {
  /// The networks, at least one, all of the same vocabulary; several predict by the mean of their probabilities.
  var snapshots: [ModelSnapshot] { get }
}

extension Predictor {
  /// Streams that have read nothing: run together where the predictor consists of networks, else one by one.
  package func makeStreams(count: Int, _ options: StreamOptions) -> any StreamGroup {
    if let networks = self as? any NetworkPredictor {
      return NetworkStreams(networks.snapshots, count: count, options)
    }
    return IndependentStreams(repeating: makeStream(options), count: count)
  }
}

/// Streams that know nothing of each other.
final class IndependentStreams<Stream: PredictorStream>: StreamGroup {
  private let new: Stream
  private var streams: [Stream]

  init(repeating stream: Stream, count: Int) {
    new = stream
    streams = Array(repeating: stream, count: count)
  }

  var count: Int { streams.count }

  func reset() { streams = Array(repeating: new, count: count) }

  func read(_ token: (Int) -> TokenID) {
    for number in streams.indices { streams[number].read(token(number)) }
  }

  func forEachStream(_ body: (Int, Span<Float>) -> Void) {
    for (number, stream) in streams.enumerated() { stream.withLogits { body(number, $0) } }
  }
}
