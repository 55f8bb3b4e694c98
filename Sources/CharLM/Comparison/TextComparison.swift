import CharLMText
import RecurrentNN

/// Two predictors on one text: which predicts it in fewer bits, how sure that is, and where each is better.
///
/// Only what both have predicted counts: not the first token, which nothing predicts, nor what one of them does not know.
public struct TextComparison: Sendable {
  /// A part of the text and what both make of it.
  public struct Sums: Hashable, Sendable {
    /// Its bytes.
    public internal(set) var byteCount = 0
    /// What the first predictor takes, in bits.
    public internal(set) var firstBits = 0.0
    /// What the second predictor takes, in bits.
    public internal(set) var secondBits = 0.0

    /// How many bits more the first takes.
    public var difference: Double { firstBits - secondBits }

    mutating func add(_ first: Float, _ second: Float, byteCount count: Int) {
      byteCount += count
      firstBits += Double(first)
      secondBits += Double(second)
    }
  }

  /// A part of the text by what it is.
  public struct Group: Hashable, Sendable {
    /// Its name, such as "Greek" or "capital letters".
    public let name: String
    /// What both make of it.
    public let sums: Sums
  }

  /// A line.
  public struct Line: Hashable, Sendable {
    /// Its number, from 1.
    public let number: Int
    /// Its bytes, with the end of the line.
    public let range: Range<Int>
    /// What both make of it.
    public let sums: Sums
  }

  /// The text, as both read it.
  public let utf8: [UInt8]
  /// All that counts.
  public let whole: Sums
  /// Lines that have something that counts.
  public let lines: [Line]
  /// By the script of the character, the largest part first; those that belong to no script by themselves.
  public let scripts: [Group]
  /// By the kind of character.
  public let kinds: [Group]
  /// By the place in the line.
  public let columns: [Group]
  private let first: ByteScores
  private let second: ByteScores

  /// Compares what two predictors made of a text.
  /// - Returns: nil where they read different texts, because their normalizations differ, or where nothing counts.
  public init?(_ first: ByteScores, _ second: ByteScores) {
    guard first.utf8 == second.utf8 else { return nil }
    (self.first, self.second, utf8) = (first, second, first.utf8)
    var walk = ComparisonWalk()
    var offset = 0
    while offset < utf8.count {
      let (value, length) = TextComparison.scalar(utf8, at: offset)
      walk.add(value, offset..<offset + length, first, second)
      offset += length
    }
    walk.addEnd(first.endBits, second.endBits, at: utf8.count)
    guard walk.whole.byteCount > 0 else { return nil }
    (whole, lines) = (walk.whole, walk.lines)
    scripts = walk.scripts.map { Group(name: $0.key, sums: $0.value) }.sorted { $0.sums.byteCount > $1.sums.byteCount }
    kinds = CharacterKind.allCases.compactMap { kind in walk.kinds[kind].map { Group(name: kind.rawValue, sums: $0) } }
    columns = walk.columns.sorted { $0.key < $1.key }.map {
      Group(name: TextComparison.columnName($0.key), sums: $0.value)
    }
  }

  /// How many bits a byte the first takes more than the second.
  public var difference: Double { whole.difference / Double(whole.byteCount) }

  /// How many bits more the first predictor takes for some bytes; nil where nothing of them counts.
  public func difference(in range: Range<Int>) -> Float? {
    var sum: Float?
    for offset in range where first.isPredicted[offset] && second.isPredicted[offset] {
      sum = (sum ?? 0) + first.bits[offset] - second.bits[offset]
    }
    return sum
  }

