import Testing

@testable import CharLMText

/// Sets of characters and regular expressions, as people write them.
@Suite struct PatternTests {
  @Test(
    "a set holds what its pattern says",
    arguments: [
      ("[a-z ]", "az ", "A0é"), ("[\\ a]", " a", "b"), ("[ \\p{Script = Greek}]", " α", "a"),
      ("[[a-z]-[q]]", "ap", "q"), ("[^a-z]", "A0é", "am"), ("[\\p{Greek}]", "αΩ", "aй"),
      ("[😀-😆]", "😀😃", "😇a"), ("[\\n\\t]", "\n\t", " n"), ("[a{ch}]", "a", "ch"),
    ])
  func sets(_ pattern: String, _ members: String, _ others: String) throws {
    let set = try UnicodeSet(pattern)
    for scalar in members.unicodeScalars { #expect(set.contains(scalar), "\(scalar)") }
    for scalar in others.unicodeScalars { #expect(!set.contains(scalar), "\(scalar)") }
    #expect(set.containsAll(of: members.utf8) && !set.containsAny(of: others.utf8))
    #expect(!set.containsAll(of: (members + others).utf8) && set.containsAny(of: (members + others).utf8))
    #expect(!set.containsAll(of: []) && !set.containsAll(of: [0xC3]))
  }

  @Test("what is not a set", arguments: ["", "a", "[a", "[]", "[\\p{Klingon}]", "]"])
  func notSets(_ pattern: String) {
    #expect(throws: TextError.invalidSet(pattern: pattern)) { try UnicodeSet(pattern) }
  }

  @Test(
    "an expression tells whether a text matches, and whether a longer one may",
    arguments: [
      ("[a-z]+", "abc", true, true), ("[a-z]+", "", false, true), ("[a-z]+", "ab1", false, false),
      ("a{3}", "aa", false, true), ("a{3}", "aaa", true, false), ("a{3}", "aaaa", false, false),
      ("x|xyz", "xy", false, true), ("é+", "éé", true, true), ("a?", "", true, true), ("😀.", "😀", false, true),
    ])
  func expressions(_ pattern: String, _ text: String, _ matches: Bool, _ mayGoOn: Bool) throws {
    let verdict = try TextExpression(pattern).verdict(on: Array(text.utf8))
    #expect(verdict.matches == matches)
    // Whether ICU looks for more after a whole match is its own affair.
    if !matches { #expect(verdict.mayGoOn == mayGoOn) }
  }

  @Test("what is not an expression", arguments: [("[a", 2), ("(", 1), ("a**b{", nil)])
  func notExpressions(_ pattern: String, _ offset: Int?) {
    #expect { try TextExpression(pattern) } throws: { error in
      guard case .invalidExpression(pattern, let found, _) = error as? TextError else { return false }
      return offset == nil || found == offset
    }
  }

  @Test("an expression that takes too long is an error")
  func endless() throws {
    let error = #expect(throws: ConstraintError.self) {
      try TextExpression("(a+)+b").verdict(on: [UInt8](repeating: 0x61, count: 60) + [0x63])
    }
    #expect(error == .search(pattern: "(a+)+b", reason: "U_REGEX_TIME_OUT"))
  }

  @Test("a constraint of an expression goes along with a text, and a copy stays behind")
  func constraint() throws {
    let start = try ExpressionConstraint(TextExpression("a(é|bc)"))
    let after = try #require(try start.following(["a"]))
    #expect(!start.mayEnd && start.mayGoOn && !after.mayEnd && after.mayGoOn && after.shortestRest == nil)
    #expect(try after.following(["é"])?.mayEnd == true && after.following(["b", "c"])?.shortestRest == 0)
    #expect(try after.following(["c"]) == nil && start.following(["a", "b"])?.mayEnd == false)
    #expect(try after.allows(["b"], within: 0) && !after.allows(["c"], within: 9))
  }
}
