extension Segmenter {
  /// The first token boundary at or after `offset`.
  ///
  /// - Parameters:
  ///   - offset: A byte offset, 0 to the length of the text.
  ///   - utf8: The whole text.
  /// - Complexity: O(1) in ordinary text; reads from the last sure break before `offset`, for words to the next one.
  public func boundary(atOrAfter offset: Int, in utf8: Span<UInt8>) -> Int {
    precondition(offset >= 0 && offset <= utf8.count, "offset \(offset) is not in a text of \(utf8.count) bytes")
    guard offset > 0, offset < utf8.count, unit != .byte else { return offset }
    let scalar = Self.scalarBoundary(atOrAfter: offset, in: utf8)
    guard scalar < utf8.count else { return scalar }
    if unit == .word { return Self.wordBoundary(atOrAfter: scalar, in: utf8) }
    guard unit == .grapheme else { return scalar }
    let start = Self.sureBreak(atOrBefore: scalar, in: utf8)
    let rest = utf8.extracting(start..<utf8.count)
    do throws(Found) {
      try Segmenter(unit: .grapheme).forEachToken(in: rest) { (range) throws(Found) in
        if start + range.lowerBound >= scalar { throw Found(offset: start + range.lowerBound) }
      }
    } catch {
      return error.offset
    }
    return utf8.count
  }

  /// Where the validation part begins: the offset of scalar number ⌊(1 − `fraction`) · scalars⌋, moved forward to a
  /// token boundary; of words to one that no dictionary decides, so that both parts are cut as the whole is.
  ///
  /// - Parameters:
  ///   - fraction: The validation part of the text, 0 to 1.
  ///   - utf8: The whole text.
  /// - Complexity: O(bytes).
  public func validationStart(in utf8: Span<UInt8>, fraction: Double) -> Int {
    precondition(fraction >= 0 && fraction <= 1, "a validation part of \(fraction) is not between 0 and 1")
    let kept = Int(((1 - fraction) * Double(UTF8Scalars.count(in: utf8))).rounded(.down))
    return validationStart(in: utf8, scalarCount: kept)
  }

  /// The offset of scalar number `scalarCount`, moved forward as `validationStart(in:fraction:)` does; the text's length
  /// where it has no more scalars.
  ///
  /// - Parameter normalization: That of the text: both parts, normalized each by itself, have the tokens of the
  ///   whole, normalized.
  package func validationStart(
    in utf8: Span<UInt8>, scalarCount: Int, normalization: Normalization = .none
  ) -> Int {
    let offset = Self.offset(ofScalar: scalarCount, in: utf8)
    guard normalization == .none else {
      return PieceCutter(unit: unit, normalization: normalization).firstBoundary(in: utf8, atOrAfter: offset)
    }
    return unit == .word ? Self.sureWordBreak(atOrAfter: offset, in: utf8) : boundary(atOrAfter: offset, in: utf8)
  }

  /// Where scalar number `number` begins; the text's length where it has no such scalar.
  private static func offset(ofScalar number: Int, in utf8: Span<UInt8>) -> Int {
    var scalars = 0
    for offset in utf8.indices where utf8[offset] & 0xC0 != 0x80 {
      if scalars == number { return offset }
      scalars += 1
    }
    return utf8.count
  }

  private struct Found: Error { let offset: Int }

  /// `offset`, or the end of the scalar that it lies in.
  private static func scalarBoundary(atOrAfter offset: Int, in utf8: Span<UInt8>) -> Int {
    for start in max(0, offset - 3)..<offset {
      let end = start + UTF8Scalars.scalar(in: utf8, at: start).count
      if end > offset { return end }
    }
    return offset
  }

  /// The last place at or before `offset`, a scalar's boundary, where the classes of the neighbours show a break.
  private static func sureBreak(atOrBefore offset: Int, in utf8: Span<UInt8>) -> Int {
    let classes = GraphemeClasses.shared
    var offset = offset
    while offset > 0 {
      let start = UTF8Scalars.start(in: utf8, before: offset)
      let left = classes.bits(of: UTF8Scalars.scalar(in: utf8, at: start).value)
      let right = classes.bits(of: UTF8Scalars.scalar(in: utf8, at: offset).value)
      if GraphemeClasses.surelyBreaks(left, right) { return offset }
      offset = start
    }
    return 0
  }
}

/// Grapheme clusters, what a reader takes for characters.
public enum Graphemes {
  /// How many grapheme clusters a text has, by ICU's rules.
  ///
  /// - Complexity: O(bytes).
  public static func count(in utf8: Span<UInt8>) -> Int { Segmenter(unit: .grapheme).count(in: utf8) }
}
