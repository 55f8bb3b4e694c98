/// Tells the quantities of a text, scalar by scalar.
///
/// It reads as a person skims, not as a parser: what is a quotation in prose and what is one in a program's text follows
/// the same few rules.
public struct QuantityReader {
  /// The values after what was read, in the order of `TextQuantity.allCases`.
  public private(set) var values = [Float](repeating: 0, count: TextQuantity.allCases.count)

  /// What ends the present quotation; nil outside one.
  private var closingQuote: Unicode.Scalar?
  /// The brackets that are open, the innermost last.
  private var openBrackets: [Unicode.Scalar] = []
  private var comment = Comment.none
  private var linePosition = 0
  private var indentation = 0
  private var isLineStart = true
  private var wordPosition = 0
  private var hasOnlyCapitals = false
  private var sinceSpace = 0
  private var sentencePosition = 0
  /// The scalar before.
  private var previous: Unicode.Scalar = "\n"
  private var beforePrevious: Unicode.Scalar = "\n"

  private enum Comment { case none, line, block }

  /// A reader at the beginning of a text.
  public init() {}

  /// Reads a scalar.
  /// - Parameter next: the one after it; nil at the end.
  public mutating func read(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) {
    let isLetter = scalar.properties.isAlphabetic
    let isDigit = scalar.properties.numericType != nil
    let isSpace = scalar.properties.isWhitespace
    readQuotes(scalar, before: next, isLetter: isLetter || isDigit)
    readBrackets(scalar)
    readComment(scalar, before: next)
    readLine(scalar, isSpace: isSpace)
    let isCapital = scalar.properties.isUppercase
    if isLetter || isDigit {
      hasOnlyCapitals = isCapital && (wordPosition == 0 || hasOnlyCapitals)
      wordPosition += 1
    } else if !(scalar == "'" || scalar == "\u{2019}") || wordPosition == 0 {
      (wordPosition, hasOnlyCapitals) = (0, false)
    }
    sinceSpace = isSpace ? 0 : sinceSpace + 1
    sentencePosition = QuantityReader.sentenceEnds.contains(scalar) ? 0 : sentencePosition + 1
    (beforePrevious, previous) = (previous, scalar)
    set(.capital, isCapital)
    set(.capitalWord, hasOnlyCapitals && wordPosition > 1)
    set(.digit, isDigit)
    set(.space, isSpace)
    set(.punctuation, QuantityReader.isPunctuation(scalar))
    set(.wordPosition, Float(wordPosition))
    set(.sinceSpace, Float(sinceSpace))
    set(.sentencePosition, Float(sentencePosition))
  }

  private mutating func set(_ quantity: TextQuantity, _ isTrue: Bool) { set(quantity, isTrue ? 1 : 0) }

  private mutating func set(_ quantity: TextQuantity, _ value: Float) {
    values[QuantityReader.places[quantity] ?? 0] = value
  }

  private static let places = Dictionary(
    uniqueKeysWithValues: TextQuantity.allCases.enumerated().map { ($0.element, $0.offset) })

  private static let sentenceEnds: Set<Unicode.Scalar> = [
    ".", "!", "?", "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{FF0E}", "\u{0964}", "\u{061F}",
  ]

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }

  // MARK: Quotations

  private static let quotePairs: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{201C}": "\u{201D}", "\u{201E}": "\u{201C}", "\u{2018}": "\u{2019}", "\u{201A}": "\u{2018}",
    "\u{AB}": "\u{BB}", "\u{2039}": "\u{203A}", "\u{300C}": "\u{300D}", "\u{300E}": "\u{300F}",
  ]

  /// Straight marks open where no letter stands before them, and close where none follows, which tells an apostrophe.
  private mutating func readQuotes(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?, isLetter: Bool) {
    let isLetterNext = next.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
    let isLetterBefore = previous.properties.isAlphabetic || previous.properties.numericType != nil
    if let closing = closingQuote {
      let isApostrophe = (scalar == "'" || scalar == "\u{2019}") && isLetterBefore && isLetterNext
      let isBlankLine = scalar == "\n" && previous == "\n"
      if scalar == closing && !isApostrophe && previous != "\\" || isBlankLine { closingQuote = nil }
    } else if scalar == "\"" && previous != "\\"
      || scalar == "'" && !isLetterBefore && next?.properties.isWhitespace == false
    {
      closingQuote = scalar
    } else {
      closingQuote = QuantityReader.quotePairs[scalar]
    }
    set(.insideQuotes, closingQuote != nil)
  }

  /// Brackets that stand alone, as in patterns, signs and slips, must not count for the rest of the text. So those in a
  /// program's strings are text, a closing one closes all that was opened since its other half, and a blank line all but
  /// braces.
  private mutating func readBrackets(_ scalar: Unicode.Scalar) {
    if scalar == "\n", previous == "\n" { openBrackets.removeAll { $0 != "{" } }
    if closingQuote != "\"", closingQuote != "'" {
      switch scalar.properties.generalCategory {
      case .openPunctuation where QuantityReader.quotePairs[scalar] == nil:
        openBrackets.append(scalar)
      case .closePunctuation where !QuantityReader.quotePairs.values.contains(scalar):
        if let opened = openBrackets.lastIndex(where: { QuantityReader.isPair($0, scalar) }) {
          openBrackets.removeSubrange(opened...)
        }
      default: break
      }
    }
    set(.bracketDepth, Float(openBrackets.count))
  }

  /// The two brackets of a pair are neighbours in Unicode, or have one character between them.
  private static func isPair(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar) -> Bool {
    opening.value < closing.value && closing.value - opening.value <= 2
  }

  // MARK: Lines

  private mutating func readComment(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) {
    switch comment {
    case .line: if scalar == "\n" { comment = .none }
    case .block: if scalar == "/", previous == "*" { comment = .none }
    case .none:
      if scalar == "*", previous == "/" {
        comment = .block
      } else if scalar == "/", previous == "/", beforePrevious != ":" {
        // Not the two of an address.
        comment = .line
      } else if scalar == "#", isLineStart || previous == " ", next == " " || next == "!" {
        comment = .line
      }
    }
    set(.insideComment, comment != .none)
  }

  private mutating func readLine(_ scalar: Unicode.Scalar, isSpace: Bool) {
    if scalar == "\n" {
      (linePosition, indentation, isLineStart) = (0, 0, true)
    } else {
      linePosition += 1
      if isLineStart, isSpace {
        indentation += scalar == "\t" ? 4 : 1
      } else {
        isLineStart = false
      }
    }
    set(.linePosition, Float(linePosition))
    set(.indentation, Float(indentation))
    set(.lineStart, isLineStart)
  }
}
