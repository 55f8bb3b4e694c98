/// The breaks in runs of text that ICU was asked about: natural text has the same runs again and again.
struct BreakMemory {
  private var runs = ByteStringTable()
  /// The ends in run number `i`: `ends[starts[i] ..< starts[i + 1]]`.
  private var starts = [0]
  private var ends: [UInt8] = []

  /// Runs of more bytes are not kept.
  static let longestRun = 96
  /// With so many runs, it starts again, empty.
  private static let capacity = 1 << 14

  /// Copies the ends of a run to `target`, and says how many there are; 0 where the run is not known.
  mutating func recall(_ utf8: Span<UInt8>, _ run: Range<Int>, into target: inout [Int32]) -> Int {
    let number = Int(runs.find(utf8, run))
    guard number >= 0 else { return 0 }
    let start = starts[number]
    let count = starts[number + 1] - start
    for index in 0..<count { target[index] = Int32(ends[start + index]) }
    return count
  }

  /// Keeps the first `count` of `found`, which are all ends of a run.
  mutating func keep(_ utf8: Span<UInt8>, _ run: Range<Int>, _ found: [Int32], count: Int) {
    if runs.count == Self.capacity { self = BreakMemory() }
    _ = runs.insert(utf8, run)
    for index in 0..<count { ends.append(UInt8(found[index])) }
    starts.append(ends.count)
  }
}
