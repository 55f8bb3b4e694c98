/// Texts of a grammar: follows every way in which it can read a text at the same time, one scalar after the other.
///
/// A reading is a position in the grammar's symbols and a frame: where to go on when the rule that it is in ends. Readings
/// that begin the same rule at the same place of the text share a frame, whatever they are going to do afterwards (the
/// graph-structured stack of Tomita 1987), so that their number does not grow with each choice that is still open. A rule
/// at the end of another needs no frame of its own, so that a list of any length is no deeper than its first element. What
/// may be nothing is stepped over where it would begin (Aycock and Horspool 2002), so that a frame is complete before
/// anything returns through it.
///
/// A step that was taken before, by any text, is looked up. A new one costs what the open readings cost. Neither depends on
/// the length of the text, unless the grammar leaves open more and more of what was read, as a palindrome's does;
/// `GrammarLimits` bounds that.
public struct GrammarConstraint: TextConstraint {
  private let machine: GrammarMachine
  private var state: GrammarMachine.State

  /// The beginning of a text.
  /// - Throws: `ConstraintError.tooAmbiguous` where it can be begun in too many ways.
  public init(_ grammar: Grammar) throws(ConstraintError) {
    machine = GrammarMachine(grammar)
    state = try machine.start()
  }

  /// The grammar.
  public var grammar: Grammar { machine.grammar }

  /// Whether the text may end here.
  public var mayEnd: Bool { state.mayEnd }

  /// Whether anything may follow.
  public var mayGoOn: Bool { !state.readings.isEmpty }

  /// How many scalars have to follow until the text may end.
  public var shortestRest: Int? { state.shortestRest }

  /// The number of the state that the grammar's readings are in.
  public var stateNumber: Int? { state.number }

  /// - Complexity: that of the open readings.
  public func rest(after scalars: [Unicode.Scalar]) throws(ConstraintError) -> Int? {
    guard scalars.count == 1 else { return try following(scalars)?.shortestRest }
    return machine.rest(after: scalars[0], state)
  }

  /// - Complexity: O(open readings · log ranges).
  public func mayFollow(anyOf scalars: ClosedRange<UInt32>) -> Bool { machine.mayFollow(anyOf: scalars, state) }

  /// - Complexity: for each scalar O(1) where the same step was taken before, else that of the open readings.
  public func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> GrammarConstraint? {
    var next = self
    for scalar in scalars {
      guard let after = try machine.state(after: scalar, next.state) else { return nil }
      next.state = after
    }
    return next
  }

  /// The beginning of a text that has these scalars alone.
  public func restricted(to alphabet: UnicodeSet) throws(ConstraintError) -> GrammarConstraint {
    try GrammarConstraint(try grammar.restricted(to: alphabet.ranges))
  }
}
