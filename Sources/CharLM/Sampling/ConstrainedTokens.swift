import CharLMText

/// Which tokens may follow in texts that are held to a constraint: a token may be several scalars, or a part of one.
struct ConstrainedTokens {
  /// How far a text has come.
  struct State {
    let constraint: any TextConstraint
    /// The bytes at the end that are a scalar's beginning; what the whole one makes of the text is not known yet.
    var pending: [UInt8] = []

    /// Whether the text may end here.
    var mayEnd: Bool { pending.isEmpty && constraint.mayEnd }
    /// Whether it may end here and nothing can follow.
    var mustEnd: Bool { mayEnd && !constraint.mayGoOn }
  }

  private let cutter: ScalarCutter
  /// Whether a token is about a scalar, so that a rest in scalars can be compared with one in tokens.
  private let countsScalars: Bool

  /// - Complexity: O(vocabulary).
  init(for tokenizer: Tokenizer) {
    cutter = ScalarCutter(vocabulary: tokenizer.vocabulary)
    countsScalars = tokenizer.settings.unit != .word
  }

  /// Whether a token may follow, and the text may end after at most `limit` more, as far as that is known.
  func allows(_ token: TokenID, _ state: State, within limit: Int) throws(ConstraintError) -> Bool {
    guard let (scalars, _) = cutter.cut(token, after: state.pending) else { return false }
    if scalars.isEmpty { return state.constraint.mayGoOn }
    return try state.constraint.allows(scalars, within: countsScalars ? limit : .max)
  }

  /// How far the text has come after a token; nil where `allows` says no.
  func state(after token: TokenID, _ state: State, within limit: Int) throws(ConstraintError) -> State? {
    guard let (scalars, pending) = cutter.cut(token, after: state.pending) else { return nil }
    if scalars.isEmpty { return state.constraint.mayGoOn ? State(constraint: state.constraint, pending: pending) : nil }
    guard let next = try state.constraint.following(scalars) else { return nil }
    if countsScalars, next.shortestRest ?? 0 > limit { return nil }
    return State(constraint: next, pending: pending)
  }
}
