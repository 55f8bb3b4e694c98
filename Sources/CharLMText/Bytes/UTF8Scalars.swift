/// Reading scalars from UTF-8 that is known to be valid, or nearly.
///
/// An ill-formed byte reads as U+FFFD of one byte, so that every walk covers everything and ends; overlong forms and
/// surrogates are not looked for.
enum UTF8Scalars {
  /// The scalar at `offset`, which must be in the text, and its length in bytes.
  @inline(__always)
  static func scalar(in utf8: Span<UInt8>, at offset: Int) -> (value: UInt32, count: Int) {
    let lead = UInt32(utf8[offset])
    if lead < 0x80 { return (lead, 1) }
    let remaining = utf8.count - offset
    if lead >= 0xE0, lead < 0xF0, remaining >= 3 {
      let second = UInt32(utf8[offset + 1]) ^ 0x80
      let third = UInt32(utf8[offset + 2]) ^ 0x80
      if second | third < 0x40 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
    } else if lead >= 0xC2, lead < 0xE0, remaining >= 2 {
      let second = UInt32(utf8[offset + 1]) ^ 0x80
      if second < 0x40 { return ((lead & 0x1F) << 6 | second, 2) }
    } else if lead >= 0xF0, lead < 0xF5, remaining >= 4 {
      let second = UInt32(utf8[offset + 1]) ^ 0x80
      let third = UInt32(utf8[offset + 2]) ^ 0x80
      let fourth = UInt32(utf8[offset + 3]) ^ 0x80
      if second | third | fourth < 0x40 {
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | fourth, 4)
      }
    }
    return (0xFFFD, 1)
  }

  /// Where the scalar that ends at `offset` begins; `offset` must be a scalar's boundary above 0.
  static func start(in utf8: Span<UInt8>, before offset: Int) -> Int {
    var start = offset - 1
    while start > 0, offset - start < 4, utf8[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(in: utf8, at: start).count == offset - start ? start : offset - 1
  }

  /// How many scalars valid UTF-8 holds.
  static func count(in utf8: Span<UInt8>) -> Int {
    var count = 0
    // Without a check for overflow, which cannot be, the loop takes many bytes at once.
    for offset in utf8.indices { count &+= utf8[offset] & 0xC0 == 0x80 ? 0 : 1 }
    return count
  }
}

/// The scalars of valid UTF-8, or `nil`.
func scalars(of utf8: [UInt8]) -> [Unicode.Scalar]? {
  String(validating: utf8, as: UTF8.self).map { Array($0.unicodeScalars) }
}
