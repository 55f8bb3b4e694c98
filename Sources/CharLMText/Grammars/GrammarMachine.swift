import Synchronization

/// What is known of a grammar's readings: each state that texts come to is worked out once, and each step between two of
/// them, by whatever text comes by first.
///
/// States that can go on in the same ways are one, however their texts began, because frames that return to the same
/// readings are one. So a grammar without recursion has a certain number of states, and most texts go through few. What is
/// kept is bounded; a state that was forgotten goes on as before, and what comes of it is found out again.
final class GrammarMachine: Sendable {
  let grammar: Grammar
  private let memory: Mutex<Memory>

  /// A way to read the text so far.
  struct Reading {
    let position: Int
    let frame: Frame
  }

  /// Where readings go on after a rule that was begun at one place of the text.
  ///
  /// `@unchecked Sendable` is Safe: it changes only in the step that makes it, before anybody else has it.
  final class Frame: @unchecked Sendable {
    fileprivate(set) var returns: [Reading] = []
    /// The scalars from the rule's end to the end of the text at least, and how many frames are below; set when closed.
    fileprivate(set) var shortest = 0
    fileprivate(set) var depth = 0
    /// Frames with the same number return to the same readings; nil in the step that makes it. Nothing returns through it
    /// then: a rule that is nothing was stepped over.
    fileprivate(set) var number: Int?
    /// The frame that was there already, where this one turns out to be the same.
    fileprivate var known: Frame?

    fileprivate init(number: Int? = nil) { self.number = number }
  }

  /// Where a text stands.
  final class State: Sendable {
    /// The readings that expect a scalar, at a set of scalars each.
    let readings: [Reading]
    /// Whether the text may end here.
    let mayEnd: Bool
    /// How many scalars have to follow until it may; nil where none can.
    let shortestRest: Int?
    let number: Int

    fileprivate init(_ readings: [Reading], mayEnd: Bool, number: Int, _ grammar: Grammar) {
      (self.readings, self.mayEnd, self.number) = (readings, mayEnd, number)
      shortestRest = mayEnd ? 0 : readings.map { grammar.shortest[$0.position] + $0.frame.shortest }.min()
    }
  }

  private struct Memory {
    var frames: [[Int]: Frame] = [:]
    var states: [[Int]: State] = [:]
    /// The readings of all states.
    var readingCount = 0
    /// By the number of a state, and a scalar; nil where it may not follow.
    var steps: [Step: State?] = [:]
    /// Numbers are never given twice. The bottom frame's is 0.
    var nextNumber = 1
  }

  private struct Step: Hashable {
    let state: Int
    let scalar: Unicode.Scalar
  }

  private static let stepLimit = 1 << 16
  private static let stateLimit = 1 << 13
  private static let readingLimit = 1 << 21

  init(_ grammar: Grammar) {
    self.grammar = grammar
    memory = Mutex(Memory())
  }

  /// The beginning of a text.
  /// - Throws: `ConstraintError.tooAmbiguous` where it can be begun in too many ways.
  func start() throws(ConstraintError) -> State {
    let bottom = Frame(number: 0)
    let start = grammar.alternatives[grammar.root].map { Reading(position: $0, frame: bottom) }
    let state = try memory.withLock { memory throws(ConstraintError) in try open(start, &memory) }
    // Where rules begin each other without end, nothing may follow.
    return state ?? State([], mayEnd: false, number: -1, grammar)
  }

  /// The state after one more scalar; nil where it may not follow.
  func state(after scalar: Unicode.Scalar, _ state: State) throws(ConstraintError) -> State? {
    let step = Step(state: state.number, scalar: scalar)
    return try memory.withLock { memory throws(ConstraintError) in
      if let known = memory.steps[step] { return known }
      let after = readings(of: state, expecting: scalar).map { Reading(position: $0.position + 1, frame: $0.frame) }
      let next = after.isEmpty ? nil : try open(after, &memory)
      if memory.steps.count >= GrammarMachine.stepLimit { memory.steps = [:] }
      memory.steps[step] = .some(next)
      return next
    }
  }

  /// How many scalars have to follow after one; nil where it may not.
  func rest(after scalar: Unicode.Scalar, _ state: State) -> Int? {
    readings(of: state, expecting: scalar).map { grammar.shortest[$0.position + 1] + $0.frame.shortest }.min()
  }

  /// Whether a scalar of a range is expected.
  func mayFollow(anyOf scalars: ClosedRange<UInt32>, _ state: State) -> Bool {
    state.readings.contains { reading in
      guard case .scalars(let set) = grammar.symbols[reading.position] else { return false }
      return grammar.sets[set].containsAny(of: scalars)
    }
  }

  private func readings(of state: State, expecting scalar: Unicode.Scalar) -> [Reading] {
    state.readings.filter { reading in
      guard case .scalars(let set) = grammar.symbols[reading.position] else { return false }
      return grammar.sets[set].contains(scalar)
    }
  }

