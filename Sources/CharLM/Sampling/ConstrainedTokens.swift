import CharLMText
import Synchronization

/// Which tokens may follow in texts that are held to a constraint: a token may be several scalars, or a part of one.
///
/// What is found out for a state of the constraint is kept for all texts that come to it, on any thread.
final class ConstrainedTokens: Sendable {
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

  /// What must not follow a state: by token, and how long the shortest rest after a token that may is at most.
  private struct Refusals {
    let isRefused: [Bool]
    let rests: [Int]
    let longestRest: Int
  }

  private let cutter: ScalarCutter
  private let vocabularyCount: Int
  /// Whether a token is about a scalar, so that a rest in scalars can be compared with one in tokens.
  private let countsScalars: Bool
  /// What is never drawn, by token.
  let isExcluded: [Bool]
  private let refusals = Mutex<[Int: Refusals]>([:])
  /// The constraint at the beginning of a text, as far as the tokens can write it.
  let start: State

  /// So many verdicts on tokens are kept.
  private static let verdictLimit = 1 << 21

  /// - Parameters:
  ///   - constraint: at the beginning of a text.
  ///   - excluded: tokens that are not drawn.
  /// - Throws: `ConstraintError.impossible` where the tokens cannot write any text that is allowed.
  /// - Complexity: O(vocabulary).
  init(_ constraint: any TextConstraint, for tokenizer: Tokenizer, excluding excluded: [TokenID])
    throws(ConstraintError)
  {
    let vocabulary = tokenizer.vocabulary
    var isExcluded = [Bool](repeating: false, count: vocabulary.count)
    for token in excluded { isExcluded[Int(token)] = true }
    self.isExcluded = isExcluded
    cutter = ScalarCutter(vocabulary: vocabulary)
    vocabularyCount = vocabulary.count
    countsScalars = tokenizer.settings.unit != .word
    let alphabet = UnicodeSet(ranges: cutter.alphabet { !isExcluded[Int($0)] })
    start = State(constraint: try constraint.restricted(to: alphabet))
  }

  /// How far the text has come after a token; nil where it may not follow, or where the text could not end after at most
  /// `limit` more, as far as that is known.
  func state(after token: TokenID, _ state: State, within limit: Int) throws(ConstraintError) -> State? {
    guard let (scalars, pending) = cutter.cut(token, after: state.pending) else { return nil }
    let next = scalars.isEmpty ? state.constraint : try state.constraint.following(scalars)
    guard let next, ConstrainedTokens.mayFollow(pending, next) else { return nil }
    if !scalars.isEmpty, countsScalars, next.shortestRest ?? 0 > limit { return nil }
    return State(constraint: next, pending: pending)
  }

  /// Whether a scalar that begins with these bytes may follow; true for none.
  private static func mayFollow(_ pending: [UInt8], _ constraint: any TextConstraint) -> Bool {
    pending.isEmpty || (constraint.mayGoOn && constraint.mayFollow(anyOf: ScalarCutter.range(beginningWith: pending)))
  }

  /// Whether a token may follow, as `state` says.
  func allows(_ token: TokenID, _ state: State, within limit: Int) throws(ConstraintError) -> Bool {
    guard let rest = try rest(after: token, state) else { return false }
    return rest <= limit
  }

  /// By token, whether it must not follow; nil where only trying tells.
  func refusals(_ state: State, within limit: Int) throws(ConstraintError) -> [Bool]? {
    guard state.pending.isEmpty, let number = state.constraint.stateNumber else { return nil }
    let found: Refusals
    if let known = refusals.withLock({ $0[number] }) {
      found = known
    } else {
      found = try refusals(state)
      refusals.withLock { known in
        if known.count * vocabularyCount > ConstrainedTokens.verdictLimit { known = [:] }
        known[number] = found
      }
    }
    return limit >= found.longestRest ? found.isRefused : found.rests.map { $0 > limit }
  }

  private func refusals(_ state: State) throws(ConstraintError) -> Refusals {
    var rests = [Int](repeating: .max, count: vocabularyCount)
    for token in rests.indices where !isExcluded[token] {
      rests[token] = try rest(after: TokenID(token), state) ?? .max
    }
    let isRefused = rests.map { $0 == .max }
    return Refusals(isRefused: isRefused, rests: rests, longestRest: rests.filter { $0 < .max }.max() ?? 0)
  }

  /// What has to follow after a token at least; nil where it may not follow.
  private func rest(after token: TokenID, _ state: State) throws(ConstraintError) -> Int? {
    guard let (scalars, pending) = cutter.cut(token, after: state.pending) else { return nil }
    if scalars.isEmpty { return ConstrainedTokens.mayFollow(pending, state.constraint) ? 0 : nil }
    if pending.isEmpty { return try state.constraint.rest(after: scalars).map { countsScalars ? $0 : 0 } }
    guard let next = try state.constraint.following(scalars), ConstrainedTokens.mayFollow(pending, next) else {
      return nil
    }
    return countsScalars ? next.shortestRest ?? 0 : 0
  }
}
