/// Whole numbers in a format's bytes, the lowest byte first.
struct BytesWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append<Number: FixedWidthInteger>(number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  mutating func append(variable number: Int) {
    var rest = UInt(bitPattern: number)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// At most 255 bytes, of whole characters, with their number before them.
  mutating func append(short text: String) {
    var utf8 = Array(text.utf8.prefix(255))
    while String(validating: utf8, as: UTF8.self) == nil { utf8.removeLast() }
    bytes.append(UInt8(utf8.count))
    bytes += utf8
  }
}

/// Reads what a `BytesWriter` wrote; nil where there is too little.
struct BytesReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }
  var count: Int { rest.count }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    guard let bytes = take(Number.bitWidth / 8) else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  /// At most 2^32.
  mutating func variable() -> Int? {
    var number = 0
    for shift in stride(from: 0, through: 28, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      number |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  mutating func short() -> String? {
    guard let count = number(UInt8.self), let bytes = take(Int(count)) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