  /// Goes from readings at any symbols to all that expect a scalar.
  /// - Returns: nil where rules would be nested too deeply, or nothing can come of it.
  private func open(_ start: [Reading], _ memory: inout Memory) throws(ConstraintError) -> State? {
    var (seen, waiting) = (ReadingSet(), start)
    var frames: [(rule: Int, frame: Frame)] = []
    var (expecting, mayEnd) = ([Reading](), false)
    while frames.count <= GrammarLimits.depth, let reading = waiting.popLast() {
      guard grammar.shortest[reading.position] < Grammar.endless, seen.insert(reading) else { continue }
      guard seen.count <= GrammarLimits.readingCount else {
        throw .tooAmbiguous(limit: GrammarLimits.readingCount)
      }
      let (position, frame) = (reading.position, reading.frame)
      switch grammar.symbols[position] {
      case .scalars: expecting.append(reading)
      case .end where frame.number == nil: break
      case .end where frame.returns.isEmpty: mayEnd = true
      case .end: waiting += frame.returns
      case .rule(let rule):
        let after = Reading(position: position + 1, frame: frame)
        if grammar.isNullable[rule] { waiting.append(after) }
        if grammar.symbols[position + 1] == .end {
          waiting += grammar.alternatives[rule].map { Reading(position: $0, frame: frame) }
        } else if let (_, known) = frames.first(where: { $0.rule == rule }) {
          known.returns.append(after)
        } else {
          let frame = Frame()
          frame.returns.append(after)
          frames.append((rule, frame))
          waiting += grammar.alternatives[rule].map { Reading(position: $0, frame: frame) }
        }
      }
    }
    guard close(frames.map(\.frame), &memory) else { return nil }
    return state(expecting, mayEnd: mayEnd, &memory)
  }

  /// The state of some readings whose frames are closed.
  private func state(_ readings: [Reading], mayEnd: Bool, _ memory: inout Memory) -> State? {
    let possible = GrammarMachine.distinct(readings).filter {
      grammar.shortest[$0.position] + $0.frame.shortest < Grammar.endless
    }
    guard mayEnd || !possible.isEmpty else { return nil }
    let key = GrammarMachine.key(of: possible) + [mayEnd ? 1 : 0]
    if let known = memory.states[key] { return known }
    if memory.states.count >= GrammarMachine.stateLimit || memory.readingCount >= GrammarMachine.readingLimit {
      (memory.states, memory.frames, memory.steps, memory.readingCount) = ([:], [:], [:], 0)
    }
    memory.readingCount += possible.count
    let state = State(possible, mayEnd: mayEnd, number: memory.nextNumber, grammar)
    memory.nextNumber += 1
    memory.states[key] = state
    return state
  }

  /// Works out what frames know of what is below them.
  /// - Returns: false where there is too much.
  private func close(_ frames: [Frame], _ memory: inout Memory) -> Bool {
    guard frames.count <= GrammarLimits.depth else {
      for frame in frames { frame.returns = [] }
      return false
    }
    for frame in frames { settle(frame, &memory) }
    return frames.allSatisfy { $0.depth <= GrammarLimits.depth }
  }

  private func settle(_ frame: Frame, _ memory: inout Memory) {
    guard frame.number == nil, frame.known == nil else { return }
    for after in frame.returns { settle(after.frame, &memory) }
    frame.returns = GrammarMachine.distinct(frame.returns)
    frame.shortest = Grammar.endless
    for after in frame.returns {
      frame.shortest = min(frame.shortest, grammar.shortest[after.position] + after.frame.shortest)
      frame.depth = max(frame.depth, after.frame.depth + 1)
    }
    let key = GrammarMachine.key(of: frame.returns)
    if let known = memory.frames[key] {
      frame.known = known
    } else {
      frame.number = memory.nextNumber
      memory.nextNumber += 1
      memory.frames[key] = frame
    }
  }

  /// Readings in an order of their own, each once, in frames that are known.
  private static func distinct(_ readings: [Reading]) -> [Reading] {
    let sorted = readings.map { Reading(position: $0.position, frame: $0.frame.known ?? $0.frame) }
      .sorted { ($0.position, $0.frame.number ?? 0) < ($1.position, $1.frame.number ?? 0) }
    return sorted.indices.filter { $0 == 0 || !isSame(sorted[$0 - 1], sorted[$0]) }.map { sorted[$0] }
  }

  private static func isSame(_ one: Reading, _ other: Reading) -> Bool {
    one.position == other.position && one.frame === other.frame
  }

  private static func key(of readings: [Reading]) -> [Int] {
    readings.flatMap { [$0.position, $0.frame.number ?? 0] }
  }

  /// A set that is searched one by one while it is small, as it nearly always is.
  private struct ReadingSet {
    private var readings: [Reading] = []
    private var table: Set<Key> = []
    private static let smallCount = 16

    private struct Key: Hashable {
      let position: Int
      let frame: ObjectIdentifier

      init(_ reading: Reading) { (position, frame) = (reading.position, ObjectIdentifier(reading.frame)) }
    }

    var count: Int { readings.count }

    /// - Returns: false where the reading is in it already.
    mutating func insert(_ reading: Reading) -> Bool {
      if readings.count < ReadingSet.smallCount {
        if readings.contains(where: { isSame($0, reading) }) { return false }
      } else {
        if table.isEmpty { table = Set(readings.map(Key.init)) }
        guard table.insert(Key(reading)).inserted else { return false }
      }
      readings.append(reading)
      return true
    }
  }
}
