/// The text of a file: valid UTF-8 without a byte-order mark.
public struct DecodedText: Sendable {
  /// The text: valid UTF-8, without the byte-order mark.
  public let utf8: [UInt8]
  /// Whether the file began with a byte-order mark, which was dropped.
  public let hadByteOrderMark: Bool

  /// Decodes a file's bytes strictly as UTF-8: no overlong forms, no surrogates, nothing cut short.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - source: What the bytes are, for messages: a path, "the seed text".
  ///   - allowsEmpty: Whether a file without text (or of a byte-order mark alone) will do.
  /// - Throws: `TextError.invalidUTF8`, `TextError.emptyText`.
  /// - Complexity: O(bytes); the bytes are not copied unless there is a byte-order mark.
  public init(decoding bytes: [UInt8], source: String, allowsEmpty: Bool = true) throws(TextError) {
    if let offset = UTF8Validation.firstError(in: bytes.span) {
      throw UTF8Validation.error(at: offset, in: bytes, source: source)
    }
    hadByteOrderMark = bytes.starts(with: Self.mark)
    utf8 = hadByteOrderMark ? Array(bytes[Self.mark.count...]) : bytes
    if utf8.isEmpty, !allowsEmpty { throw .emptyText(source: source) }
  }

  /// The byte-order mark U+FEFF.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// Strict UTF-8, by the table of the Unicode Standard (3.9, Table 3-7, "Well-Formed UTF-8 Byte Sequences").
enum UTF8Validation {
  /// The offset of the first byte that is not well-formed, or `nil` where all are.
  static func firstError(in utf8: Span<UInt8>) -> Int? {
    var offset = 0
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

  /// The first offset from `start` that is not ASCII; eight bytes at a time.
  @inline(__always)
  static func endOfASCII(in utf8: Span<UInt8>, from start: Int) -> Int {
    var offset = start
    let count = utf8.count
    while offset + 8 <= count {
      var any: UInt8 = 0
      for step in 0..<8 { any |= utf8[offset + step] }
      if any >= 0x80 { break }
      offset += 8
    }
    while offset < count, utf8[offset] < 0x80 { offset += 1 }
    return offset
  }

  /// The length of the well-formed sequence at `offset`, 1 to 4; 0 where there is none.
  @inline(__always)
  static func sequenceLength(in utf8: Span<UInt8>, at offset: Int) -> Int {
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

  /// The error for the ill-formed byte at `offset`: its line and column, and the ill-formed bytes that stand together.
  static func error(at offset: Int, in bytes: [UInt8], source: String) -> TextError {
    let before = bytes[..<offset]
    let line = before.count { $0 == 0x0A } + 1
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    // The bytes before are well-formed, so that each scalar has one byte that is no continuation.
    let scalars = before[lineStart...].count { $0 & 0xC0 != 0x80 }
    let column = scalars + (line == 1 && before.starts(with: DecodedText.mark) ? 0 : 1)
    var end = offset
    while end < bytes.count, end < offset + 4, sequenceLength(in: bytes.span, at: end) == 0 { end += 1 }
    return .invalidUTF8(source: source, offset: offset, line: line, column: column, bytes: Array(bytes[offset..<end]))
  }
}
