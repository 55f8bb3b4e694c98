/// What texts may be, such as those that match an expression or those of a grammar: a value that goes along with one text
/// and holds how far it has come. Undoing is going back to an earlier copy.
public protocol TextConstraint: Sendable {
  /// Whether the text may end here.
  var mayEnd: Bool { get }

  /// Whether a longer text that begins with this one may be allowed.
  var mayGoOn: Bool { get }

  /// How many scalars have to follow at least until the text may end; nil where that is unknown.
  var shortestRest: Int? { get }

  /// Whether these scalars, at least one, may follow, and the text may end after at most `limit` more, as far as that is
  /// known.
  /// - Throws: `ConstraintError` where that takes too much to find out.
  func allows(_ scalars: [Unicode.Scalar], within limit: Int) throws(ConstraintError) -> Bool

  /// The constraint after some more scalars, at least one; nil where they may not follow.
  /// - Throws: `ConstraintError` where that takes too much to find out.
  func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> Self?
}

extension TextConstraint {
  /// Asks what would follow.
  public func allows(_ scalars: [Unicode.Scalar], within limit: Int) throws(ConstraintError) -> Bool {
    guard let next = try following(scalars) else { return false }
    return next.shortestRest ?? 0 <= limit
  }
}

/// Why a text cannot be held to a constraint.
public enum ConstraintError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A grammar can read the text in more ways than are followed.
  case tooAmbiguous(limit: Int)
  /// A search for an expression took too long or too much memory.
  case search(pattern: String, reason: String)

  /// One line: what is too much.
  public var description: String {
    switch self {
    case .tooAmbiguous(let limit):
      "the grammar is too ambiguous: there are more than \(limit) ways to go on with a text"
    case .search(let pattern, let reason):
      "'\(pattern)' takes too long to match: \(reason)"
    }
  }
}
