/// A value of the JSON that a safetensors header may hold: no fractions, no true, false or null.
enum HeaderValue: Equatable, Sendable {
  /// Members in the text's order; names are distinct.
  case object([Member])
  case array([HeaderValue])
  /// The text, and where its bytes lie in the parsed bytes, between the quotes.
  case string(String, bytes: Range<Int>)
  case integer(Int)

  struct Member: Equatable, Sendable {
    var name: String
    var value: HeaderValue
  }
}

/// A strict JSON reader for headers.
///
/// Foundation's decoders do not serve here: they let a name occur twice and do not say where a value's bytes are.
/// RFC 8259, less what headers never hold; a name that occurs twice, deep nesting and too many members are refused.
struct HeaderParser {
  /// A header needs three: the whole, a tensor, its shape.
  static let depthLimit = 8
  /// Tensors of a file, or entries of its metadata: what a member takes in memory is many times its text.
  static let memberLimit = 100_000
  /// Dimensions of a shape.
  static let elementLimit = 64
  /// Values in all: 20 for each of 100,000 tensors.
  static let valueLimit = 2_000_000
  /// Bytes of a name; see `JSONLimits`.
  static let nameLimit = JSONLimits.nameLimit

  private let bytes: [UInt8]
  private let start: Int
  private let end: Int
  private var position: Int
  private var valueCount = 0

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    (self.bytes, start, end, position) = (bytes, range.lowerBound, range.upperBound, range.lowerBound)
  }

  /// The value that `range` of `bytes` holds, with nothing but white space around it. O(n); recursion is capped.
  static func parse(_ bytes: [UInt8], in range: Range<Int>) throws(SafetensorsFlaw) -> HeaderValue {
    var parser = HeaderParser(bytes, range)
    let value = try parser.value(depth: 0)
    if let byte = parser.nextAfterSpace() { throw parser.flaw(.unexpectedByte(byte)) }
    return value
  }

  private mutating func value(depth: Int) throws(SafetensorsFlaw) -> HeaderValue {
    guard let byte = nextAfterSpace() else { throw flaw(.unexpectedEnd) }
    valueCount += 1
    guard valueCount <= Self.valueLimit else { throw flaw(.tooMany(limit: Self.valueLimit)) }
    switch byte {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""):
      let (text, range) = try string()
      return .string(text, bytes: range)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    default: throw flaw(.unexpectedByte(byte))
    }
  }

  private mutating func object(depth: Int) throws(SafetensorsFlaw) -> [HeaderValue.Member] {
    try enter(depth)
    var members: [HeaderValue.Member] = []
    var names: Set<String> = []
    if skip("}") { return members }
    repeat {
      guard nextAfterSpace() == UInt8(ascii: "\"") else { throw unexpected() }
      let first = position + 1
      let (name, range) = try string()
      guard range.count <= Self.nameLimit else { throw flaw(.nameTooLong(limit: Self.nameLimit), at: first) }
      guard names.insert(name).inserted else { throw .duplicateName(name) }
      guard skip(":") else { throw unexpected() }
      guard members.count < Self.memberLimit else { throw flaw(.tooMany(limit: Self.memberLimit)) }
      members.append(.init(name: name, value: try value(depth: depth)))
    } while skip(",")
    guard skip("}") else { throw unexpected() }
    return members
  }

  private mutating func array(depth: Int) throws(SafetensorsFlaw) -> [HeaderValue] {
    try enter(depth)
    var elements: [HeaderValue] = []
    if skip("]") { return elements }
    repeat {
      guard elements.count < Self.elementLimit else { throw flaw(.tooMany(limit: Self.elementLimit)) }
      elements.append(try value(depth: depth))
    } while skip(",")
    guard skip("]") else { throw unexpected() }
    return elements
  }

  /// Steps over the opening bracket.
  private mutating func enter(_ depth: Int) throws(SafetensorsFlaw) {
    guard depth <= Self.depthLimit else { throw flaw(.tooDeep(limit: Self.depthLimit)) }
    position += 1
  }

  private mutating func integer() throws(SafetensorsFlaw) -> Int {
    let first = position
    let negative = bytes[position] == UInt8(ascii: "-")
    if negative { position += 1 }
    let digits = position
    var value = 0
    while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      let digit = Int(byte - UInt8(ascii: "0"))
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
      guard !overflow, !second else { throw flaw(.integerTooLarge, at: first) }
      value = sum
      position += 1
    }
    guard position > digits else { throw unexpected() }
    // No zero before other digits, and none below zero.
    guard bytes[digits] != UInt8(ascii: "0") || (position == digits + 1 && !negative) else {
      throw flaw(.unexpectedByte(UInt8(ascii: "0")), at: digits)
    }
    if let byte = next, ".eE".utf8.contains(byte) { throw flaw(.notInteger, at: first) }
    return value
  }

  private mutating func string() throws(SafetensorsFlaw) -> (text: String, bytes: Range<Int>) {
    position += 1
    let first = position
    var plain: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: plain, as: UTF8.self) else { throw flaw(.invalidUTF8, at: first) }
        position += 1
        return (text, first..<position - 1)
      case UInt8(ascii: "\\"): plain.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw flaw(.controlCharacter(byte))
      default:
        plain.append(byte)
        position += 1
      }
    }
    throw flaw(.unexpectedEnd)
  }

  private mutating func escape() throws(SafetensorsFlaw) -> UnicodeScalar {
    position += 1
    guard let letter = next else { throw flaw(.unexpectedEnd) }
    let plain: UnicodeScalar? =
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): UnicodeScalar(letter)
      case UInt8(ascii: "b"): "\u{8}"
      case UInt8(ascii: "f"): "\u{C}"
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "t"): "\t"
      default: nil
      }
    if let plain {
      position += 1
      return plain
    }
    guard letter == UInt8(ascii: "u") else { throw flaw(.badEscape) }
    return try unicodeEscape()
  }

  /// From the `u` on: one scalar, of one or two escapes.
  private mutating func unicodeEscape() throws(SafetensorsFlaw) -> UnicodeScalar {
    let first = position
    let high = try codeUnit()
    if let scalar = UnicodeScalar(high) { return scalar }
    guard UTF16.isLeadSurrogate(high), next == UInt8(ascii: "\\"), position + 1 < end,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw flaw(.unpairedSurrogate, at: first) }
    position += 1
    let low = try codeUnit()
    guard UTF16.isTrailSurrogate(low),
      let scalar = UnicodeScalar(0x10000 + (UInt32(high) - 0xD800) << 10 + UInt32(low) - 0xDC00)
    else { throw flaw(.unpairedSurrogate, at: first) }
    return scalar
  }

  /// The four digits after the `u` at the position.
  private mutating func codeUnit() throws(SafetensorsFlaw) -> UInt16 {
    position += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw flaw(.unexpectedEnd) }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { throw flaw(.badEscape) }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private var next: UInt8? { position < end ? bytes[position] : nil }

  private mutating func nextAfterSpace() -> UInt8? {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    return next
  }

  /// Steps over white space and, if it follows, `mark`.
  private mutating func skip(_ mark: UnicodeScalar) -> Bool {
    guard nextAfterSpace() == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private func unexpected() -> SafetensorsFlaw {
    flaw(next.map { .unexpectedByte($0) } ?? .unexpectedEnd)
  }

  private func flaw(_ flaw: JSONFlaw, at place: Int? = nil) -> SafetensorsFlaw {
    .json(flaw, offset: (place ?? position) - start)
  }
}
