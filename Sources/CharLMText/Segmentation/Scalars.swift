// Scalars, runs of ASCII apart: there each byte is a token.

extension Segmenter {
  /// Calls `singles` with each run of bytes that are a scalar each, and `body` with every other scalar, in order.
  @inline(__always)
  static func forEachScalar<E: Error>(
    in utf8: Span<UInt8>, singles: (Range<Int>) throws(E) -> Void, _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) {
    var start = 0
    while start < utf8.count {
      let end: Int
      if utf8[start] < 0x80 {
        end = UTF8Validation.endOfASCII(in: utf8, from: start)
        try singles(start..<end)
      } else {
        end = start + UTF8Scalars.scalar(in: utf8, at: start).count
        try body(start..<end)
      }
      start = end
    }
  }
}
