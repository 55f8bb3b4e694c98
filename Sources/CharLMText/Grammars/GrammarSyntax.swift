/// A rule of a grammar as it was written.
struct GrammarRule {
  let name: String
  /// Where it begins, in scalars.
  let position: Int
  let body: GrammarNode
}

/// A part of a rule.
indirect enum GrammarNode {
  /// One scalar of these.
  case scalars(ScalarRanges, position: Int)
  /// Another rule.
  case rule(String, position: Int)
  /// One after the other; nothing where empty.
  case sequence([GrammarNode])
  /// One of several.
  case alternatives([GrammarNode])
  /// The same, at least so often and at most so often.
  case repetition(GrammarNode, least: Int, most: Int?)
}

/// Reads GBNF, as llama.cpp documents it (grammars/README.md there):
///
///     file      rule ("\n"+ rule)*
///     rule      name "::=" choice
///     choice    sequence ("|" sequence)*
///     sequence  (item ("*" | "+" | "?" | "{m}" | "{m,}" | "{m,n}")?)*
///     item      "text" | [class] | [^class] | . | name | "(" choice ")"
///
/// A comment goes from # to the end of its line. A line's end ends a rule, but not in parentheses, nor after ::= or |.
struct GrammarParser {
  let text: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  init(_ text: String) { (self.text, scalars) = (text, Array(text.unicodeScalars)) }

  /// All rules, in the order in which they stand.
  mutating func rules() throws(GrammarError) -> [GrammarRule] {
    var rules: [GrammarRule] = []
    skipSpace(linesToo: true)
    while next != nil {
      rules.append(try rule())
      skipSpace(linesToo: true)
    }
    return rules
  }

  private mutating func rule() throws(GrammarError) -> GrammarRule {
    let start = position
    guard let name = takeName() else { throw error(.expected("the name of a rule")) }
    skipSpace(linesToo: false)
    for scalar in "::=".unicodeScalars { guard take(scalar) else { throw error(.expected("'::='")) } }
    skipSpace(linesToo: true)
    let body = try choice(isNested: false)
    guard next == nil || next == "\n" || next == "\r" else {
      throw error(.expected("the end of the line, or a symbol"))
    }
    return GrammarRule(name: name, position: start, body: body)
  }

  private mutating func choice(isNested: Bool) throws(GrammarError) -> GrammarNode {
    var sequences = [try sequence(isNested: isNested)]
    while take("|") {
      skipSpace(linesToo: true)
      sequences.append(try sequence(isNested: isNested))
    }
    return sequences.count == 1 ? sequences[0] : .alternatives(sequences)
  }

  private mutating func sequence(isNested: Bool) throws(GrammarError) -> GrammarNode {
    var items: [GrammarNode] = []
    while let item = try item() {
      skipSpace(linesToo: isNested)
      items.append(try repeated(item))
      skipSpace(linesToo: isNested)
    }
    return items.count == 1 ? items[0] : .sequence(items)
  }

  /// nil where none begins.
  private mutating func item() throws(GrammarError) -> GrammarNode? {
    let start = position
    switch next {
    case "\"": return try literal()
    case "[": return try scalarClass()
    case "(": return try group()
    case "<", "!": throw error(.token)
    case "*", "+", "?", "{": throw error(.nothingToRepeat)
    case ".":
      position += 1
      return .scalars(.all, position: start)
    default: return takeName().map { .rule($0, position: start) }
    }
  }

