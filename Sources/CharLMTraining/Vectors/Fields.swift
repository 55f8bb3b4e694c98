/// A line as fields between spaces and tabs, to be taken from its end; spaces at the line's own ends count for nothing.
struct Fields: Equatable {
  /// What is left of the line.
  private(set) var range: Range<Int>

  init(_ range: Range<Int>, in utf8: Span<UInt8>) {
    var start = range.lowerBound
    while start < range.upperBound, Fields.isSeparator(utf8[start]) { start += 1 }
    self.range = start..<range.upperBound
    trimEnd(in: utf8)
  }

  var isEmpty: Bool { range.isEmpty }

  /// Takes the last field off, and what parts it from the one before; nil where there is none.
  mutating func removeLast(in utf8: Span<UInt8>) -> Range<Int>? {
    guard !isEmpty else { return nil }
    var start = range.upperBound
    while start > range.lowerBound, !Fields.isSeparator(utf8[start - 1]) { start -= 1 }
    let field = start..<range.upperBound
    range = range.lowerBound..<start
    trimEnd(in: utf8)
    return field
  }

  /// How many fields there are.
  func count(in utf8: Span<UInt8>) -> Int {
    var (rest, count) = (self, 0)
    while rest.removeLast(in: utf8) != nil { count += 1 }
    return count
  }

  /// How many numbers stand at the end; the first field is not counted, for it is a token whatever it looks like.
  func trailingNumberCount(in utf8: Span<UInt8>) -> Int {
    var (rest, count) = (self, 0)
    while let field = rest.removeLast(in: utf8), !rest.isEmpty, Decimal.value(utf8, field) != nil { count += 1 }
    return count
  }

  /// Whether every field is a number.
  func areNumbers(in utf8: Span<UInt8>) -> Bool {
    var rest = self
    while let field = rest.removeLast(in: utf8) {
      if Decimal.value(utf8, field) == nil { return false }
    }
    return true
  }

  /// The numbers of a line `count size`, or nil.
  func header(in utf8: Span<UInt8>) -> (count: Int, size: Int)? {
    var rest = self
    guard let second = rest.removeLast(in: utf8), let first = rest.removeLast(in: utf8), rest.isEmpty,
      let count = Decimal.wholeNumber(utf8, first), let size = Decimal.wholeNumber(utf8, second), size > 0,
      size <= 1 << 20
    else { return nil }
    return (count, size)
  }

  private mutating func trimEnd(in utf8: Span<UInt8>) {
    var end = range.upperBound
    while end > range.lowerBound, Fields.isSeparator(utf8[end - 1]) { end -= 1 }
    range = range.lowerBound..<end
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}

/// Numbers as C and Python write them.
enum Decimal {
  /// A whole number without a sign, of at most 12 digits.
  static func wholeNumber(_ utf8: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty, range.count <= 12 else { return nil }
    var value = 0
    for offset in range {
      guard let digit = digit(utf8[offset]) else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  /// A finite number: sign, digits with or without a point, exponent. Rounded as numpy does, to a Double and then to a
  /// Float.
  static func value(_ utf8: Span<UInt8>, _ range: Range<Int>) -> Float? {
    var offset = range.lowerBound
    let isNegative = offset < range.upperBound && utf8[offset] == UInt8(ascii: "-")
    if isNegative || (offset < range.upperBound && utf8[offset] == UInt8(ascii: "+")) { offset += 1 }
    var (mantissa, digitCount, scale, hasPoint) = (UInt64(0), 0, 0, false)
    while offset < range.upperBound {
      if let digit = digit(utf8[offset]) {
        if digitCount < 19 { mantissa = mantissa * 10 + digit }
        digitCount += 1
        if hasPoint { scale -= 1 }
      } else if utf8[offset] == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      offset += 1
    }
    guard digitCount > 0 else { return nil }
    if offset < range.upperBound {
      guard let exponent = exponent(utf8, offset..<range.upperBound) else { return nil }
      scale += exponent
    }
    // Exact: both the digits and the power of ten are Doubles, and there is one rounding (Clinger 1990).
    if digitCount <= 19, mantissa < 1 << 53, (-22...22).contains(scale) {
      let power = powers[abs(scale)]
      let magnitude = scale < 0 ? Double(mantissa) / power : Double(mantissa) * power
      return finite(isNegative ? -magnitude : magnitude)
    }
    return Double(String(decoding: range.map { utf8[$0] }, as: UTF8.self)).flatMap(finite)
  }

  /// From the `e` on.
  private static func exponent(_ utf8: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard utf8[range.lowerBound] | 0x20 == UInt8(ascii: "e") else { return nil }
    var start = range.lowerBound + 1
    let isNegative = start < range.upperBound && utf8[start] == UInt8(ascii: "-")
    if isNegative || (start < range.upperBound && utf8[start] == UInt8(ascii: "+")) { start += 1 }
    return wholeNumber(utf8, start..<range.upperBound).map { isNegative ? -$0 : $0 }
  }

  private static func finite(_ value: Double) -> Float? {
    let float = Float(value)
    return float.isFinite ? float : nil
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    let digit = byte &- UInt8(ascii: "0")
    return digit < 10 ? UInt64(digit) : nil
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
