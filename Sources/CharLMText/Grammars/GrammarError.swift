/// What is wrong with the text of a grammar, and where.
public struct GrammarError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What can be wrong.
  public enum Problem: Hashable, Sendable {
    /// Something else was expected, such as "'::='".
    case expected(String)
    /// A backslash stands before something that it cannot escape.
    case unknownEscape(String)
    /// An escape needs more hexadecimal digits.
    case escapeDigits(count: Int)
    /// An escape, or the end of a range, is no scalar.
    case notScalar(String)
    /// A range ends before it begins.
    case reversedRange(String)
    /// A class of characters has none.
    case emptyClass
    /// `*`, `+`, `?` or `{}` has nothing before it.
    case nothingToRepeat
    /// The most of a repetition is less than its least.
    case reversedRepetition(least: Int, most: Int)
    /// A token of a model's vocabulary, which GBNF writes in angle brackets.
    case token
    /// A name is defined a second time.
    case definedTwice(rule: String)
    /// No rule has this name.
    case undefined(rule: String)
    /// No rule is named root.
    case noRoot
    /// A rule can begin with itself; `path` leads there.
    case leftRecursion(rule: String, path: [String])
    /// No text is long enough for a rule.
    case endless(rule: String)
    /// Parentheses are nested too deeply.
    case nesting(limit: Int)
    /// A number of repetitions is too large.
    case repetition(limit: Int)
    /// The grammar is too large.
    case size(limit: Int)
    /// The text is not UTF-8.
    case notUTF8
  }

  /// The line, from 1.
  public let line: Int
  /// The column in scalars, from 1; nil where a whole rule is meant.
  public let column: Int?
  /// What is wrong.
  public let problem: Problem

  /// One line: where and what, and what helps.
  public var description: String {
    "line \(line)" + (column.map { ", column \($0)" } ?? "") + ": \(problem)"
  }
}

extension GrammarError.Problem: CustomStringConvertible {
  /// What is wrong, and what helps.
  public var description: String {
    switch self {
    case .expected(let what): "\(what) is missing here"
    case .unknownEscape(let escape):
      "'\(escape)' is no escape; there are \\n, \\r, \\t, \\\\, \\\", \\[, \\], \\x41, \\u0041 and \\U00000041"
    case .escapeDigits(let count): "an escape needs \(count) hexadecimal digits"
    case .notScalar(let what): "\(what) is no character"
    case .reversedRange(let range): "the range \(range) ends before it begins"
    case .emptyClass: "a class without characters matches nothing"
    case .nothingToRepeat: "nothing stands before it that could be repeated"
    case .reversedRepetition(let least, let most): "{\(least),\(most)}: the most is less than the least"
    case .token: "tokens in angle brackets are not known here; write their characters in quotation marks"
    case .definedTwice(let rule): "the rule '\(rule)' is defined a second time"
    case .undefined(let rule): "there is no rule '\(rule)'"
    case .noRoot: "there is no rule 'root', from which a text begins"
    case .leftRecursion(let rule, let path):
      "the rule '\(rule)' begins with itself (\(path.joined(separator: " → "))), which never ends; "
        + "write the repetition as item+ or at the rule's end"
    case .endless(let rule): "no text is ever a whole '\(rule)', because it always needs another one of itself"
    case .nesting(let limit): "parentheses are nested more than \(limit) deep"
    case .repetition(let limit): "more than \(limit) repetitions; leave the number open ({2,}), or take fewer"
    case .size(let limit): "the grammar has more than \(limit) symbols, repetitions counted out"
    case .notUTF8: "this is not UTF-8"
    }
  }
}

/// What a grammar may be at most, because it may come from a stranger.
public enum GrammarLimits {
  /// The bytes of its text.
  public static let byteCount = 1 << 20
  /// Its symbols, with repetitions written out.
  public static let symbolCount = 1 << 16
  /// The numbers in braces.
  public static let repetitionCount = 10_000
  /// Parentheses in parentheses.
  public static let nesting = 100
  /// The rules that are begun and not ended in one another, at any place of a text; where a text would go deeper, it is
  /// refused.
  public static let depth = 1000
  /// The ways to go on with a text that are followed at the same time.
  public static let readingCount = 20_000
}
