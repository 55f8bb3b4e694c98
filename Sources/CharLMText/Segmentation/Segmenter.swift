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
    case .scalar:
      try Self.forEachScalar(in: utf8, singles: { (run) throws(E) in try Self.each(run, body) }, body)
    case .grapheme:
      try Self.forEachGrapheme(in: utf8, singles: { (run) throws(E) in try Self.each(run, body) }, body)
    case .word: try Self.forEachWord(in: utf8, body)
    }
  }

  /// How many tokens the text has.
  public func count(in utf8: Span<UInt8>) -> Int {
    var count = 0
    switch unit {
    case .byte: count = utf8.count
    case .scalar: Self.forEachScalar(in: utf8, singles: { count += $0.count }) { _ in count += 1 }
    case .grapheme: Self.forEachGrapheme(in: utf8, singles: { count += $0.count }) { _ in count += 1 }
    case .word: Self.forEachWord(in: utf8) { _ in count += 1 }
    }
    return count
  }

  @inline(__always)
  private static func each<E: Error>(_ run: Range<Int>, _ body: (Range<Int>) throws(E) -> Void) throws(E) {
    for offset in run { try body(offset..<offset + 1) }
  }
}
