import CharLM
import Dispatch

/// Texts that a request has asked for, up to the end of its time.
struct TimedWriting: Sendable {
  private let queue: PieceQueue
  private let textCount: Int
  private let deadline: ContinuousClock.Instant

  /// What is answered as a whole, all texts together, may have so many tokens and candidates: some hundred megabytes.
  private static let wholeLimit = 1 << 22
  private static let timers = DispatchQueue(label: "charlm.timers")

  /// - Parameter shape: what all the texts must be; nil for any.
  /// - Throws: `RequestError` where too many texts are asked for at a time, or too much.
  init(
    _ orders: [WritingOrder], _ shape: TextShape? = nil, _ served: OfferedModel, _ call: Call, isWhole: Bool
  ) throws(RequestError) {
    try TimedWriting.check(orders, shape, isWhole: isWhole)
    textCount = orders.count
    let limits = call.service.timeLimits
    deadline = .now + (shape == nil ? limits.usual : min(limits.usual, limits.shaped))
    let queue =
      if let shape {
        try call.service.shaped.begin(orders, shape, served.model, isWhole: isWhole)
      } else {
        try served.engine.begin(orders, isWhole: isWhole)
      }
    self.queue = queue
    call.client.whenGone { queue.cancel() }
  }

  private static func check(
    _ orders: [WritingOrder], _ shape: TextShape?, isWhole: Bool
  ) throws(RequestError) {
    guard isWhole || shape != nil else { return }
    let documents = if case .documents(let count)? = shape { count } else { 1 }
    try check(
      size: orders.reduce(0) { $0 + $1.length * documents * (1 + ($1.candidateCount ?? 0)) },
      couldStream: shape == nil)
  }

  /// - Parameters:
  ///   - size: how many tokens and candidates are answered in one piece.
  ///   - couldStream: whether a stream would avoid the limit.
  /// - Throws: `RequestError` where that is too much.
  static func check(size: Int, couldStream: Bool) throws(RequestError) {
    guard size > wholeLimit else { return }
    throw RequestError(
      status: .badRequest,
      message: "up to \(size) tokens and candidates are requested at once; the limit is \(wholeLimit): ask for fewer"
        + (couldStream ? ", or for a stream" : ""))
  }

  /// The whole texts, in order.
  /// - Throws: `CancellationError` where the client has left, `RequestError` where no text can have the shape.
  func whole() async throws -> [WrittenPiece] {
    var texts = (0..<textCount).map { WrittenPiece(index: $0) }
    try await forEachPiece { texts[$0.index].append($0) }
    return texts
  }

  /// Calls `body` with each piece as it comes; the last one of a text says why it has ended.
  /// - Throws: `CancellationError` where the client has left, and what `body` throws.
  func forEachPiece(_ body: (WrittenPiece) async throws -> Void) async throws {
    defer { queue.cancel() }
    // A task that sleeps would be kept to the end of its time, though it was cancelled.
    let timer = DispatchSource.makeTimerSource(queue: TimedWriting.timers)
    timer.schedule(deadline: .now() + (deadline - .now) / .seconds(1))
    timer.setEventHandler { [queue] in queue.endInTime() }
    timer.activate()
    defer { timer.cancel() }
    var openCount = textCount
    while openCount > 0 {
      guard let pieces = await queue.next() else {
        if let failure = queue.failure { throw RequestError(status: .badRequest, message: "\(failure)") }
        throw CancellationError()
      }
      for piece in pieces {
        try await body(piece)
        if piece.end != nil { openCount -= 1 }
      }
    }
  }
}
