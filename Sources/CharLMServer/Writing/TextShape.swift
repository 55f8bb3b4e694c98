import CharLM
import CharLMText

/// What a text must be as a whole, beside what a model makes of it.
enum TextShape: Sendable {
  /// It is held to a constraint.
  case constrained(any TextConstraint)
  /// It is so many whole documents.
  case documents(Int)
}

/// A constraint that asks, whenever it is asked, whether there is still somebody who waits.
///
/// What may follow can take long to find out, for a pattern or a grammar that a client has sent; one more scalar does not.
struct InterruptibleConstraint: TextConstraint {
  private let base: any TextConstraint
  private let isInterrupted: @Sendable () -> Bool

  init(_ base: any TextConstraint, isInterrupted: @escaping @Sendable () -> Bool) {
    (self.base, self.isInterrupted) = (base, isInterrupted)
  }

  var mayEnd: Bool { base.mayEnd }
  var mayGoOn: Bool { base.mayGoOn }
  var shortestRest: Int? { base.shortestRest }
  var stateNumber: Int? { base.stateNumber }

  func rest(after scalars: [Unicode.Scalar]) throws(ConstraintError) -> Int? {
    try check()
    return try base.rest(after: scalars)
  }

  func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> InterruptibleConstraint? {
    try check()
    guard let next = try InterruptibleConstraint.following(base, scalars) else { return nil }
    return InterruptibleConstraint(next, isInterrupted: isInterrupted)
  }

  func restricted(to alphabet: UnicodeSet) throws(ConstraintError) -> InterruptibleConstraint {
    InterruptibleConstraint(
      try InterruptibleConstraint.restricted(base, alphabet), isInterrupted: isInterrupted)
  }

  private func check() throws(ConstraintError) {
    if isInterrupted() { throw .interrupted }
  }

  private static func following<Base: TextConstraint>(
    _ base: Base, _ scalars: [Unicode.Scalar]
  ) throws(ConstraintError) -> (any TextConstraint)? {
    try base.following(scalars)
  }

  private static func restricted<Base: TextConstraint>(
    _ base: Base, _ alphabet: UnicodeSet
  ) throws(ConstraintError) -> any TextConstraint {
    try base.restricted(to: alphabet)
  }
}
