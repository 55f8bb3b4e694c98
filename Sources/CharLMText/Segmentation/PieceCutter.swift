import CICU

/// Finds where a text that goes on may be cut: between two tokens of any unit and two graphemes, before and after
/// normalization, whatever follows.
package struct PieceCutter {
  let unit: TextUnit
  let form: cicu_form?
  /// How much of the text was searched without success.
  private var searched = 0

  /// Nothing before a line feed looks beyond it, so that it is sought first, this far from the end.
  private static let lineLimit = 1 << 16

  init(unit: TextUnit, form: cicu_form?) {
    self.unit = unit
    self.form = form
  }

  /// A cutter for texts of these settings.
  package init(unit: TextUnit, normalization: Normalization) { self.init(unit: unit, form: normalization.form) }

  /// Begins with another text.
  mutating func reset() { searched = 0 }

  /// The last place within `utf8` where it may be cut, not at its ends; `nil` where there is none.
  ///
  /// - Parameter utf8: What was searched before, and more of the text.
  mutating func lastBoundary(in utf8: Span<UInt8>) -> Int? {
    let lowest = max(searched, 1)
    var offset = utf8.count
    while offset >= lowest, offset > utf8.count - Self.lineLimit {
      if utf8[offset - 1] == 0x0A { return offset }
      offset -= 1
    }
    offset = utf8.count - 1
    while offset >= lowest {
      if isBoundary(offset, in: utf8) { return offset }
      offset -= 1
    }
    // A scalar that is not whole at the end may be one to cut before.
    searched = max(0, utf8.count - 3)
    return nil
  }

  /// The last place at or before `limit` where a text may be cut, not at its ends; `nil` where there is none.
  package func lastBoundary(in utf8: Span<UInt8>, atOrBefore limit: Int) -> Int? {
    var offset = min(limit, utf8.count - 1)
    while offset > 0 {
      if isBoundary(offset, in: utf8) { return offset }
      offset -= 1
    }
    return nil
  }

  /// The first place at or after `offset` where a text may be cut; its ends are such places.
  func firstBoundary(in utf8: Span<UInt8>, atOrAfter offset: Int) -> Int {
    guard offset > 0 else { return 0 }
    var offset = offset
    while offset < utf8.count, !isBoundary(offset, in: utf8) { offset += 1 }
    return offset
  }

  private func isBoundary(_ offset: Int, in utf8: Span<UInt8>) -> Bool {
    if utf8[offset - 1] == 0x0A { return true }
    guard UTF8Validation.sequenceLength(in: utf8, at: offset) > 0 else { return false }
    let right = UTF8Scalars.scalar(in: utf8, at: offset).value
    let start = UTF8Scalars.start(in: utf8, before: offset)
    guard Self.surelyBreaks(UTF8Scalars.scalar(in: utf8, at: start).value, right) else { return false }
    if unit == .word, !Segmenter.isSureWordBreak(offset, in: utf8) { return false }
    guard let form else { return true }
    return cicu_has_boundary_before(form, right) && breaksNormalized(at: offset, in: utf8, form)
  }

  /// Whether the graphemes of the normalized text, too, break where both sides may be normalized alone.
  ///
  /// It is enough to look at the scalars at the place. That of the right side may come from a stretch whose end is not
  /// there yet; what is still to come changes which letter or syllable it is, not whether it is one.
  private func breaksNormalized(at offset: Int, in utf8: Span<UInt8>, _ form: cicu_form) -> Bool {
    let normalizer = Normalizer(form: form)
    var start = UTF8Scalars.start(in: utf8, before: offset)
    while start > 0, !cicu_has_boundary_before(form, UTF8Scalars.scalar(in: utf8, at: start).value) {
      start = UTF8Scalars.start(in: utf8, before: start)
    }
    let stop = normalizer.nextBoundary(in: utf8, from: offset + 1)
    let left = normalizer.normalized(Array(start..<offset, of: utf8))
    let right = normalizer.normalized(Array(offset..<stop, of: utf8))
    guard !left.isEmpty, !right.isEmpty else { return false }
    let last = UTF8Scalars.start(in: left.span, before: left.count)
    return Self.surelyBreaks(
      UTF8Scalars.scalar(in: left.span, at: last).value, UTF8Scalars.scalar(in: right.span, at: 0).value)
  }

  private static func surelyBreaks(_ left: UInt32, _ right: UInt32) -> Bool {
    let classes = GraphemeClasses.shared
    return GraphemeClasses.surelyBreaks(classes.bits(of: left), classes.bits(of: right))
  }
}

extension [UInt8] {
  /// The bytes of a range of a text.
  fileprivate init(_ range: Range<Int>, of utf8: Span<UInt8>) { self = range.map { utf8[$0] } }
}
