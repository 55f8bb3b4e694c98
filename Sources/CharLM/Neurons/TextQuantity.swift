/// What can be told of a place in a text, and what a unit may keep track of.
public enum TextQuantity: String, CaseIterable, Codable, Hashable, Sendable {
  /// 1 between quotation marks, 0 outside. A blank line ends a quotation.
  case insideQuotes = "inside_quotes"
  /// How many brackets are open: ( [ { and their like in other scripts; not those between straight quotation marks.
  case bracketDepth = "bracket_depth"
  /// 1 from `//` or `# ` to the end of the line, and from `/*` to `*/`.
  case insideComment = "inside_comment"
  /// The scalars since the line began.
  case linePosition = "line_position"
  /// The number of spaces at the beginning of the line so far; a tab counts as four.
  case indentation
  /// 1 while the line has nothing but spaces yet.
  case lineStart = "line_start"
  /// The scalars since the word began; 0 outside words.
  case wordPosition = "word_position"
  /// The scalars since the last white space.
  case sinceSpace = "since_space"
  /// The scalars since the last mark that ends a sentence: . ! ? and their like.
  case sentencePosition = "sentence_position"
  /// 1 after a capital letter.
  case capital
  /// 1 within a word that has only capitals so far, two or more.
  case capitalWord = "capital_word"
  /// 1 after a digit.
  case digit
  /// 1 after white space.
  case space
  /// 1 after a mark of punctuation.
  case punctuation

  /// For people.
  public var name: String {
    switch self {
    case .insideQuotes: "inside quotes"
    case .bracketDepth: "depth of brackets"
    case .insideComment: "inside a comment"
    case .linePosition: "position in the line"
    case .indentation: "indentation"
    case .lineStart: "before the line's text"
    case .wordPosition: "position in the word"
    case .sinceSpace: "since the last space"
    case .sentencePosition: "position in the sentence"
    case .capital: "capital letter"
    case .capitalWord: "word in capitals"
    case .digit: "digit"
    case .space: "white space"
    case .punctuation: "punctuation"
    }
  }
}
