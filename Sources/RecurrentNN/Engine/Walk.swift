/// The way of a recurrence through one shard's chunk: packed time steps with a falling number of live rows.
///
/// Rows are numbered through the chunk, step by step; row r of a step is row r of the step before it. A uniform batch
/// is the case where the number never falls:
///
///     step        0      1      2
///     batch row   0 1 2  0 1    0        batchSizes [3, 2, 1]
///     chunk row   0 1 2  3 4    5        offsets    [0, 3, 5, 6]
package struct Walk {
  /// A place where the carried state reads as zero, because a new document begins with this row's input.
  package struct Reset: Hashable, Sendable {
    package let step: Int
    package let row: Int

    package init(step: Int, row: Int) {
      self.step = step
      self.row = row
    }
  }

  package private(set) var batchSizes: [Int] = []
  package private(set) var offsets: [Int] = [0]
  /// In the order of steps; mostly empty.
  package private(set) var resets: [Reset] = []

  package init() {}

  package var timeStepCount: Int { batchSizes.count }
  /// The number of rows over all steps.
  package var rowCount: Int { offsets[timeStepCount] }
  /// The number of rows of the first step.
  package var batchSize: Int { batchSizes.first ?? 0 }

  package func rows(at step: Int) -> Range<Int> { offsets[step]..<offsets[step + 1] }

  package func resets(at step: Int) -> ArraySlice<Reset> {
    guard !resets.isEmpty else { return [] }
    let start = resets.firstIndex { $0.step >= step } ?? resets.endIndex
    let end = resets[start...].firstIndex { $0.step > step } ?? resets.endIndex
    return resets[start..<end]
  }

  /// How many rows have their predecessor in the chunk: all but those of the first step and those that a reset begins.
  package var pairCount: Int { rowCount - batchSize - resets.count { $0.step > 0 } }

  /// Calls `body` with the runs of a step's rows that no reset cuts off from the step before.
  package func forEachUncutRun(at step: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    for reset in resets(at: step).sorted(by: { $0.row < $1.row }) {
      if start < reset.row { body(start..<reset.row) }
      start = reset.row + 1
    }
    if start < batchSizes[step] { body(start..<batchSizes[step]) }
  }

  /// A uniform batch. Allocates nothing once it has had as many steps.
  package mutating func setUniform(timeStepCount: Int, batchSize: Int) {
    begin()
    for _ in 0..<timeStepCount { append(batchSize) }
  }

  /// A batch of sequences of these lengths, the longest first.
  /// - Precondition: lengths are positive and never rise.
  package mutating func set(lengths: some RandomAccessCollection<Int>) {
    begin()
    var live = lengths.count
    for step in 0..<(lengths.first ?? 0) {
      while live > 0, lengths[lengths.index(lengths.startIndex, offsetBy: live - 1)] <= step { live -= 1 }
      append(live)
    }
    precondition(rowCount == lengths.reduce(0, +), "lengths must fall and be positive: \(Array(lengths))")
  }

  /// Adds a reset; steps must come in order.
  package mutating func addReset(step: Int, row: Int) {
    precondition(step < timeStepCount && row < batchSizes[step], "a reset at step \(step), row \(row)")
    precondition(resets.last.map { $0.step <= step } ?? true, "resets out of order")
    resets.append(Reset(step: step, row: row))
  }

  private mutating func begin() {
    batchSizes.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    resets.removeAll(keepingCapacity: true)
    offsets.append(0)
  }

  private mutating func append(_ batchSize: Int) {
    batchSizes.append(batchSize)
    offsets.append(offsets[offsets.count - 1] + batchSize)
  }
}
