import CICU
// Words: ICU's word breaks (UAX #29, root locale), found in pieces that begin and end at sure breaks.
//
// Unlike graphemes, words cannot be searched for from any break on: a dictionary weighs the whole of a run of Thai or
// Chinese. So a piece ends only where no rule and no dictionary looks across.

extension Segmenter {
  /// Calls `body` with each word and each piece between words.
  ///
  /// - Parameter pieceSize: The bytes after which ICU's search starts again at the next sure break.
  static func forEachWord<E: Error>(
    in utf8: Span<UInt8>, pieceSize: Int = 1 << 15, _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) {
    guard utf8.count > 0 else { return }
    let breaker = TextBreaker.borrow(for: CICU_WORDS)
    defer { breaker.giveBack() }
    var start = 0
    while start < utf8.count {
      let stop = sureWordBreak(atOrAfter: min(start + pieceSize, utf8.count), in: utf8)
      while start < stop {
        let base = start
        for index in 0..<breaker.findAllEnds(in: utf8, range: base..<stop) {
          let end = base + Int(breaker.ends[index])
          try body(start..<end)
          start = end
        }
      }
    }
  }

  /// The first word boundary at or after `offset`, which lies within the text.
  static func wordBoundary(atOrAfter offset: Int, in utf8: Span<UInt8>) -> Int {
    var start = offset
    while start > 0, !isSureWordBreak(start, in: utf8) { start -= 1 }
    let stop = sureWordBreak(atOrAfter: offset, in: utf8)
    let breaker = TextBreaker.borrow(for: CICU_WORDS)
    defer { breaker.giveBack() }
    while start < offset {
      let base = start
      for index in 0..<breaker.findAllEnds(in: utf8, range: base..<stop) {
        start = base + Int(breaker.ends[index])
        if start >= offset { return start }
      }
    }
    return offset
  }

  /// The first sure word break at or after `offset`; the text's end is one.
  static func sureWordBreak(atOrAfter offset: Int, in utf8: Span<UInt8>) -> Int {
    var offset = offset
    while offset < utf8.count, !isSureWordBreak(offset, in: utf8) { offset += 1 }
    return offset
  }

  /// Whether there is a word break at `offset`, as the bytes around it alone show: after a line feed (WB3a); between a
  /// space and a letter or digit of ASCII (WB999); between an ideographic comma or stop and Han or kana, which is where
  /// text without spaces has its pauses.
  static func isSureWordBreak(_ offset: Int, in utf8: Span<UInt8>) -> Bool {
    guard offset > 0, offset < utf8.count else { return true }
    switch utf8[offset - 1] {
    case UInt8(ascii: "\n"): return true
    case UInt8(ascii: " "):
      let next = utf8[offset] | 0x20
      return UInt8(ascii: "a")...UInt8(ascii: "z") ~= next || UInt8(ascii: "0")...UInt8(ascii: "9") ~= utf8[offset]
    case 0x81, 0x82:
      // U+3001 and U+3002 are E3 80 81 and E3 80 82; U+3099 and U+309A are marks that join what is before them.
      guard offset >= 3, utf8[offset - 2] == 0x80, utf8[offset - 3] == 0xE3 else { return false }
      let next = UTF8Scalars.scalar(in: utf8, at: offset).value
      return 0x3041...0x9FFF ~= next && next != 0x3099 && next != 0x309A
    default: return false
    }
  }
}
