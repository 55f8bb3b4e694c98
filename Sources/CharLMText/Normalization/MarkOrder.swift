import CICU

/// Long runs of combining marks, put into the order that every normalization form wants (Unicode Standard, 3.11, D108 and
/// D109): by their classes, those of one class as they stand.
///
/// ICU inserts each mark into its place among those before it, which takes the square of their number; of a run in order
/// each is in its place already. The result is canonically equivalent, and so has the same normal form.
enum MarkOrder {
  /// Shorter runs are left to ICU.
  private static let longRun = 64

  /// The text of a range with its long runs in order; nil where they are already, or where there are none.
  static func ordered(_ utf8: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var result: [UInt8]?
    forEachLongRun(utf8, range) { run in
      guard let marks = sorted(utf8, run) else { return }
      var bytes = result ?? range.map { utf8[$0] }
      // Sorting does not change the run's length.
      for (place, byte) in marks.enumerated() { bytes[run.lowerBound - range.lowerBound + place] = byte }
      result = bytes
    }
    return result
  }

  /// Calls `body` with each run of scalars that have a combining class, where it is long.
  private static func forEachLongRun(_ utf8: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var (offset, number) = (range.lowerBound, 0)
    while offset < range.upperBound {
      number += 1
      // Every long run has one of these, so that in other text hardly any class is asked for.
      guard number % (longRun / 2) == 0, isMark(utf8, offset) else {
        offset += UTF8Scalars.scalar(in: utf8, at: offset).count
        continue
      }
      var start = offset
      while start > range.lowerBound {
        let before = UTF8Scalars.start(in: utf8, before: start)
        if !isMark(utf8, before) { break }
        start = before
      }
      var (end, count) = (start, 0)
      while end < range.upperBound, isMark(utf8, end) {
        end += UTF8Scalars.scalar(in: utf8, at: end).count
        count += 1
      }
      if count >= longRun { body(start..<end) }
      offset = end
    }
  }

  private static func isMark(_ utf8: Span<UInt8>, _ offset: Int) -> Bool {
    let scalar = UTF8Scalars.scalar(in: utf8, at: offset).value
    return scalar >= 0x300 && cicu_combining_class(scalar) != 0
  }

  /// The bytes of a run in order; nil where they are so already.
  private static func sorted(_ utf8: Span<UInt8>, _ run: Range<Int>) -> [UInt8]? {
    var byClass = [[UInt8]](repeating: [], count: 256)
    var (offset, last, isSorted) = (run.lowerBound, 0, true)
    while offset < run.upperBound {
      let scalar = UTF8Scalars.scalar(in: utf8, at: offset)
      let number = Int(cicu_combining_class(scalar.value))
      if number < last { isSorted = false }
      byClass[number] += (offset..<offset + scalar.count).map { utf8[$0] }
      last = number
      offset += scalar.count
    }
    return isSorted ? nil : byClass.flatMap(\.self)
  }
}
