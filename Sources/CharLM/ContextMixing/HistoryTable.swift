/// Statistics of choices by context: a hash table of fixed size, in which the least used entries give way.
///
/// An entry, 32 bytes, belongs to a context and a group of nodes (`TokenTree`): a check of the hash, then a word for each
/// of the group's nodes.
///
///     | check | node 1 | node 2 | … | node 7 |
///     a word: the probability of a one in 18 bits | the history in 8 | a count up to 63 in 6; 0 for nothing seen
///
/// An entry lies in one of two neighbouring places, which share a cache line; where both are taken, the one that was less
/// used is given up. A hash that is taken for another, one in some millions, costs some precision and nothing else.
struct HistoryTable: Sendable {
  private var words: ValueBuffer<UInt32>
  private let mask: Int

  static let bytesOfEntry = 32

  /// - Parameter entryCount: a power of two.
  init(entryCount: Int) {
    precondition(entryCount > 1 && entryCount & (entryCount - 1) == 0, "a table of \(entryCount) entries")
    words = ValueBuffer(count: 8 * entryCount)
    mask = entryCount - 1
  }

  var entryCount: Int { mask + 1 }

  /// Asks for the cache line of a context's entry ahead of its use.
  @inline(__always)
  func prefetch(_ hash: UInt64) { words.prefetch((Int(truncatingIfNeeded: hash) & mask) << 3) }

  /// Where a context's entry begins; nil where there is none.
  @inline(__always)
  func find(_ hash: UInt64) -> Int? {
    let check = HistoryTable.check(hash)
    let entry = Int(truncatingIfNeeded: hash) & mask
    if words[entry << 3] == check { return entry << 3 }
    return words[(entry ^ 1) << 3] == check ? (entry ^ 1) << 3 : nil
  }

  /// Makes room for a context's entry, which has seen nothing.
  mutating func insert(_ hash: UInt64) -> Int {
    let entry = (Int(truncatingIfNeeded: hash) & mask) << 3
    let start = use(entry) <= use(entry ^ 8) ? entry : entry ^ 8
    let words = words.own()
    words[start] = HistoryTable.check(hash)
    for place in 1..<8 { words[start + place] = 0 }
    return start
  }

  /// How often the entry's first node was met, as far as counted.
  private func use(_ start: Int) -> UInt32 { words[start + 1] & 63 }

  @inline(__always)
  private static func check(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }

  @inline(__always)
  subscript(start: Int, place: Int) -> HistoryWord {
    get { HistoryWord(bits: words[start + place]) }
    set { words.own()[start + place] = newValue.bits }
  }
}

/// What is known of a choice in one context.
struct HistoryWord: Sendable {
  var bits: UInt32 = 0

  /// Nothing was seen.
  static let empty = HistoryWord()

  @inline(__always) var isEmpty: Bool { bits == 0 }
  /// The number of its `BitHistories` state.
  @inline(__always) var history: Int { Int(bits >> 6 & 255) }
  /// Of a one: half of nothing, moved by each bit a part of the way to it, at first by more than half and later by 1/60.
  @inline(__always) var probability: Float { isEmpty ? 0.5 : (Float(bits >> 14) + 0.5) * 0x1p-18 }

  /// The word after one more bit.
  @inline(__always)
  func after(_ bit: Int, history: UInt8) -> HistoryWord {
    let count = bits & 63
    let moved = probability + (Float(bit) - probability) / (Float(count) + 1.6)
    let kept = UInt32(min(max(moved, 0) * 0x1p18, 0x1p18 - 1))
    return HistoryWord(bits: kept << 14 | UInt32(history) << 6 | min(count + 1, HistoryWord.countLimit))
  }

  private static let countLimit: UInt32 = 60
}
