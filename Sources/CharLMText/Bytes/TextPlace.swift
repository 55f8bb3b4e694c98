/// A place in a text: the line and, in scalars, the column, both from 1.
struct TextPlace: Hashable {
  var line = 1
  var column = 1

  /// The place behind UTF-8 that begins here.
  func advanced(over utf8: Span<UInt8>) -> TextPlace {
    let lineCount = Self.lineFeedCount(in: utf8)
    var lineStart = utf8.count
    if lineCount > 0 {
      while utf8[lineStart - 1] != 0x0A { lineStart -= 1 }
    } else {
      lineStart = 0
    }
    let scalarCount = UTF8Scalars.count(in: utf8.extracting(lineStart..<utf8.count))
    return TextPlace(line: line + lineCount, column: (lineCount > 0 ? 1 : column) + scalarCount)
  }

  /// The number of line feeds; eight bytes at a time.
  private static func lineFeedCount(in utf8: Span<UInt8>) -> Int {
    // Safe: bytes have no padding.
    let bytes = unsafe utf8.bytes
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var count = 0
    var offset = 0
    while offset + 8 <= utf8.count {
      // Each byte of `sums` counts up to 255.
      let end = offset + min(255, (utf8.count - offset) / 8) * 8
      var sums: UInt64 = 0
      while offset < end {
        // Safe: eight bytes from `offset` on are in the text, as `end` is.
        let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        let apart = word ^ 0x0A0A_0A0A_0A0A_0A0A
        // The top bit of each byte that is 0 (Hacker's Delight, 6-1), without borrows.
        sums &+= ~((apart & low &+ low) | apart | low) >> 7
        offset += 8
      }
      for byte in 0..<8 { count += Int(sums >> (8 * byte) & 0xFF) }
    }
    while offset < utf8.count {
      if utf8[offset] == 0x0A { count += 1 }
      offset += 1
    }
    return count
  }
}
