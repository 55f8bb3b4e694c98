/// What is needed to spell tokens that a vocabulary does not keep, depending on how frequent the kept ones are.
struct Spelling {
  private typealias Counts = [[UInt8]: Int]

  /// Tokens of several scalars, the most frequent first.
  private let composed: [VocabularyBuilder.Count]
  /// The scalars of each of them.
  private let parts: [[[UInt8]]]
  /// How often each scalar is a token by itself.
  private let single: Counts
  /// Rows that are there in any case.
  private let bytes: [[UInt8]]

  /// - Parameters:
  ///   - counts: What was counted, in the order of bytes.
  ///   - bytes: Tokens that are kept in any case.
  init(_ counts: [VocabularyBuilder.Count], bytes: [[UInt8]]) {
    var single: Counts = [:]
    var composed: [VocabularyBuilder.Count] = []
    for count in counts {
      if UTF8Scalars.scalar(in: count.bytes.span, at: 0).count == count.bytes.count {
        single[count.bytes] = count.occurrences
      } else {
        composed.append(count)
      }
    }
    // Stable: of equally frequent ones those of lower scalars come first.
    composed = composed.enumerated().sorted {
      ($1.element.occurrences, $0.offset) < ($0.element.occurrences, $1.offset)
    }
    .map(\.element)
    self.composed = composed
    self.single = single
    self.bytes = bytes
    parts = composed.map { Self.scalars(of: $0.bytes) }
  }

  private static func scalars(of utf8: [UInt8]) -> [[UInt8]] {
    var scalars: [[UInt8]] = []
    var start = 0
    while start < utf8.count {
      let end = start + UTF8Scalars.scalar(in: utf8.span, at: start).count
      scalars.append(Array(utf8[start..<end]))
      start = end
    }
    return scalars
  }

  /// How often each scalar is needed where only the first `keptCount` composed tokens are kept.
  private func needed(keptCount: Int) -> Counts {
    var counts = single
    for index in keptCount..<composed.count {
      for scalar in parts[index] { counts[scalar, default: 0] += composed[index].occurrences }
    }
    return counts
  }

  /// How many different scalars there are in all.
  var scalarCount: Int { needed(keptCount: 0).count }

  /// All scalars with their counts where nothing else is kept, in the order of their bytes.
  var scalars: [VocabularyBuilder.Count] {
    needed(keptCount: 0).map { VocabularyBuilder.Count(bytes: $0.key, occurrences: $0.value) }
      .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The tokens kept: composed ones and scalars at least as frequent as `minimumCount`, the most frequent of them as
  /// far as `rows` go.
  ///
  /// Every composed token that is not kept makes its scalars more frequent, so that the limit of frequency that `rows`
  /// allow is sought by halving.
  func kept(minimumCount: Int, rows: Int) -> [[UInt8]] {
    let known = Set(bytes)
    func chosen(atLeast limit: Int) -> [[UInt8]] {
      let keptCount = firstIndex(below: limit)
      let scalars = needed(keptCount: keptCount).filter { $0.value >= limit && !known.contains($0.key) }
      return composed[..<keptCount].map(\.bytes) + scalars.keys
    }
    let limit = lowestLimit(from: minimumCount) { chosen(atLeast: $0).count + bytes.count <= rows }
    var kept = Set(chosen(atLeast: limit))
    if limit > minimumCount {
      // Those just below the limit, which did not find room together.
      let more = chosen(atLeast: limit - 1).filter { !kept.contains($0) }
      kept.formUnion(more.sorted { $0.lexicographicallyPrecedes($1) }.prefix(rows - bytes.count - kept.count))
    }
    return (bytes + kept).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The tokens kept: composed ones at least as frequent as `minimumCount`, as far as `rows` go, and all scalars that
  /// spell the others.
  func keptWithAllScalars(minimumCount: Int, rows: Int) -> [[UInt8]] {
    func rowCount(_ keptCount: Int) -> Int { keptCount + needed(keptCount: keptCount).count }
    let limit = lowestLimit(from: minimumCount) { rowCount(firstIndex(below: $0)) <= rows }
    var keptCount = firstIndex(below: limit)
    while keptCount < firstIndex(below: max(minimumCount, limit - 1)), rowCount(keptCount + 1) <= rows {
      keptCount += 1
    }
    return (composed[..<keptCount].map(\.bytes) + needed(keptCount: keptCount).keys)
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The number of composed tokens that are at least as frequent as `limit`.
  private func firstIndex(below limit: Int) -> Int {
    composed.partitioningIndex { $0.occurrences < limit }
  }

  /// The lowest count from `lowest` on at which tokens find room.
  private func lowestLimit(from lowest: Int, _ fits: (Int) -> Bool) -> Int {
    if fits(lowest) { return lowest }
    var (low, high) = (lowest, needed(keptCount: 0).values.reduce(composed.first?.occurrences ?? 0, max) + 1)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if fits(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

extension Array {
  /// The index of the first element that `belongs` to the second part; all before it do not.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
