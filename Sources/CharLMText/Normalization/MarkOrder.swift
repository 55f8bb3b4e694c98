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

  private static func forEachLongRun(_ utf8: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    let classes = GraphemeClasses.shared
    var (offset, start, count) = (range.lowerBound, range.lowerBound, 0)
    while offset < range.upperBound {
      let scalar = UTF8Scalars.scalar(in: utf8, at: offset)
      // All that has a combining class joins what is before it.
      let joins = scalar.value >= 0x300 && GraphemeClasses.joins(classes.bits(of: scalar.value))
      if !joins {
        if count >= longRun { body(start..<offset) }
        (start, count) = (offset + scalar.count, 0)
      } else {
        count += 1
      }
      offset += scalar.count
    }
    if count >= longRun { body(start..<range.upperBound) }
  }

  /// The bytes of a run in order; nil where they are so already. What has class 0 stays where it is.
  private static func sorted(_ utf8: Span<UInt8>, _ run: Range<Int>) -> [UInt8]? {
    var (result, isSorted): ([UInt8], Bool) = ([], true)
    result.reserveCapacity(run.count)
    var byClass = [[UInt8]](repeating: [], count: 256)
    var (offset, last) = (run.lowerBound, 0)
    func take() {
      for number in byClass.indices where !byClass[number].isEmpty {
        result += byClass[number]
        byClass[number] = []
      }
    }
    while offset < run.upperBound {
      let scalar = UTF8Scalars.scalar(in: utf8, at: offset)
      let number = Int(cicu_combining_class(scalar.value))
      if number == 0 { take() }
      if number != 0, number < last { isSorted = false }
      byClass[number] += (offset..<offset + scalar.count).map { utf8[$0] }
      if number == 0 { take() }
      last = number
      offset += scalar.count
    }
    take()
    return isSorted ? nil : result
  }
}
