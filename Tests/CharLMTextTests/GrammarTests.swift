import Testing

@testable import CharLMText

/// Grammars in GBNF: what they take, and what is wrong with them.
@Suite struct GrammarTests {
  /// What a grammar makes of a text: nil where it is not the beginning of any allowed one.
  static func constraint(_ grammar: String, _ text: String) throws -> GrammarConstraint? {
    let start = try GrammarConstraint(Grammar(grammar))
    return text.isEmpty ? start : try start.following(Array(text.unicodeScalars))
  }

  @Test(
    "texts are allowed, or beginnings, or neither",
    arguments: [
      ("root ::= \"abc\"", ["abc"], ["", "a", "ab"], ["b", "abcd", "abd"]),
      ("root ::= [a-c]+ \"-\"? .", ["ab", "a-", "a-x", "aaa", "abd"], ["", "a", "c"], ["-", "x", "a--x"]),
      ("root ::= ", [""], [], ["a"]),
      ("root ::= | \"a\"", ["", "a"], [], ["b", "aa"]),
      ("root ::= item*\nitem ::= \"x\" (\"y\" | \"z\")", ["", "xy", "xyxz"], ["x", "xyx"], ["y", "xx", "xyz"]),
      (
        "root ::= \"a\"{2} [^a-y\\n]{1,2} \"b\"{2,}", ["aazbb", "aa\tzbbbb", "aaébb"], ["aaz", "aazb"],
        ["aab", "aazzzb"]
      ),
      ("root ::= \"ab\"{0,3}", ["", "ab", "ababab"], ["a", "aba"], ["abababa", "b"]),
      ("root ::= \"(\" root \")\" | \"x\"", ["x", "((x))"], ["(", "((x)"], [")", "(x))"]),
      (
        "root ::= a | b\na ::= \"x\" a \"y\" | \"xy\"\nb ::= \"x\" b \"z\" | \"xz\"", ["xxyy", "xxxzzz"], ["xxx"],
        ["xyz", "xzy"]
      ),
      ("root ::= \"\\x41\\u00e9\\U0001F600\\t\\\\\\\"\"", ["Aé😀\t\\\""], ["Aé"], ["A\u{65}"]),
      ("root ::= [\\]\\[a-]+", ["]-[a"], [""], ["b"]),
      ("root ::= (\"a\"?)* \"b\"", ["b", "aab"], ["", "aa"], ["ba"]),
      ("root ::= ((\"a\"*)* \"c\"?)+ \"b\"", ["b", "acab"], ["c"], ["bb"]),
      ("root ::= x y\nx ::= \"a\"?\ny ::= \"a\"? \"b\"", ["b", "ab", "aab"], ["aa"], ["aaa"]),
      (
        "# comment\nroot ::= # more\n  \"a\" | # and\n  (\n \"b\" # here\n \"c\")\n\n\nx ::= \"d\"\r\n", ["a", "bc"],
        ["b"], ["ac"]
      ),
      ("root::=(a|b)c\na::=\"1\"\nb::=\"2\"\nc::=\"3\"", ["13", "23"], ["1"], ["3"]),
    ])
  func texts(_ grammar: String, _ whole: [String], _ beginnings: [String], _ others: [String]) throws {
    for text in whole { #expect(try Self.constraint(grammar, text)?.mayEnd == true, "'\(text)'") }
    for text in beginnings {
      let constraint = try #require(try Self.constraint(grammar, text), "'\(text)'")
      #expect(!constraint.mayEnd && constraint.mayGoOn && (constraint.shortestRest ?? 0) > 0, "'\(text)'")
    }
    for text in others { #expect(try Self.constraint(grammar, text) == nil, "'\(text)'") }
  }

  @Test(
    "what is wrong, and where",
    arguments: [
      ("", "line 1: there is no rule 'root', from which a text begins"),
      ("root ::= \"a", "line 1, column 12: '\"' is missing here"),
      ("root ::= [a", "line 1, column 12: ']' is missing here"),
      ("root ::= (\"a\"\n\"b\"", "line 2, column 4: ')' is missing here"),
      ("root = \"a\"", "line 1, column 6: '::=' is missing here"),
      ("root ::= \"a\"\n  \"b\"", "line 2, column 3: the name of a rule is missing here"),
      ("root ::= \"a\" )", "line 1, column 14: the end of the line, or a symbol is missing here"),
      ("root ::= b", "line 1, column 10: there is no rule 'b'"),
      ("root ::= \"a\"\n\nroot ::= \"b\"", "line 3: the rule 'root' is defined a second time"),
      ("root ::= [z-a]", "line 1, column 11: the range z-a ends before it begins"),
      ("root ::= \"a\" []", "line 1, column 14: a class without characters matches nothing"),
      ("root ::= *", "line 1, column 10: nothing stands before it that could be repeated"),
      ("root ::= \"a\"{3,2}", "line 1, column 13: {3,2}: the most is less than the least"),
      ("root ::= \"a\"{x}", "line 1, column 14: a number of repetitions is missing here"),
      ("root ::= \"a\"{2", "line 1, column 15: '}' is missing here"),
      ("root ::= \"\\x4\"", "line 1, column 14: an escape needs 2 hexadecimal digits"),
      ("root ::= \"\\uD800\"", "line 1, column 11: U+D800 is no character"),
      (
        "root ::= \"\\q\"",
        "line 1, column 11: '\\q' is no escape; there are \\n, \\r, \\t, \\\\, \\\", \\[, \\], \\x41, \\u0041 and \\U00000041"
      ),
      (
        "root ::= <think> \"a\"",
        "line 1, column 10: tokens in angle brackets are not known here; write their characters in quotation marks"
      ),
      (
        "root ::= list\n\nlist ::= item? list \"x\" | \"y\"\nitem ::= \"i\"",
        "line 3: the rule 'list' begins with itself (list → list), which never ends; write the repetition as item+ or at "
          + "the rule's end"
      ),
      (
        "root ::= a\na ::= (b | \"x\") \"q\"\nb ::= a \"c\"",
        "line 2: the rule 'a' begins with itself (a → b → a), which never ends; write the repetition as item+ or at the "
          + "rule's end"
      ),
      (
        "root ::= \"a\" b | \"c\"\nb ::= \"b\" b",
        "line 2: no text is ever a whole 'b', because it always needs another one of itself"
      ),
      (
        "root ::= " + String(repeating: "(", count: 101),
        "line 1, column 110: parentheses are nested more than 100 deep"
      ),
      (
        "root ::= \"a\"{10001}",
        "line 1, column 18: more than 10000 repetitions; leave the number open ({2,}), or take fewer"
      ),
      (
        "root ::= (\"a\"{9000} \"b\"{9000}){9000} (\"a\"{9000} \"b\"{9000} \"c\"{9000} \"d\"{9000} \"e\"{9000})",
        "line 1: the grammar has more than 65536 symbols, repetitions counted out"
      ),
    ])
  func errors(_ grammar: String, _ message: String) throws {
    let error = #expect(throws: GrammarError.self) { try Grammar(grammar) }
    #expect(try #require(error).description == message)
  }

  @Test("bytes that are not UTF-8, and too many, are no grammar")
  func bytes() throws {
    let error = #expect(throws: GrammarError.self) { try Grammar(utf8: Array("root ::=\n \"".utf8) + [0xFF]) }
    #expect(error == GrammarError(line: 2, column: 3, problem: .notUTF8))
    #expect(throws: GrammarError.self) { try Grammar(utf8: [UInt8](repeating: 0x20, count: 2 << 20)) }
  }

  @Test(
    "the grammar of JSON takes what JSON is, and nothing else",
    arguments: [
      ("{}", true), ("[]", true), ("{\"a\": 1}", true),
      ("{ \"a\" : [1, 2.5, -3e+10, null] , \"b\":{\"c\":\"\\u00e9\\n\"}}", true),
      ("{\n  \"a\": true\n}", true), ("[\"é😀\", false]", true), ("1", false), ("\"a\"", false), ("{a: 1}", false),
      ("[1,]", false), ("[01]", false), ("[1.]", false), ("{\"a\"}", false), ("[\"\n\"]", false), ("[\"\\x\"]", false),
    ])
  func json(_ text: String, _ isAllowed: Bool) throws {
    #expect((try Self.constraint(Grammar.json, text)?.mayEnd ?? false) == isAllowed)
  }

  @Test("the shortest rest closes what is open")
  func rest() throws {
    func rest(_ text: String) throws -> Int? { try Self.constraint(Grammar.json, text)?.shortestRest }
    #expect(try rest("") == 2 && rest("{") == 1 && rest("[[{\"a") == 5 + 1 && rest("[1, 2]") == 0)
    let open = try #require(try Self.constraint(Grammar.json, "[[\"a"))
    #expect(try open.rest(after: ["b"]) == 3 && open.rest(after: ["\""]) == 2 && open.rest(after: ["\n"]) == nil)
    #expect(try Self.constraint("root ::= \"a\"{500} root2\nroot2 ::= \"b\"*", "aaa")?.shortestRest == 497)
  }

  @Test("of a grammar, what characters cannot write is left out, or named with its place")
  func restriction() throws {
    let grammar = "root ::= item (\", \" item)*\nitem ::= [A-C]+ |\n  [x-z]+ \"Q\"? | deep\ndeep ::= \"(\" item \")\""
    func restricted(_ alphabet: String) throws -> GrammarConstraint {
      try GrammarConstraint(Grammar(grammar)).restricted(to: UnicodeSet(alphabet))
    }
    let some = try restricted("[x-y, ()]")
    for (text, isWhole) in [("x", true), ("xy, (x)", true), ("xA", nil), ("xQ", nil), ("(x", false)]
      as [(String, Bool?)]
    {
      #expect(try some.following(Array(text.unicodeScalars))?.mayEnd == isWhole, "'\(text)'")
    }
    let error = #expect(throws: ConstraintError.self) { try restricted("[Q, ()]") }
    #expect(error == .impossible(characters: "any of 'A', 'B', 'C'", line: 2, column: 10))
    // What lies behind something impossible is not entered.
    let dead = try GrammarConstraint(Grammar("root ::= \"a\" (\"b\" \"d\" | \"c\")")).restricted(
      to: UnicodeSet("[abc]"))
    #expect(try dead.following(["a"])?.rest(after: ["b"]) == nil && dead.following(["a", "b"]) == nil)
  }

  @Test("states that may go on alike are one, so that texts of any length come to few")
  func states() throws {
    for grammar in [Grammar.json, "root ::= ([a-z]{1,9} \" \")+ [.]", "root ::= (\"a\" | \"ab\" \"c\"?)* \"d\""] {
      let start = try GrammarConstraint(Grammar(grammar))
      let piece = grammar == Grammar.json ? "[1, \"a\", {\"b\": [2]}]" : grammar.contains("z") ? "one two " : "aabc"
      var numbers: Set<Int> = []
      var text = grammar == Grammar.json ? "[" : ""
      for _ in 0..<50 {
        text += piece + (grammar == Grammar.json ? ", " : "")
        var constraint = start
        for scalar in text.unicodeScalars {
          constraint = try #require(try constraint.following([scalar]), "\(text)")
          if let number = constraint.stateNumber { numbers.insert(number) }
        }
      }
      #expect(numbers.count < 60, "\(numbers.count) states")
    }
  }

  @Test("what would be endless or too much is bounded")
  func hostile() throws {
    // Twice as many ways with each letter, which share their frames.
    let doubling = "root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"a\""
    let deep = try #require(try Self.constraint(doubling, String(repeating: "a", count: 900)))
    #expect(try deep.following(Array((String(repeating: "bc", count: 449) + "c").unicodeScalars))?.mayEnd == true)
    // Deeper than is followed.
    #expect(try Self.constraint(doubling, String(repeating: "a", count: 2000)) == nil)
    // A list is not deep, whether it recurs at its end or repeats.
    for list in ["root ::= \"a\" root | \"a\"", "root ::= \"a\"+", "root ::= (\"a\" \"b\"?)*"] {
      #expect(try Self.constraint(list, String(repeating: "a", count: 20_000))?.mayEnd == true)
    }
    let wide = "root ::= " + (0...20_000).map { _ in "\"a\"" }.joined(separator: "|")
    #expect(throws: ConstraintError.tooAmbiguous(limit: 20_000)) { try GrammarConstraint(Grammar(wide)) }
    // Rules that begin each other without end are refused, however far that goes.
    let chain = (0..<3000).map { "r\($0) ::= r\($0 + 1) \"x\"\n" }.joined() + "r3000 ::= \"y\"\nroot ::= r0"
    #expect(try !GrammarConstraint(Grammar(chain)).mayGoOn)
    // A length beyond all numbers.
    let long = "root ::= d0\n" + (0..<100).map { "d\($0) ::= d\($0 + 1) d\($0 + 1)\n" }.joined() + "d100 ::= \"a\""
    #expect(throws: GrammarError.self) { try Grammar(long) }
  }
}
