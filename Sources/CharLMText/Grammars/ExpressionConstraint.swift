/// Texts that match a regular expression as a whole.
///
/// Most expressions are followed as a grammar is, a scalar at a time. Where one looks around itself, refers back or has
/// options, ICU matches the whole text again at each step, in time that grows with it: it tells whether the search came to
/// the text's end, so that more could follow, but cannot go on from there.
public struct ExpressionConstraint: TextConstraint {
  /// The expression.
  public let expression: TextExpression
  private var progress: Progress

  private enum Progress {
    case grammar(GrammarConstraint)
    case search(Search)
  }

  /// A text and ICU's verdict on it. A class, so that a constraint is small enough to be copied without memory of its own.
  private final class Search: Sendable {
    let utf8: [UInt8]
    let verdict: TextExpression.Verdict

    init(_ utf8: [UInt8], of expression: TextExpression) throws(ConstraintError) {
      self.utf8 = utf8
      verdict = try expression.verdict(on: utf8)
    }
  }

  /// The beginning of a text.
  /// - Throws: `ConstraintError.search` where the empty text takes too long already.
  public init(_ expression: TextExpression) throws(ConstraintError) {
    try self.init(expression, isSearched: false)
  }

  /// - Parameter isSearched: whether ICU is asked in any case; only a test says so.
  init(_ expression: TextExpression, isSearched: Bool) throws(ConstraintError) {
    self.expression = expression
    if !isSearched, let grammar = ExpressionParser.grammar(expression.pattern),
      let constraint = try? GrammarConstraint(grammar)
    {
      progress = .grammar(constraint)
    } else {
      progress = .search(try Search([], of: expression))
    }
  }

  private init(_ expression: TextExpression, _ progress: Progress) {
    (self.expression, self.progress) = (expression, progress)
  }

  /// Whether the text matches.
  public var mayEnd: Bool {
    switch progress {
    case .grammar(let grammar): grammar.mayEnd
    case .search(let search): search.verdict.matches
    }
  }

  /// Whether a longer text may match.
  public var mayGoOn: Bool {
    switch progress {
    case .grammar(let grammar): grammar.mayGoOn
    case .search(let search): search.verdict.mayGoOn
    }
  }

  /// 0 where the text matches, else what a grammar says; unknown where ICU searches.
  public var shortestRest: Int? {
    switch progress {
    case .grammar(let grammar): grammar.shortestRest
    case .search(let search): search.verdict.matches ? 0 : nil
    }
  }

  /// That of a grammar; unknown where ICU searches.
  public var stateNumber: Int? {
    if case .grammar(let grammar) = progress { grammar.stateNumber } else { nil }
  }

  /// - Complexity: that of a grammar; where ICU searches, that of matching the whole text.
  public func rest(after scalars: [Unicode.Scalar]) throws(ConstraintError) -> Int? {
    if case .grammar(let grammar) = progress { return try grammar.rest(after: scalars) }
    return try following(scalars).map { $0.shortestRest ?? 0 }
  }

  /// What a grammar says; unknown where ICU searches.
  public func mayFollow(anyOf scalars: ClosedRange<UInt32>) -> Bool {
    if case .grammar(let grammar) = progress { grammar.mayFollow(anyOf: scalars) } else { true }
  }

  /// - Complexity: as that of `rest(after:)`.
  public func following(_ scalars: [Unicode.Scalar]) throws(ConstraintError) -> ExpressionConstraint? {
    switch progress {
    case .grammar(let grammar):
      return try grammar.following(scalars).map { ExpressionConstraint(expression, .grammar($0)) }
    case .search(let search):
      var utf8 = search.utf8
      for scalar in scalars { utf8.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
      let next = ExpressionConstraint(expression, .search(try Search(utf8, of: expression)))
      return next.mayEnd || next.mayGoOn ? next : nil
    }
  }

  /// Where ICU searches, the constraint as it is.
  public func restricted(to alphabet: UnicodeSet) throws(ConstraintError) -> ExpressionConstraint {
    guard case .grammar(let grammar) = progress else { return self }
    return ExpressionConstraint(expression, .grammar(try grammar.restricted(to: alphabet)))
  }
}
