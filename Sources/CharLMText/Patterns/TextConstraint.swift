/// What texts may be, such as those that match an expression or those of a grammar: a value that goes along with one text
/// and holds how far it has come. Undoing is going back to an earlier copy.
///
/// Three members are enough for a constraint of your own; the others make it faster, or its errors better.
public protocol TextConstraint: Sendable {
  /// Whether the text may end here.
  var mayEnd: Bool { get }

  /// Whether a longer text that begins with this one may be allowed.
  var mayGoOn: Bool { get }

  /// How many scalars have to follow at least until the text may end; nil where that is unknown, as it is by default.
  var shortestRest: Int? { get }

  /// A number that says how the text may go on: after texts with the same number the same may follow, so that it need be
  /// found out only once. nil, the default, where nothing of this kind is known.
  var stateNumber: Int? { get }

  /// How many scalars have to follow at least when these have come, at least one; 0 where that is unknown, nil where these
  /// may not follow.
  /// - Throws: `ConstraintError` where that takes too much to find out.
  func rest(after scalars: [Unicode.Scalar]) throws(ConstraintError) -> Int?

  /// Whether any scalar of a range may follow, of which only the first bytes are known yet; true, the default, where that is
  /// unknown.
  func mayFollow(anyOf scalars: ClosedRange<UInt32>) -> Bool

  /// The constraint after some more scalars, at least one; nil where they may not follow.
  /// - Throws: `ConstraintError` where that takes too much to find out.
  func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> Self?

  /// The same constraint where texts can only have certain scalars, at the beginning of a text.
  /// - Throws: `ConstraintError.impossible` where none is allowed then.
  func restricted(to alphabet: UnicodeSet) throws(ConstraintError) -> Self
}

extension TextConstraint {
  /// nil: unknown.
  public var shortestRest: Int? { nil }

  /// nil: unknown.
  public var stateNumber: Int? { nil }

  /// Asks what would follow.
  public func rest(after scalars: [Unicode.Scalar]) throws(ConstraintError) -> Int? {
    try following(scalars).map { $0.shortestRest ?? 0 }
  }

  /// Unknown.
  public func mayFollow(anyOf scalars: ClosedRange<UInt32>) -> Bool { true }

  /// The constraint as it is.
  public func restricted(to alphabet: UnicodeSet) throws(ConstraintError) -> Self { self }
}

/// Why a text cannot be held to a constraint.
public enum ConstraintError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A grammar can read the text in more ways than are followed.
  case tooAmbiguous(limit: Int)
  /// A search for an expression took too long or too much memory.
  case search(pattern: String, reason: String)
  /// No text is allowed without characters that cannot be written; the place is that in the grammar or the pattern.
  case impossible(characters: String, line: Int, column: Int)
  /// Whoever asked does not wait any longer.
  case interrupted

  /// One line: what is too much, or missing.
  public var description: String {
    switch self {
    case .tooAmbiguous(let limit):
      "the grammar is too ambiguous: there are more than \(limit) ways to go on with a text"
    case .search(let pattern, let reason):
      "'\(pattern)' cannot be matched: \(reason)"
    case .impossible(let characters, let line, let column):
      "line \(line), column \(column): the model cannot write \(characters), which every text needs"
    case .interrupted: "it was not found out in time what may follow"
    }
  }
}
