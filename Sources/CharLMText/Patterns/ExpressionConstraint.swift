/// Texts that match a regular expression as a whole.
///
/// ICU tells whether the search came to the text's end, so that more could follow; it cannot go on from there. Each step
/// matches the whole text again, in time that grows with it.
public struct ExpressionConstraint: TextConstraint {
  /// The expression.
  public let expression: TextExpression
  private var utf8: [UInt8] = []
  private var verdict: TextExpression.Verdict

  /// The beginning of a text.
  /// - Throws: `ConstraintError.search` where the empty text takes too long already.
  public init(_ expression: TextExpression) throws(ConstraintError) {
    self.expression = expression
    verdict = try expression.verdict(on: [])
  }

  /// Whether the text matches.
  public var mayEnd: Bool { verdict.matches }

  /// Whether a longer text may match.
  public var mayGoOn: Bool { verdict.mayGoOn }

  /// 0 where the text matches, else unknown.
  public var shortestRest: Int? { verdict.matches ? 0 : nil }

  /// - Complexity: that of matching the whole text.
  public func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> ExpressionConstraint? {
    var next = self
    for scalar in scalars { next.utf8.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
    next.verdict = try expression.verdict(on: next.utf8)
    return next.mayEnd || next.mayGoOn ? next : nil
  }
}
