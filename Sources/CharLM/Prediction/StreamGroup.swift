import CharLMText
import RecurrentNN

/// Several streams of one predictor that read side by side. They come and go; a step costs what those cost that are there.
package protocol StreamGroup: AnyObject {
  /// The number of streams, which are numbered from 0.
  var count: Int { get }
  /// The most streams that there may be.
  var capacity: Int { get }

  /// Takes all streams back to where they have read nothing.
  func reset()

  /// One more stream, that has read nothing; it gets the next number.
  /// - Precondition: there is room.
  func add()

  /// Takes a stream away; the last one gets its number.
  func remove(_ number: Int)

  /// Takes a stream back to where it has read nothing.
  func reset(_ number: Int)

  /// Where a stream stands.
  func save(_ number: Int) -> SavedStream

  /// Puts a stream where one stood when it was saved, of this group or another of the same predictor. What comes next is
  /// known when it has read on.
  func load(_ number: Int, _ saved: SavedStream)

  /// Where a stream of the predictor's own stands.
  func saved(_ stream: any PredictorStream) -> SavedStream

  /// Stream r reads `token(r)`.
  func read(_ token: (Int) -> TokenID)

  /// Calls `body` with each stream's number and logits, perhaps for several streams at the same time.
  func forEachStream(_ body: (Int, Span<Float>) -> Void)
}

/// Where a stream stood: something of its group's own.
package struct SavedStream {
  private let content: Any

  init(_ content: Any) { self.content = content }

  /// - Precondition: it is of this type, which it is for groups and streams of one predictor.
  func content<Content>(as type: Content.Type) -> Content {
    guard let content = content as? Content else { preconditionFailure("a stream of another kind of predictor") }
    return content
  }
}

/// A predictor that consists of networks alone, whose streams, and the chunks of whose texts, the engine runs side by
/// side: a weight that is read for one serves them all.
package protocol NetworkPredictor: Predictor {
  /// The networks, at least one, all of the same vocabulary; several predict by the mean of their probabilities.
  var snapshots: [ModelSnapshot] { get }
}

extension Predictor {
  /// Streams that have read nothing: run together where the predictor consists of networks, else one by one.
  /// - Parameter capacity: the most streams that there may be later; nil for no more.
  package func makeStreams(count: Int, capacity: Int? = nil, _ options: StreamOptions) -> any StreamGroup {
    let capacity = capacity ?? count
    require(capacity >= max(count, 1), "\(count) streams where there is room for \(capacity)")
    if let networks = self as? any NetworkPredictor {
      return NetworkStreams(networks.snapshots, count: count, capacity: capacity, options)
    }
    return IndependentStreams(repeating: makeStream(options), count: count, capacity: capacity)
  }
}

/// Streams that know nothing of each other.
final class IndependentStreams<Stream: PredictorStream>: StreamGroup {
  private let new: Stream
  private var streams: [Stream]

  let capacity: Int

  init(repeating stream: Stream, count: Int, capacity: Int) {
    (new, self.capacity) = (stream, capacity)
    streams = Array(repeating: stream, count: count)
  }

  var count: Int { streams.count }

  func reset() { streams = Array(repeating: new, count: count) }

  func add() { streams.append(new) }

  func remove(_ number: Int) {
    streams[number] = streams[count - 1]
    streams.removeLast()
  }

  func reset(_ number: Int) { streams[number] = new }

  func save(_ number: Int) -> SavedStream { SavedStream(streams[number]) }

  func load(_ number: Int, _ saved: SavedStream) { streams[number] = saved.content(as: Stream.self) }

  func saved(_ stream: any PredictorStream) -> SavedStream { SavedStream(stream) }

  func read(_ token: (Int) -> TokenID) {
    for number in streams.indices { streams[number].read(token(number)) }
  }

  func forEachStream(_ body: (Int, Span<Float>) -> Void) {
    for (number, stream) in streams.enumerated() { stream.withLogits { body(number, $0) } }
  }
}
