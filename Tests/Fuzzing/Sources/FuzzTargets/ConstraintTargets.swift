@testable import CharLMText

// What texts may be: grammars, expressions and sets of scalars, each followed along a text.

/// An input's pattern, up to its first zero byte, and the scalars of the text after it, as many as are followed.
private func patternAndText(_ input: [UInt8]) -> (pattern: ArraySlice<UInt8>, text: [Unicode.Scalar]) {
  let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let text = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
  return (parts.first ?? [], Array(text.unicodeScalars.prefix(24)))
}

extension FuzzTarget {
  /// A grammar keeps what it says of each place of a text, also where the text has few characters.
  static let grammar = FuzzTarget(
    name: "grammar",
    read: { input in
      let (pattern, text) = patternAndText(input)
      let whole = try GrammarConstraint(Grammar(utf8: Array(pattern)))
      let end = try follow(text, whole)
      let alphabet = try UnicodeSet("[a-f0-9\\n]")
      guard let few = try? whole.restricted(to: alphabet) else { return }
      let fewEnd = try follow(text, few)
      // What the fewer texts allow, all of them do.
      if let fewEnd { require(end != nil && (end?.mayEnd == true || !fewEnd.mayEnd), "restricted, it allows more") }
    })

  /// An expression that is followed as a grammar says of each text what ICU says of it.
  static let expression = FuzzTarget(
    name: "expression",
    read: { input in
      let (bytes, text) = patternAndText(input)
      let pattern = String(decoding: bytes.prefix(200), as: UTF8.self)
      if let set = try? UnicodeSet(pattern) {
        for scalar in text { require(set.contains(scalar) == set.containsAny(of: String(scalar).utf8), "\(scalar)") }
      }
      let expression = try TextExpression(pattern)
      var followed: ExpressionConstraint? = try ExpressionConstraint(expression)
      var searched: ExpressionConstraint? = try ExpressionConstraint(expression, isSearched: true)
      for (count, scalar) in text.enumerated() {
        let place = "'\(pattern)' at \(count) of \(text)"
        require(followed?.mayEnd ?? false == searched?.mayEnd ?? false, place)
        require(followed == nil || followed?.shortestRest == nil || searched != nil, "ICU allows no text: \(place)")
        followed = try followed?.following([scalar])
        searched = try searched?.following([scalar])
      }
    })

  /// Follows a text scalar by scalar, and checks at each that what is said of it agrees.
  /// - Returns: the constraint after it; nil where it is not allowed.
  private static func follow<Constraint: TextConstraint>(
    _ text: [Unicode.Scalar], _ start: Constraint
  ) throws -> Constraint? {
    var constraint = start
    for (count, scalar) in text.enumerated() {
      require(
        !constraint.mayEnd || constraint.shortestRest == 0,
        "it may end, and \(String(describing: constraint.shortestRest)) follow")
      require(constraint.mayGoOn || constraint.mayEnd || count == 0, "neither may it end nor go on")
      let rest = try constraint.rest(after: [scalar])
      guard let next = try constraint.following([scalar]) else { return nil }
      require(rest != nil, "\(scalar) may follow after \(count), and may not")
      require(
        rest == 0 || rest == next.shortestRest,
        "\(String(describing: rest)) have to follow, or \(String(describing: next.shortestRest))")
      if let least = constraint.shortestRest, let rest = next.shortestRest {
        require(least <= rest + 1, "\(least) had to follow, and \(rest) still have to")
      }
      constraint = next
    }
    return constraint
  }
}
