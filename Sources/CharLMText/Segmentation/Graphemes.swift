import CICU
// Graphemes. Three ways, from fast to slow: runs of ASCII without CR, in which each byte is one; where the classes of
// scalars decide, by the table; where they do not (conjuncts, joined emoji, flags, jamo), by ICU.

extension Segmenter {
  /// Calls `singles` with each run of bytes that are a grapheme each, and `body` with every other grapheme, in order.
  @inline(__always)
  static func forEachGrapheme<E: Error>(
    in utf8: Span<UInt8>, singles: (Range<Int>) throws(E) -> Void, _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) {
    let classes = GraphemeClasses.shared
    var breaker: TextBreaker?
    defer { breaker?.giveBack() }
    var start = 0
    while start < utf8.count {
      let end = endOfSingles(in: utf8, from: start)
      // The last may go on with what follows.
      let sure = end == utf8.count ? end : end - 1
      if sure > start {
        try singles(start..<sure)
        start = sure
        if start == utf8.count { return }
      }
      let cluster = cluster(in: utf8, from: start, classes)
      if cluster.isSure {
        try body(start..<cluster.end)
      } else {
        try forEachGrapheme(in: utf8, run: start..<cluster.end, &breaker, body)
      }
      start = cluster.end
    }
  }

  /// The end of the grapheme at `start`, or, where the classes do not decide it, of a run of graphemes.
  @inline(__always)
  private static func cluster(
    in utf8: Span<UInt8>, from start: Int, _ classes: GraphemeClasses
  ) -> (end: Int, isSure: Bool) {
    var (end, left) = reading(utf8, at: start, classes)
    if GraphemeClasses.isJoiner(left) { return (endOfRun(in: utf8, from: end, left: left, classes), false) }
    while end < utf8.count {
      let (next, right) = reading(utf8, at: end, classes)
      if GraphemeClasses.surelyBreaks(left, right) || GraphemeClasses.endsMarks(left, right) { break }
      guard GraphemeClasses.surelyJoins(left, right) else {
        if utf8[start] == 0x0D { return (utf8[end] == 0x0A ? next : end, true) }
        return (endOfRun(in: utf8, from: next, left: right, classes), false)
      }
      (end, left) = (next, right)
    }
    return (end, true)
  }

  /// Walks the graphemes of a run, which begins and ends at breaks, by ICU; `breaker` is borrowed where it is `nil`.
  @inline(__always)
  private static func forEachGrapheme<E: Error>(
    in utf8: Span<UInt8>, run: Range<Int>, _ breaker: inout TextBreaker?, _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) {
    let used = breaker ?? TextBreaker.borrow(for: CICU_GRAPHEMES)
    breaker = used
    var start = run.lowerBound
    while start < run.upperBound {
      let base = start
      for index in 0..<used.findEnds(in: utf8, range: base..<run.upperBound) {
        let end = base + Int(used.ends[index])
        try body(start..<end)
        start = end
      }
    }
  }

  /// The end and the class of the scalar at `offset`.
  @inline(__always)
  private static func reading(
    _ utf8: Span<UInt8>, at offset: Int, _ classes: GraphemeClasses
  ) -> (end: Int, bits: UInt8) {
    let scalar = UTF8Scalars.scalar(in: utf8, at: offset)
    return (offset + scalar.count, classes.bits(of: scalar.value))
  }

  /// The first sure break at or after `offset`, where a scalar of class `left` ends.
  @inline(never)
  private static func endOfRun(
    in utf8: Span<UInt8>, from offset: Int, left: UInt8, _ classes: GraphemeClasses
  ) -> Int {
    var (end, left) = (offset, left)
    // What is before `left` is not known here.
    var hasJoiner = GraphemeClasses.joins(left)
    while end < utf8.count {
      let (next, right) = reading(utf8, at: end, classes)
      if GraphemeClasses.surelyBreaks(left, right) { break }
      if !hasJoiner, GraphemeClasses.endsMarks(left, right) { break }
      hasJoiner = GraphemeClasses.joins(right) && (hasJoiner || GraphemeClasses.isJoiner(right))
      (end, left) = (next, right)
    }
    return end
  }

  /// The first offset from `start` that is not ASCII, or CR.
  @inline(__always)
  private static func endOfSingles(in utf8: Span<UInt8>, from start: Int) -> Int {
    var offset = start
    // Safe: bytes have no padding.
    let bytes = unsafe utf8.bytes
    while offset + 8 <= utf8.count {
      // Safe: eight bytes from `offset` on are in the text, by the line above.
      let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      // A byte of `apart` is 0 where it is CR; subtracting 1 then borrows into the top bit (Hacker's Delight, 6-1).
      let apart = word ^ 0x0D0D_0D0D_0D0D_0D0D
      let stops = (word | ((apart &- 0x0101_0101_0101_0101) & ~apart)) & 0x8080_8080_8080_8080
      if stops != 0 { return offset + stops.littleEndian.trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < utf8.count, utf8[offset] < 0x80, utf8[offset] != 0x0D { offset += 1 }
    return offset
  }
}
