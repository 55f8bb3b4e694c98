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

  @Test(
    "what is not an expression, and why",
    arguments: [
      ("[a", 2, "a [ without its ]"), ("(", 1, "a parenthesis without its partner"),
      ("a**b{", 3, "a mistake in its syntax"), ("a{x}", nil, "a mistake in the numbers between { and }"),
      ("a{3,1}", nil, "a second number below the first between { and }"),
      ("\\1", nil, "a reference to a group that it does not have"),
      ("\\p{Nonsense}", nil, "an unknown property"), ("(?<=a+)b", nil, "a look-behind of unlimited length"),
    ])
  func notExpressions(_ pattern: String, _ offset: Int?, _ reason: String) {
    #expect { try TextExpression(pattern) } throws: { error in
      guard case .invalidExpression(pattern, let found, reason) = error as? TextError else { return false }
      return offset == nil || found == offset
    }
  }

  @Test("an expression that takes too long is an error")
  func endless() throws {
    let error = #expect(throws: ConstraintError.self) {
      try TextExpression("(a+)+b").verdict(on: [UInt8](repeating: 0x61, count: 60) + [0x63])
    }
    #expect(error == .search(pattern: "(a+)+b", reason: "it takes too long"))
  }

  @Test("a constraint of an expression goes along with a text, and a copy stays behind", arguments: [false, true])
  func constraint(_ isSearched: Bool) throws {
    let start = try ExpressionConstraint(TextExpression("a(é|bc)"), isSearched: isSearched)
    let after = try #require(try start.following(["a"]))
    #expect(!start.mayEnd && start.mayGoOn && !after.mayEnd && after.mayGoOn)
    #expect(after.shortestRest == (isSearched ? nil : 1) && (after.stateNumber == nil) == isSearched)
    #expect(try after.following(["é"])?.mayEnd == true && after.following(["b", "c"])?.shortestRest == 0)
    #expect(try after.following(["c"]) == nil && start.following(["a", "b"])?.mayEnd == false)
    #expect(try after.rest(after: ["b"]) == (isSearched ? 0 : 1) && after.rest(after: ["c"]) == nil)
  }

  @Test(
    "an expression that is followed as a grammar matches what ICU says that it matches",
    arguments: [
      "[a-c]+", "a*?b+?c??", "(a|bc)*", "(?:ab?){2,3}c", "^(?<name>a|b){2}$", "^a|b$|c", "(a|)(b|)", "a{0}b", "a{2,}",
      "((a*)*b?)+", "[^a\\n-]b?", "\\x61\\u0062[\\x61-\\x63]", "\\.[.]\\-", "a.b", "\\w\\s\\d", "[\\w-]+",
      "\\W[^\\s\\d]",
      "\\p{Ll}\\P{Ll}", "[\\p{L}b]{1,2}", "[a\\-c]+", "a||b", "[b-]*",
    ])
  func grammar(_ pattern: String) throws {
    let expression = try TextExpression(pattern)
    _ = try #require(ExpressionParser.grammar(pattern))
    let start = try ExpressionConstraint(expression)
    let letters: [Unicode.Scalar] = ["a", "b", "c", "-", ".", " ", "\n", "1", "é"]
    var texts: [([Unicode.Scalar], ExpressionConstraint?)] = [([], start)]
    for _ in 0..<4 {
      for (text, constraint) in texts {
        let whole = Array(String(String.UnicodeScalarView(text)).utf8)
        let isMatch = try expression.verdict(on: whole).matches
        #expect((constraint?.mayEnd ?? false) == isMatch, "'\(text)'")
      }
      texts = try texts.flatMap { text, constraint in
        try letters.map { (text + [$0], try constraint?.following([$0])) }
      }.filter { $0.1 != nil || $0.0.count < 3 }
      texts = Array(texts.prefix(300))
    }
  }

  @Test(
    "what the common part of expressions lacks is left to ICU",
    arguments: [
      "(?=a)b", "(?!a)", "(?<=a)b", "(a)\\1", "a*+", "(?>a)", "\\bab", "(?i)a", "a$b", "(^a)", "[[a-c]&&[b]]", "[a--b]",
      "\\X", "\\Qa\\E", "[[:alpha:]]", "a{70000}",
    ])
  func notCommon(_ pattern: String) { #expect(ExpressionParser.grammar(pattern) == nil) }

  @Test("each class holds the characters that ICU says", arguments: ["\\w", "\\d", "\\s", ".", "\\W", "[^\\D]"])
  func classes(_ pattern: String) throws {
    let (expression, start) = (try TextExpression(pattern), try ExpressionConstraint(TextExpression(pattern)))
    for value in Array(0..<0x600 as Range<UInt32>) + Array(0x1FF0..<0x2070) + Array(0x10400..<0x10420) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isMatch = try expression.verdict(on: Array(String(scalar).utf8)).matches
      #expect(try (start.following([scalar])?.mayEnd ?? false) == isMatch, "U+\(String(value, radix: 16))")
    }
  }

  @Test(
    "what cannot be written is named, with its place",
    arguments: [
      ("ab[cd]", "line 1, column 3: the model cannot write any of 'c', 'd', which every text needs"),
      ("(a|b)*\\nQ", "line 1, column 9: the model cannot write 'Q', which every text needs"),
      (
        "[A-Z][a-z]+",
        "line 1, column 1: the model cannot write any of 26 characters such as 'A', 'B', 'C', which every text needs"
      ),
    ])
  func impossible(_ pattern: String, _ message: String) throws {
    let constraint = try ExpressionConstraint(TextExpression(pattern))
    let error = #expect(throws: ConstraintError.self) { try constraint.restricted(to: UnicodeSet("[ab\\n]")) }
    #expect(error?.description == message)
    #expect(
      try ExpressionConstraint(TextExpression("[a-z]*|Q")).restricted(to: UnicodeSet("[b]")).rest(after: ["c"]) == nil)
  }
}
