/// Reads the common part of ICU's regular expressions as a grammar, whose texts are those that match as a whole:
/// characters, escapes, classes, `.`, groups, alternatives and repetitions, greedy or lazy, and anchors at the ends, where
/// they change nothing.
///
/// Everything else (looking around, back references, possessive repetitions, word boundaries, options, sets of sets) is
/// left to ICU: the parser gives up without an error, because ICU has read the pattern before.
struct ExpressionParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  /// What is left to ICU.
  private struct NotCommon: Error {}

  private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  /// The grammar of an expression that ICU takes; nil where it has more than the common part, or would be too large.
  static func grammar(_ pattern: String) -> Grammar? {
    var parser = ExpressionParser(pattern)
    guard let body = try? parser.alternatives(), parser.next == nil else { return nil }
    var builder = GrammarBuilder(GrammarParser(pattern))
    guard (try? builder.add([GrammarRule(name: "root", position: 0, body: body)])) != nil else { return nil }
    return try? builder.grammar()
  }

  private mutating func alternatives() throws(NotCommon) -> GrammarNode {
    var found = [try sequence()]
    while take("|") { found.append(try sequence()) }
    return found.count == 1 ? found[0] : .alternatives(found)
  }

  private mutating func sequence() throws(NotCommon) -> GrammarNode {
    if depth == 0 { _ = take("^") }
    var items: [GrammarNode] = []
    while let next, next != "|", next != ")" {
      if next == "$", depth == 0, position + 1 == scalars.count || scalars[position + 1] == "|" {
        position += 1
        break
      }
      items.append(try repeated(try item(next)))
    }
    return items.count == 1 ? items[0] : .sequence(items)
  }

  private mutating func item(_ first: Unicode.Scalar) throws(NotCommon) -> GrammarNode {
    let start = position
    position += 1
    switch first {
    case "(": return try group()
    case "[": return .scalars(try setInBrackets(), position: start)
    case ".": return .scalars(ExpressionParser.lineEnds.inverted, position: start)
    case "\\": return .scalars(try escape(), position: start)
    case "^", "$", "*", "+", "?", "{", "}", "]": throw NotCommon()
    default: return .scalars(ScalarRanges([first.value...first.value]), position: start)
    }
  }

  /// ICU's line terminators, which `.` leaves out.
  private static let lineEnds = ScalarRanges([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])

  private mutating func group() throws(NotCommon) -> GrammarNode {
    if take("?") {
      if take("<") {
        guard let next, next.properties.isAlphabetic else { throw NotCommon() }
        while let next = self.next, next != ">" { position += 1 }
        guard take(">") else { throw NotCommon() }
      } else if !take(":") {
        throw NotCommon()
      }
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= GrammarLimits.nesting else { throw NotCommon() }
    let body = try alternatives()
    guard take(")") else { throw NotCommon() }
    return body
  }

  // MARK: Repetitions

  private mutating func repeated(_ item: GrammarNode) throws(NotCommon) -> GrammarNode {
    let counts: (least: Int, most: Int?)
    switch next {
    case "*": counts = (0, nil)
    case "+": counts = (1, nil)
    case "?": counts = (0, 1)
    case "{": counts = try countsInBraces()
    default: return item
    }
    position += 1
    // Lazy or greedy: the whole texts are the same.
    _ = take("?")
    if let next, "*+?{".unicodeScalars.contains(next) { throw NotCommon() }
    return .repetition(item, least: counts.least, most: counts.most)
  }

  /// Stops before the closing brace.
  private mutating func countsInBraces() throws(NotCommon) -> (Int, Int?) {
    position += 1
    guard let least = number() else { throw NotCommon() }
    var most: Int? = least
    if take(",") { most = number() }
    guard next == "}", max(least, most ?? 0) <= GrammarLimits.repetitionCount, most ?? least >= least else {
      throw NotCommon()
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = position
    while let next, ("0"..."9").contains(next) { position += 1 }
    return Int(String(String.UnicodeScalarView(scalars[start..<position])))
  }

  // MARK: Sets

  /// A set after its opening bracket.
  private mutating func setInBrackets() throws(NotCommon) -> ScalarRanges {
    let isNegated = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while !take("]") {
      let part = try partOfSet()
      guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        ranges += part.ranges
        continue
      }
      position += 1
      let last = try partOfSet()
      // Two hyphens are a difference; a range is between two characters.
      guard let low = part.only, let high = last.only, low <= high else { throw NotCommon() }
      ranges.append(low...high)
    }
    let set = ScalarRanges(ranges)
    return isNegated ? set.inverted : set
  }

  private mutating func partOfSet() throws(NotCommon) -> ScalarRanges {
    guard let first = next else { throw NotCommon() }
    position += 1
    switch first {
    case "\\": return try escape()
    case "-" where self.next == "]": return ScalarRanges([first.value...first.value])
    case "[", "&", "-", "^", "{", "}", "$", ":": throw NotCommon()
    default: return ScalarRanges([first.value...first.value])
    }
  }

  /// What stands after a backslash.
  private mutating func escape() throws(NotCommon) -> ScalarRanges {
    guard let letter = next else { throw NotCommon() }
    position += 1
    switch letter {
    case "n": return ScalarRanges([0x0A...0x0A])
    case "r": return ScalarRanges([0x0D...0x0D])
    case "t": return ScalarRanges([0x09...0x09])
    case "f": return ScalarRanges([0x0C...0x0C])
    case "u": return try hexadecimal(4)
    case "x": return try hexadecimal(2)
    case "d", "D": return try known("[\\p{Nd}]", isNegated: letter == "D")
    case "s", "S": return try known("[\\p{White_Space}]", isNegated: letter == "S")
    case "w", "W":
      return try known("[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200C\\u200D]", isNegated: letter == "W")
    case "p", "P": return try property(letter)
    default:
      // Letters and digits have meanings, here or to come; everything else stands for itself.
      guard letter.isASCII, !letter.properties.isAlphabetic, !("0"..."9").contains(letter) else { throw NotCommon() }
      return ScalarRanges([letter.value...letter.value])
    }
  }

  private mutating func hexadecimal(_ count: Int) throws(NotCommon) -> ScalarRanges {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let next, next.isASCII, let digit = UInt32(String(next), radix: 16) else { throw NotCommon() }
      value = value << 4 | digit
      position += 1
    }
    guard Unicode.Scalar(value) != nil else { throw NotCommon() }
    return ScalarRanges([value...value])
  }

  /// `\p{…}` by ICU's own sets.
  private mutating func property(_ letter: Unicode.Scalar) throws(NotCommon) -> ScalarRanges {
    guard take("{"), let end = scalars[position...].firstIndex(of: "}") else { throw NotCommon() }
    let name = String(String.UnicodeScalarView(scalars[position..<end]))
    position = end + 1
    return try known("[\\\(letter){" + name + "}]", isNegated: false)
  }

  private func known(_ pattern: String, isNegated: Bool) throws(NotCommon) -> ScalarRanges {
    guard let ranges = try? UnicodeSet(pattern).ranges else { throw NotCommon() }
    return isNegated ? ranges.inverted : ranges
  }

  // MARK: Reading

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }
}

extension ScalarRanges {
  /// The only scalar; nil where there are others, or none.
  fileprivate var only: UInt32? { ranges.count == 1 && ranges[0].count == 1 ? ranges[0].lowerBound : nil }
}