  /// A scalar and its length; a byte that begins none is U+FFFD.
  private static func scalar(_ utf8: [UInt8], at offset: Int) -> (Unicode.Scalar, Int) {
    let lead = utf8[offset]
    let length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard offset + length <= utf8.count,
      let text = String(validating: utf8[offset..<offset + length], as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else { return ("\u{FFFD}", 1) }
    return (scalar, length)
  }

  /// Columns 1, 2 and 3, 4 to 7, and so on, by the logarithm.
  fileprivate static func columnClass(_ column: Int) -> Int { Int.bitWidth - 1 - max(column, 1).leadingZeroBitCount }

  private static func columnName(_ number: Int) -> String {
    number == 0 ? "column 1" : "columns \(1 << number) to \((1 << (number + 1)) - 1)"
  }
}

/// What kind of character a scalar is.
enum CharacterKind: String, CaseIterable {
  case lowercase = "small letters"
  case uppercase = "capital letters"
  case letter = "other letters"
  case digit = "digits"
  case space = "spaces"
  case lineEnd = "line ends"
  case punctuation = "punctuation"
  case other = "other characters"
  case documentEnd = "ends of documents"

  init(_ scalar: Unicode.Scalar) {
    let properties = scalar.properties
    if scalar == "\n" || scalar == "\r" {
      self = .lineEnd
    } else if properties.isWhitespace {
      self = .space
    } else if properties.isUppercase {
      self = .uppercase
    } else if properties.isLowercase {
      self = .lowercase
    } else if properties.isAlphabetic {
      self = .letter
    } else if properties.numericType != nil {
      self = .digit
    } else {
      switch properties.generalCategory {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
        .finalPunctuation, .otherPunctuation:
        self = .punctuation
      default: self = .other
      }
    }
  }
}

/// Sums over a text, scalar by scalar.
private struct ComparisonWalk {
  var whole = TextComparison.Sums()
  var lines: [TextComparison.Line] = []
  var scripts: [String: TextComparison.Sums] = [:]
  var kinds: [CharacterKind: TextComparison.Sums] = [:]
  var columns: [Int: TextComparison.Sums] = [:]
  private var line = TextComparison.Sums()
  private var lineNumber = 1
  private var lineStart = 0
  private var column = 1
  /// Scalars and their scripts, which ICU is asked for once.
  private var knownScripts: [Unicode.Scalar: String] = [:]

  mutating func add(_ scalar: Unicode.Scalar, _ range: Range<Int>, _ first: ByteScores, _ second: ByteScores) {
    var (byteCount, firstBits, secondBits) = (0, Float(0), Float(0))
    for offset in range where first.isPredicted[offset] && second.isPredicted[offset] {
      byteCount += 1
      firstBits += first.bits[offset]
      secondBits += second.bits[offset]
    }
    if byteCount > 0 {
      whole.add(firstBits, secondBits, byteCount: byteCount)
      line.add(firstBits, secondBits, byteCount: byteCount)
      scripts[script(of: scalar), default: .init()].add(firstBits, secondBits, byteCount: byteCount)
      kinds[CharacterKind(scalar), default: .init()].add(firstBits, secondBits, byteCount: byteCount)
      columns[TextComparison.columnClass(column), default: .init()].add(firstBits, secondBits, byteCount: byteCount)
    }
    column += 1
    if scalar == "\n" { endLine(at: range.upperBound) }
  }

  /// The ends of documents after the last byte.
  mutating func addEnd(_ first: Float, _ second: Float, at offset: Int) {
    if first != 0 || second != 0 {
      whole.add(first, second, byteCount: 0)
      line.add(first, second, byteCount: 0)
      kinds[.documentEnd, default: .init()].add(first, second, byteCount: 0)
    }
    endLine(at: offset)
  }

  private mutating func endLine(at offset: Int) {
    if line.byteCount > 0 {
      lines.append(TextComparison.Line(number: lineNumber, range: lineStart..<offset, sums: line))
    }
    (line, lineStart, column) = (.init(), offset, 1)
    lineNumber += 1
  }

  private mutating func script(of scalar: Unicode.Scalar) -> String {
    if let known = knownScripts[scalar] { return known }
    let script = UnicodeProperties.script(of: scalar)
    knownScripts[scalar] = script
    return script
  }
}
