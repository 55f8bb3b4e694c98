/// Strict UTF-8, by the table of the Unicode Standard (3.9, Table 3-7, "Well-Formed UTF-8 Byte Sequences").
package enum UTF8Validation {
  /// The offset of the first byte from `start`, a scalar's boundary, that is not well-formed, or `nil` where all are.
  static func firstError(in utf8: Span<UInt8>, from start: Int = 0) -> Int? {
    var offset = start
    let count = utf8.count
    while offset < count {
      if utf8[offset] < 0x80 {
        offset = endOfASCII(in: utf8, from: offset)
      } else {
        let length = sequenceLength(in: utf8, at: offset)
        if length == 0 { return offset }
        offset += length
      }
    }
    return nil
  }

  /// The first offset from `start` that is not ASCII; 32 bytes at a time.
  @inline(__always)
  static func endOfASCII(in utf8: Span<UInt8>, from start: Int) -> Int {
    var offset = start
    // Safe: bytes have no padding.
    let bytes = unsafe utf8.bytes
    while offset + 32 <= utf8.count {
      // Safe: 32 bytes from `offset` on are in the text, by the line above.
      let block = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD4<UInt64>.self)
      if (block[0] | block[1] | block[2] | block[3]) & topBits != 0 { break }
      offset += 32
    }
    while offset + 8 <= utf8.count {
      // Safe: eight bytes from `offset` on are in the text, by the line above.
      let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      if word & topBits != 0 { return offset + (word & topBits).littleEndian.trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < utf8.count, utf8[offset] < 0x80 { offset += 1 }
    return offset
  }

  private static let topBits: UInt64 = 0x8080_8080_8080_8080

  /// The length of the well-formed sequence at `offset`, 1 to 4; 0 where there is none.
  @inline(__always)
  package static func sequenceLength(in utf8: Span<UInt8>, at offset: Int) -> Int {
    let lead = utf8[offset]
    if lead < 0x80 { return 1 }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard lead >= 0xC2, lead <= 0xF4, offset + length <= utf8.count else { return 0 }
    let second = utf8[offset + 1]
    let lowest: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
    let highest: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
    guard second >= lowest, second <= highest else { return 0 }
    if length >= 3, utf8[offset + 2] & 0xC0 != 0x80 { return 0 }
    if length == 4, utf8[offset + 3] & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// The ill-formed bytes that stand together from `offset` on, at most four.
  static func illFormedRun(in utf8: [UInt8], at offset: Int) -> [UInt8] {
    var end = offset
    while end < utf8.count, end < offset + 4, sequenceLength(in: utf8.span, at: end) == 0 { end += 1 }
    return Array(utf8[offset..<end])
  }

  /// Whether bytes are a scalar's beginning, but not the whole: some last bytes complete it.
  static func mayBecomeScalar(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count < 4, let lead = bytes.first, lead >= 0xC2, lead <= 0xF4 else { return false }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard bytes.count < length else { return false }
    // The second byte decides the rest: 0x80 or 0xBF is well-formed after any lead, unless it is given.
    let fill = [UInt8](repeating: 0x80, count: length - bytes.count)
    let candidates = bytes.count > 1 ? [fill] : [fill, fill.map { _ in 0xBF }]
    return candidates.contains { rest in
      let whole = Array(bytes + rest)
      return sequenceLength(in: whole.span, at: 0) == length
    }
  }
}
