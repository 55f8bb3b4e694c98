import CharLM
import CharLMText
import Dispatch
import RecurrentNN
import Synchronization

/// Writes texts that must have a shape: one request at a time, in a thread of its own, and a bounded number that wait.
///
/// They are apart from the others because what a client's pattern allows next can take long to find out, and all texts of
/// a `WritingEngine` would wait for it. Such a text can be taken back while it is written, so it comes as a whole.
final class ShapedWriting: Sendable {
  private let queue = DispatchQueue(label: "charlm.shaped", qos: .userInitiated)
  private let count = Mutex(0)
  private let limit: Int
  private let precision: StreamPrecision
  private let threadCount: Int

  /// So many texts are tried for each that is wanted, where a shape lets some not come.
  private static let triesPerText = 20

  /// - Parameter limit: how many requests may be there at a time, the one that is written included.
  init(limit: Int, precision: StreamPrecision, threadCount: Int) {
    (self.limit, self.precision, self.threadCount) = (limit, precision, threadCount)
  }

  /// How many requests are there.
  var waitingCount: Int { count.withLock { $0 } }

  /// Asks for texts, all with the shape, the seed and the settings of the first, and with random seeds from its own on.
  /// - Returns: where they come out.
  /// - Throws: `RequestError` where too many wait already.
  func begin(
    _ orders: [WritingOrder], _ shape: TextShape, _ model: LanguageModel, isWhole: Bool
  ) throws(RequestError) -> PieceQueue {
    let isTaken = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    guard isTaken else { throw .busy("\(limit) requests for texts with a shape wait already") }
    let pieces = PieceQueue(textCount: orders.count, isWhole: isWhole)
    queue.async { [self] in
      write(orders, shape, model, to: pieces)
      count.withLock { $0 -= 1 }
    }
    return pieces
  }

  private func write(_ orders: [WritingOrder], _ shape: TextShape, _ model: LanguageModel, to pieces: PieceQueue) {
    var number = 0
    do throws(ConstraintError) {
      let samples = try samples(orders, shape, model, pieces)
      let mostTries = orders.count * ShapedWriting.triesPerText
      for triedCount in 0..<mostTries where number < orders.count {
        let wanted = min(orders.count - number, mostTries - triedCount)
        guard let sample = try samples.next(of: wanted, isInterrupted: { pieces.isCancelled }) else { continue }
        _ = pieces.deliver(WrittenPiece(sample, number, after: orders[0].seed))
        number += 1
      }
      for index in number..<orders.count { _ = pieces.deliver(WrittenPiece(index: index, end: WrittenPiece.End.none)) }
    } catch {
      if case .interrupted = error { return }
      pieces.fail(error)
    }
  }

  private func samples(
    _ orders: [WritingOrder], _ shape: TextShape, _ model: LanguageModel, _ pieces: PieceQueue
  ) throws(ConstraintError) -> SampleQueue {
    let order = orders[0]
    var (constraint, documents): ((any TextConstraint)?, Int?)
    switch shape {
    case .constrained(let base):
      constraint = InterruptibleConstraint(base) { pieces.isCancelled }
    case .documents(let count): documents = count
    }
    return try SampleQueue(
      model, constraint: constraint, seed: order.seed, length: order.length, documents: documents, stops: order.stops,
      sampling: order.sampling, randomSeed: order.randomSeed, capacity: orders.count, precision: precision,
      threadCount: threadCount, candidateCount: order.candidateCount)
  }
}

extension WrittenPiece {
  /// A whole text, without the seed that it continues.
  fileprivate init(_ sample: Sample, _ number: Int, after seed: SampleSeed) {
    let utf8 = sample.text.utf8
    let text = utf8.starts(with: seed.text.utf8) ? String(utf8.dropFirst(seed.text.utf8.count)) : sample.text
    self.init(index: number, text: text ?? sample.text, tokenCount: sample.tokenCount, drawn: sample.drawn)
    randomSeed = sample.randomSeed
    end = sample.isStopped ? .stop : .shape
  }
}
