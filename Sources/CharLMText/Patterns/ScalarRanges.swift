/// Scalars as ranges in rising order, neither touching nor overlapping.
struct ScalarRanges: Hashable, Sendable {
  let ranges: [ClosedRange<UInt32>]
  /// One bit for each of the first 128 scalars, because most texts ask for these.
  private let ascii: (low: UInt64, high: UInt64)

  /// - Parameter ranges: in any order; they may overlap.
  init(_ ranges: some Sequence<ClosedRange<UInt32>>) {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
    var bits: (low: UInt64, high: UInt64) = (0, 0)
    for range in merged {
      for value in range.lowerBound..<max(min(range.upperBound + 1, 128), range.lowerBound) {
        if value < 64 { bits.low |= 1 << UInt64(value) } else { bits.high |= 1 << UInt64(value - 64) }
      }
    }
    ascii = bits
  }

  /// All scalars, surrogates left out.
  static let all = ScalarRanges([0...0xD7FF, 0xE000...0x10FFFF])

  var isEmpty: Bool { ranges.isEmpty }

  /// The scalars that are not in these ranges.
  var inverted: ScalarRanges {
    var rest: [ClosedRange<UInt32>] = []
    for whole in ScalarRanges.all.ranges {
      var next = whole.lowerBound
      for range in ranges where range.upperBound >= next && range.lowerBound <= whole.upperBound {
        if range.lowerBound > next { rest.append(next...(range.lowerBound - 1)) }
        next = range.upperBound + 1
      }
      if next <= whole.upperBound { rest.append(next...whole.upperBound) }
    }
    return ScalarRanges(rest)
  }

  /// The scalars that are in these ranges and in others.
  func intersection(_ other: ScalarRanges) -> ScalarRanges {
    var (mine, its, both) = (0, 0, [ClosedRange<UInt32>]())
    while mine < ranges.count, its < other.ranges.count {
      let (one, two) = (ranges[mine], other.ranges[its])
      let (low, high) = (max(one.lowerBound, two.lowerBound), min(one.upperBound, two.upperBound))
      if low <= high { both.append(low...high) }
      if one.upperBound < two.upperBound { mine += 1 } else { its += 1 }
    }
    return ScalarRanges(both)
  }

  /// "'a'", "all of 'x', 'y' and 'z'", for a message that says what is missing.
  var phrase: String {
    let count = ranges.reduce(0) { $0 + $1.count }
    var first: [String] = []
    for value in ranges.lazy.flatMap(\.self).prefix(5) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isControl = scalar.properties.generalCategory == .control
      first.append("'" + (isControl ? scalar.escaped(asASCII: true) : String(scalar)) + "'")
    }
    if count == 1, let only = first.first { return only }
    if count == first.count { return "any of " + first.joined(separator: ", ") }
    return "any of \(count) characters such as " + first.prefix(3).joined(separator: ", ")
  }

  /// - Complexity: O(log n) for n ranges; O(1) for ASCII.
  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 64 { return ascii.low >> UInt64(value) & 1 == 1 }
    if value < 128 { return ascii.high >> UInt64(value - 64) & 1 == 1 }
    let place = firstRange(endingAtOrAfter: value)
    return place < ranges.count && ranges[place].contains(value)
  }

  /// Whether any scalar of a range is in the set.
  /// - Complexity: O(log n) for n ranges.
  func containsAny(of range: ClosedRange<UInt32>) -> Bool {
    let place = firstRange(endingAtOrAfter: range.lowerBound)
    return place < ranges.count && ranges[place].lowerBound <= range.upperBound
  }

  private func firstRange(endingAtOrAfter value: UInt32) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  static func == (one: ScalarRanges, other: ScalarRanges) -> Bool { one.ranges == other.ranges }

  func hash(into hasher: inout Hasher) { hasher.combine(ranges) }
}