  private mutating func group() throws(GrammarError) -> GrammarNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= GrammarLimits.nesting else { throw error(.nesting(limit: GrammarLimits.nesting)) }
    position += 1
    skipSpace(linesToo: true)
    let node = try choice(isNested: true)
    guard take(")") else { throw error(.expected("')'")) }
    return node
  }

  private mutating func literal() throws(GrammarError) -> GrammarNode {
    position += 1
    var text: [GrammarNode] = []
    while !take("\"") {
      let start = position
      let value = try scalar(endOf: "'\"'")
      text.append(.scalars(ScalarRanges([value...value]), position: start))
    }
    return text.count == 1 ? text[0] : .sequence(text)
  }

  private mutating func scalarClass() throws(GrammarError) -> GrammarNode {
    let start = position
    position += 1
    let isNegated = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while !take("]") {
      let place = position
      let first = try scalar(endOf: "']'")
      guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        ranges.append(first...first)
        continue
      }
      position += 1
      let last = try scalar(endOf: "']'")
      guard first <= last else {
        throw error(.reversedRange(String(String.UnicodeScalarView(scalars[place..<position]))), at: place)
      }
      ranges.append(first...last)
    }
    let set = ScalarRanges(ranges)
    let wanted = isNegated ? set.inverted : set
    guard !wanted.isEmpty else { throw error(.emptyClass, at: start) }
    return .scalars(wanted, position: start)
  }

  // MARK: Repetitions

  private mutating func repeated(_ item: GrammarNode) throws(GrammarError) -> GrammarNode {
    guard let (least, most) = try repetition() else { return item }
    return .repetition(item, least: least, most: most)
  }

  private mutating func repetition() throws(GrammarError) -> (least: Int, most: Int?)? {
    switch next {
    case "*": position += 1; return (0, nil)
    case "+": position += 1; return (1, nil)
    case "?": position += 1; return (0, 1)
    case "{": return try counts()
    default: return nil
    }
  }

  private mutating func counts() throws(GrammarError) -> (least: Int, most: Int?) {
    let start = position
    position += 1
    skipSpace(linesToo: true)
    guard let least = try number() else { throw error(.expected("a number of repetitions")) }
    skipSpace(linesToo: true)
    var most: Int? = least
    if take(",") {
      skipSpace(linesToo: true)
      most = try number()
      skipSpace(linesToo: true)
    }
    guard take("}") else { throw error(.expected("'}'")) }
    if let most, most < least { throw error(.reversedRepetition(least: least, most: most), at: start) }
    return (least, most)
  }

  private mutating func number() throws(GrammarError) -> Int? {
    var value: Int?
    while let next, let digit = Int(String(next)), next.isASCII {
      value = 10 * (value ?? 0) + digit
      if value ?? 0 > GrammarLimits.repetitionCount {
        throw error(.repetition(limit: GrammarLimits.repetitionCount))
      }
      position += 1
    }
    return value
  }

  // MARK: Scalars

  /// One scalar of a text or a class, perhaps an escape.
  private mutating func scalar(endOf end: String) throws(GrammarError) -> UInt32 {
    guard let first = next, first != "\n" else { throw error(.expected(end)) }
    guard take("\\") else {
      position += 1
      return first.value
    }
    guard let letter = next else { throw error(.expected(end)) }
    position += 1
    switch letter {
    case "n": return 0x0A
    case "r": return 0x0D
    case "t": return 0x09
    case "\\", "\"", "[", "]": return letter.value
    case "x": return try digits(2)
    case "u": return try digits(4)
    case "U": return try digits(8)
    default: throw error(.unknownEscape("\\\(letter)"), at: position - 2)
    }
  }

  private mutating func digits(_ count: Int) throws(GrammarError) -> UInt32 {
    var value: UInt32 = 0
    let start = position
    for _ in 0..<count {
      guard let next, next.isASCII, let digit = UInt32(String(next), radix: 16) else {
        throw error(.escapeDigits(count: count))
      }
      value = value << 4 | digit
      position += 1
    }
    guard Unicode.Scalar(value) != nil else {
      throw error(.notScalar("U+" + String(value, radix: 16, uppercase: true)), at: start - 2)
    }
    return value
  }

  // MARK: Reading

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func takeName() -> String? {
    let start = position
    while let next, next.isASCII, next.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains(next) {
      position += 1
    }
    return position == start ? nil : String(String.UnicodeScalarView(scalars[start..<position]))
  }

  /// Skips spaces and comments.
  private mutating func skipSpace(linesToo: Bool) {
    while let next {
      switch next {
      case " ", "\t": position += 1
      case "#": while let next = self.next, next != "\n", next != "\r" { position += 1 }
      case "\n", "\r":
        guard linesToo else { return }
        position += 1
      default: return
      }
    }
  }

  /// An error at a place; at the present one where none is given.
  /// - Parameter isOfRule: whether a rule is meant as a whole, so that its line says enough.
  func error(_ problem: GrammarError.Problem, at position: Int? = nil, isOfRule: Bool = false) -> GrammarError {
    let before = String(String.UnicodeScalarView(scalars[..<(position ?? self.position)]))
    let place = TextPlace().advanced(over: Array(before.utf8).span)
    return GrammarError(line: place.line, column: isOfRule ? nil : place.column, problem: problem)
  }
}
