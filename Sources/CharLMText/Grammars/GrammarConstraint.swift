/// Texts of a grammar: follows every way in which it can read a text at the same time, one scalar after the other.
///
/// A reading is a position in the grammar's symbols and a frame: where to go on when the rule that it is in ends. Readings
/// that begin the same rule at the same place of the text share a frame, whatever they are going to do afterwards (the
/// graph-structured stack of Tomita 1987), so that their number does not grow with each choice that is still open. A rule
/// at the end of another needs no frame of its own, so that a list of any length is no deeper than its first element. What
/// may be nothing is stepped over where it would begin (Aycock and Horspool 2002), so that a frame is complete before
/// anything returns through it.
///
/// A step costs what the open readings cost, and does not depend on the length of the text, unless the grammar leaves open
/// more and more of what was read, as a palindrome's does; `GrammarLimits` bounds that.
public struct GrammarConstraint: TextConstraint {
  /// The grammar.
  public let grammar: Grammar
  /// The readings that expect a scalar, at a set of scalars each.
  private var readings: [Reading] = []
  /// Whether the text may end here.
  public private(set) var mayEnd = false

  /// A way to read the text so far.
  private struct Reading: Hashable {
    let position: Int
    let frame: Frame

    static func == (one: Reading, other: Reading) -> Bool {
      one.position == other.position && one.frame === other.frame
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(position)
      hasher.combine(ObjectIdentifier(frame))
    }
  }

  /// Where readings go on after a rule that was begun at one place of the text.
  ///
  /// `@unchecked Sendable` is Safe: it changes only in the step that makes it, before anybody else has it.
  private final class Frame: @unchecked Sendable {
    var returns: [Reading] = []
    /// Whether the step that makes it is still on its way. Nothing returns through it then: a rule that is nothing was
    /// stepped over.
    var isOpen: Bool
    /// The scalars from the rule's end to the end of the text at least, and how many frames are below; set when closed.
    var shortest = 0
    var depth = 0

    init(isOpen: Bool) { self.isOpen = isOpen }
  }

  /// The beginning of a text.
  /// - Throws: `ConstraintError.tooAmbiguous` where it can be begun in too many ways.
  public init(_ grammar: Grammar) throws(ConstraintError) {
    self.grammar = grammar
    let bottom = Frame(isOpen: false)
    _ = try open(grammar.alternatives[grammar.root].map { Reading(position: $0, frame: bottom) })
  }

  /// Whether anything may follow.
  public var mayGoOn: Bool { !readings.isEmpty }

  /// How many scalars have to follow until the text may end.
  public var shortestRest: Int? {
    mayEnd ? 0 : readings.map { grammar.shortest[$0.position] + $0.frame.shortest }.min()
  }

  /// - Complexity: that of the open readings.
  public func allows(_ scalars: [Unicode.Scalar], within limit: Int) throws(ConstraintError) -> Bool {
    guard scalars.count == 1 else { return try following(scalars)?.shortestRest ?? .max <= limit }
    return readings.contains { reading in
      guard case .scalars(let set) = grammar.symbols[reading.position], grammar.sets[set].contains(scalars[0]) else {
        return false
      }
      return grammar.shortest[reading.position + 1] + reading.frame.shortest <= limit
    }
  }

  /// - Complexity: for each scalar, that of the open readings.
  public func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> GrammarConstraint? {
    var next = self
    for scalar in scalars {
      let after = next.readings.compactMap { reading -> Reading? in
        guard case .scalars(let set) = grammar.symbols[reading.position], grammar.sets[set].contains(scalar) else {
          return nil
        }
        return Reading(position: reading.position + 1, frame: reading.frame)
      }
      if after.isEmpty { return nil }
      guard try next.open(after) else { return nil }
    }
    return next
  }

  /// Goes from readings at any symbols to all that expect a scalar.
  /// - Returns: false where rules would be nested too deeply.
  private mutating func open(_ start: [Reading]) throws(ConstraintError) -> Bool {
    var (seen, waiting) = (SmallSet<Reading>(), start)
    var frames: [(rule: Int, frame: Frame)] = []
    (readings, mayEnd) = ([], false)
    while frames.count <= GrammarLimits.depth, let reading = waiting.popLast() {
      guard seen.insert(reading) else { continue }
      guard seen.count <= GrammarLimits.readingCount else {
        throw .tooAmbiguous(limit: GrammarLimits.readingCount)
      }
      let (position, frame) = (reading.position, reading.frame)
      switch grammar.symbols[position] {
      case .scalars: readings.append(reading)
      case .end where frame.isOpen: break
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
          let frame = Frame(isOpen: true)
          frame.returns.append(after)
          frames.append((rule, frame))
          waiting += grammar.alternatives[rule].map { Reading(position: $0, frame: frame) }
        }
      }
    }
    return close(frames.map(\.frame))
  }

  /// Works out what frames know of what is below them.
  /// - Returns: false where there is too much.
  private func close(_ frames: [Frame]) -> Bool {
    guard frames.count <= GrammarLimits.depth else {
      for frame in frames { frame.returns = [] }
      return false
    }
    for frame in frames { settle(frame) }
    return frames.allSatisfy { $0.depth <= GrammarLimits.depth }
  }

  private func settle(_ frame: Frame) {
    guard frame.isOpen else { return }
    frame.isOpen = false
    (frame.shortest, frame.depth) = (Grammar.endless, 0)
    for after in frame.returns {
      settle(after.frame)
      frame.shortest = min(frame.shortest, grammar.shortest[after.position] + after.frame.shortest)
      frame.depth = max(frame.depth, after.frame.depth + 1)
    }
  }
}

/// A set that is searched one by one while it is small, as it nearly always is.
private struct SmallSet<Element: Hashable> {
  private var elements: [Element] = []
  private var table: Set<Element> = []
  private static var smallCount: Int { 16 }

  var count: Int { elements.count }

  /// - Returns: false where the element is in it already.
  mutating func insert(_ element: Element) -> Bool {
    if elements.count < SmallSet.smallCount {
      if elements.contains(element) { return false }
    } else {
      if table.isEmpty { table = Set(elements) }
      guard table.insert(element).inserted else { return false }
    }
    elements.append(element)
    return true
  }
}
