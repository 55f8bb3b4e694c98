/// A grammar of texts, written in GBNF, the notation of llama.cpp:
///
///     let dates = try Grammar("""
///       root ::= day " " month
///       day ::= [1-9] | [12] [0-9] | "3" [01]
///       month ::= "March" | "April"
///       """)
///
/// As a machine it is a list of symbols: the alternatives of all rules, one after the other, each with an end behind it.
/// Groups and repetitions are rules without a name: x* is S ::= x S | nothing.
public struct Grammar: Sendable {
  /// A symbol, found by its position in the list.
  enum Symbol: Hashable {
    /// One scalar of a set, by the set's number.
    case scalars(Int)
    /// A text of a rule, by the rule's number.
    case rule(Int)
    /// The end of an alternative.
    case end
  }

  let symbols: [Symbol]
  let sets: [ScalarRanges]
  /// The positions where the alternatives of each rule begin.
  let alternatives: [[Int]]
  /// Whether each rule may stand for no text.
  let isNullable: [Bool]
  /// How many scalars have to follow from each position to the end of its alternative at least.
  let shortest: [Int]
  /// The number of the rule from which a text begins.
  let root: Int
  /// Where each symbol stands in the text that the grammar was made of, in scalars.
  let origins: [Int]
  /// The text that the grammar was made of.
  let source: String

  /// What is counted as infinitely long.
  static let endless = 1 << 40

  /// The grammar of a text in GBNF.
  /// - Throws: `GrammarError`, with the place.
  public init(_ text: String) throws(GrammarError) {
    var parser = GrammarParser(text)
    let rules = try parser.rules()
    var builder = GrammarBuilder(parser)
    try builder.add(rules)
    self = try builder.grammar()
  }

  /// The grammar of a file's bytes.
  /// - Throws: `GrammarError`, with the place.
  public init(utf8: [UInt8]) throws(GrammarError) {
    guard utf8.count <= GrammarLimits.byteCount else {
      throw GrammarError(line: 1, column: nil, problem: .size(limit: GrammarLimits.symbolCount))
    }
    if let offset = UTF8Validation.firstError(in: utf8.span) {
      let place = TextPlace().advanced(over: utf8.span.extracting(0..<offset))
      throw GrammarError(line: place.line, column: place.column, problem: .notUTF8)
    }
    try self.init(String(decoding: utf8, as: UTF8.self))
  }

  init(
    symbols: [Symbol], sets: [ScalarRanges], alternatives: [[Int]], lengths: GrammarLengths, root: Int, origins: [Int],
    source: String
  ) {
    (self.symbols, self.sets, self.alternatives, self.root) = (symbols, sets, alternatives, root)
    (isNullable, shortest) = (lengths.ofRules.map { $0 == 0 }, lengths.ofPositions)
    (self.origins, self.source) = (origins, source)
  }

  /// The grammar of those of its texts that have these scalars alone.
  /// - Throws: `ConstraintError.impossible` where there are none.
  func restricted(to alphabet: ScalarRanges) throws(ConstraintError) -> Grammar {
    let sets = sets.map { $0.intersection(alphabet) }
    let lengths = GrammarLengths(symbols, alternatives, sets)
    guard lengths.ofRules[root] < Grammar.endless else { throw missing(sets, lengths) }
    return Grammar(
      symbols: symbols, sets: sets, alternatives: alternatives, lengths: lengths, root: root, origins: origins,
      source: source)
  }

  /// What makes the root impossible: the first symbol that has no scalars any more, on the way from rule to rule.
  private func missing(_ sets: [ScalarRanges], _ lengths: GrammarLengths) -> ConstraintError {
    var (rules, next) = ([root], 0)
    var seen: Set<Int> = [root]
    while next < rules.count {
      for start in alternatives[rules[next]] {
        var position = start
        while symbols[position] != .end, lengths.ofSymbol(symbols[position]) < Grammar.endless { position += 1 }
        switch symbols[position] {
        case .scalars(let set):
          let before = String(String.UnicodeScalarView(source.unicodeScalars.prefix(origins[position])))
          let place = TextPlace().advanced(over: Array(before.utf8).span)
          return .impossible(characters: self.sets[set].phrase, line: place.line, column: place.column)
        case .rule(let rule) where seen.insert(rule).inserted: rules.append(rule)
        case .rule, .end: break
        }
      }
      next += 1
    }
    return .impossible(characters: "its characters", line: 1, column: 1)
  }

  /// The text of a grammar of JSON (RFC 8259): an object or an array, in which at most one space or one line's end with
  /// an indentation stands between two symbols. Numbers are those that a double holds, and \u is no half of a pair.
  public static let json = #"""
    root      ::= object | array
    value     ::= object | array | string | number | "true" | "false" | "null"
    object    ::= "{" space (member ("," space member)*)? "}"
    member    ::= string space ":" space value space
    array     ::= "[" space (element ("," space element)*)? "]"
    element   ::= value space
    string    ::= "\"" character* "\""
    character ::= [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" ([0-9a-cA-CefEF] digit | [dD] [0-7]) digit{2})
    digit     ::= [0-9a-fA-F]
    number    ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?
    space     ::= (" " | "\n" [ \t]{0,20})?
    """#
}
