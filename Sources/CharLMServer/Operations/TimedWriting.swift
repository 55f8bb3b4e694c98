import CharLM

/// Texts that a request has asked for, up to the end of its time.
struct TimedWriting: Sendable {
  private let queue: PieceQueue
  private let textCount: Int
  private let deadline: ContinuousClock.Instant

  /// - Throws: `RequestError` where too many texts are asked for at a time.
  init(_ orders: [WritingOrder], _ engine: WritingEngine, _ call: Call, isWhole: Bool) throws(RequestError) {
    textCount = orders.count
    deadline = .now + call.service.timeLimit
    let queue = try engine.begin(orders, isWhole: isWhole)
    self.queue = queue
    call.client.whenGone { queue.cancel() }
  }

  /// The whole texts, in order.
  /// - Throws: `CancellationError` where the client has left.
  func whole() async throws -> [WrittenPiece] {
    var texts = (0..<textCount).map { WrittenPiece(index: $0) }
    try await forEachPiece { texts[$0.index].append($0) }
    return texts
  }

  /// Calls `body` with each piece as it comes; the last one of a text says why it has ended.
  /// - Throws: `CancellationError` where the client has left, and what `body` throws.
  func forEachPiece(_ body: (WrittenPiece) async throws -> Void) async throws {
    defer { queue.cancel() }
    let timer = Task { [queue, deadline] in
      try await Task.sleep(until: deadline, clock: .continuous)
      queue.endInTime()
    }
    defer { timer.cancel() }
    var openCount = textCount
    while openCount > 0 {
      guard let pieces = await queue.next() else { throw CancellationError() }
      for piece in pieces {
        try await body(piece)
        if piece.end != nil { openCount -= 1 }
      }
    }
  }
}
