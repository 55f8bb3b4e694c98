import CICU

/// Cuts UTF-8 into tokens of a unit.
///
/// The tokens of a text, in order, cover all its bytes. Ill-formed bytes do no harm: each is a scalar, and in graphemes
/// and words counts as U+FFFD.
public struct Segmenter: Sendable {
  /// What a token is.
  public let unit: TextUnit

  /// A segmenter for tokens of `unit`; cheap.
  public init(unit: TextUnit) { self.unit = unit }

  /// Calls `body` with the byte range of each token, in order.
  ///
  /// - Parameters:
  ///   - utf8: The whole text, or a part that begins and ends at token boundaries.
  ///   - body: What to do with a token. What it throws ends the walk.
  /// - Complexity: O(bytes).
  public func forEachToken<E: Error>(in utf8: Span<UInt8>, _ body: (Range<Int>) throws(E) -> Void) throws(E) {
    switch unit {
    case .byte: for offset in utf8.indices { try body(offset..<offset + 1) }
    case .scalar: try Self.forEachScalar(in: utf8, body)
    case .grapheme: try Self.forEachGrapheme(in: utf8, body)
    case .word: try Self.forEachWord(in: utf8, body)
    }
  }

  /// How many tokens the text has.
  public func count(in utf8: Span<UInt8>) -> Int {
    var count = 0
    switch unit {
    case .byte: count = utf8.count
    case .scalar: Self.forEachScalar(in: utf8) { _ in count += 1 }
    case .grapheme: Self.forEachGrapheme(in: utf8) { _ in count += 1 }
    case .word: Self.forEachWord(in: utf8) { _ in count += 1 }
    }
    return count
  }

  @inline(__always)
  static func forEachScalar<E: Error>(in utf8: Span<UInt8>, _ body: (Range<Int>) throws(E) -> Void) throws(E) {
    var start = 0
    while start < utf8.count {
      let end = start + UTF8Scalars.scalar(in: utf8, at: start).count
      try body(start..<end)
      start = end
    }
  }

  /// Walks the graphemes: where the classes of two neighbours decide (nearly everywhere), by the table; CR LF by hand;
  /// the runs in between, which begin and end at breaks, by ICU.
  @inline(__always)
  static func forEachGrapheme<E: Error>(in utf8: Span<UInt8>, _ body: (Range<Int>) throws(E) -> Void) throws(E) {
    guard utf8.count > 0 else { return }
    let classes = GraphemeClasses.shared
    var breaker: TextBreaker?
    defer { breaker?.giveBack() }
    var start = 0
    var (end, left) = reading(utf8, at: 0, classes)
    while end < utf8.count {
      let (next, right) = reading(utf8, at: end, classes)
      if GraphemeClasses.surelyBreaks(left, right) {
        try body(start..<end)
        start = end
        (end, left) = (next, right)
        continue
      }
      if utf8[start] == 0x0D {
        let stop = utf8[end] == 0x0A ? next : end
        try body(start..<stop)
        start = stop
      } else {
        let stop = endOfRun(in: utf8, from: next, left: right, classes)
        try forEachGrapheme(in: utf8, run: start..<stop, &breaker, body)
        start = stop
      }
      guard start < utf8.count else { return }
      (end, left) = reading(utf8, at: start, classes)
    }
    try body(start..<end)
  }

  /// Walks the graphemes of a run, which begins and ends at breaks, by ICU; `breaker` is borrowed where it is `nil`.
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
    while end < utf8.count {
      let (next, right) = reading(utf8, at: end, classes)
      if GraphemeClasses.surelyBreaks(left, right) { break }
      (end, left) = (next, right)
    }
    return end
  }
}
