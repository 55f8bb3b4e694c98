import CharLM
import CharLMText
import Dispatch
import RecurrentNN
import Synchronization

/// Writes all texts that are asked for of a model, side by side: one thread, one group of streams, a step for all of them.
///
/// A text takes part from the step after it was asked for, as long as there is room, and otherwise waits in a queue of a
/// certain length. What was written is handed on a few times a second for each text, less often where there are many, so
/// that a token costs no wake-up.
final class WritingEngine: Sendable {
  /// How many texts are in which state.
  struct Counts: Hashable, Sendable {
    /// Being written.
    var active = 0
    /// Not begun yet.
    var waiting = 0
    /// Standing still until their readers have read on.
    var paused = 0
    /// Tokens written so far, of all texts.
    var tokens = 0
  }

  private struct State {
    var waiting: [Writing] = []
    var resumed: [Writing] = []
    var counts = Counts()
    var isStopped = false
  }

  /// The model.
  let model: LanguageModel
  private let group: GeneratorGroup
  private let waitingLimit: Int
  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)

  /// An engine whose thread has begun.
  /// - Parameters:
  ///   - streamCount: how many texts are written at a time.
  ///   - waitingLimit: how many more may wait.
  init(
    _ model: LanguageModel, streamCount: Int, waitingLimit: Int, precision: StreamPrecision, threadCount: Int
  ) {
    self.model = model
    self.waitingLimit = waitingLimit
    group = GeneratorGroup(model, capacity: streamCount, precision: precision, threadCount: threadCount)
    DispatchQueue(label: "charlm.writing", qos: .userInitiated).async { [self] in
      var desk = Desk(engine: self)
      while desk.work() {}
    }
  }

  /// How many texts are in which state.
  var counts: Counts {
    state.withLock { state in
      var counts = state.counts
      counts.waiting = state.waiting.count
      return counts
    }
  }

  /// Asks for texts.
  /// - Returns: where they come out.
  /// - Throws: `RequestError` where too many wait already.
  func begin(_ orders: [WritingOrder], isWhole: Bool) throws(RequestError) -> PieceQueue {
    let queue = PieceQueue(textCount: orders.count, isWhole: isWhole)
    let writings = orders.enumerated().map { Writing($1, number: $0, model, queue) }
    let (isTaken, isStopped) = state.withLock { state in
      guard !state.isStopped else { return (false, true) }
      let room = group.capacity - state.counts.active + waitingLimit
      guard state.waiting.count + writings.count <= max(room, 0) else { return (false, false) }
      state.waiting += writings
      return (true, false)
    }
    if isStopped {
      let message = "this model is no longer offered: it was replaced, or the server is shutting down"
      throw RequestError(status: .serviceUnavailable, message: message)
    }
    guard isTaken else { throw .busy("\(group.capacity) texts are being written, and \(waitingLimit) wait already") }
    wake.signal()
    return queue
  }

  /// Ends the thread, and all texts with it.
  func stop() {
    state.withLock { $0.isStopped = true }
    wake.signal()
  }
}

extension WritingEngine {
  /// What the engine's thread has before it. It belongs to that thread.
  private struct Desk {
    let engine: WritingEngine
    private var active: [GeneratorGroup.ID: Writing] = [:]
    private var paused: [ObjectIdentifier: Writing] = [:]
    private var lastDelivery = ContinuousClock.now
    private var tokenCount = 0

    init(engine: WritingEngine) { self.engine = engine }

    /// A step of all texts; waits where there are none.
    /// - Returns: whether to go on.
    mutating func work() -> Bool {
      guard admit() else {
        let waiting = engine.state.withLock { state in
          defer { state.waiting = [] }
          return state.waiting
        }
        for writing in Array(active.values) + Array(paused.values) + waiting { writing.end(.time) }
        return false
      }
      if active.isEmpty {
        engine.wake.wait()
        return true
      }
      let written = engine.group.step()
      tokenCount += written.count
      for step in written {
        guard let writing = active[step.id] else { continue }
        if writing.append(step) { finish(step.id, writing) }
      }
      // Each text's reader is woken at most so often.
      if ContinuousClock.now - lastDelivery >= .microseconds(max(5000, 40 * active.count)) { deliver() }
      return true
    }

    private mutating func finish(_ id: GeneratorGroup.ID, _ writing: Writing) {
      engine.group.remove(id)
      active[id] = nil
      _ = writing.deliver()
    }

    /// Hands on what was written; texts whose readers are behind stand still.
    private mutating func deliver() {
      for (id, writing) in active {
        if writing.queue.isCancelled {
          engine.group.remove(id)
          active[id] = nil
        } else if !writing.deliver() {
          engine.group.pause(id)
          active[id] = nil
          paused[ObjectIdentifier(writing)] = writing
          let engine = engine
          writing.queue.whenDrained {
            engine.state.withLock { $0.resumed.append(writing) }
            engine.wake.signal()
          }
        }
      }
      lastDelivery = .now
    }

    /// Takes up texts that go on again, then new ones, as long as there is room.
    /// - Returns: false at the end.
    private mutating func admit() -> Bool {
      var (returning, new): ([Writing], [Writing]) = ([], [])
      let group = engine.group
      let isStopped = engine.state.withLock { state in
        state.resumed.removeAll { writing in
          guard writing.queue.isCancelled else { return false }
          if let id = writing.id { group.remove(id) }
          paused[ObjectIdentifier(writing)] = nil
          return true
        }
        state.waiting.removeAll { $0.queue.isCancelled }
        let room = group.capacity - active.count
        returning = Array(state.resumed.prefix(room))
        state.resumed.removeFirst(returning.count)
        new = Array(state.waiting.prefix(room - returning.count))
        state.waiting.removeFirst(new.count)
        state.counts = Counts(
          active: active.count + returning.count + new.count, paused: paused.count - returning.count, tokens: tokenCount
        )
        return state.isStopped
      }
      for writing in returning {
        paused[ObjectIdentifier(writing)] = nil
        guard let id = writing.id else { continue }
        group.resume(id)
        active[id] = writing
      }
      for writing in new { active[writing.join(group)] = writing }
      return !isStopped
    }
  }
}
