/// Different byte strings, numbered from 0 in the order they came, and found by a hash table.
///
/// Strings are compared byte for byte: Swift's `String` and `Character` take canonically equivalent text for equal.
///
/// Layout: all strings side by side in `bytes`, number `i` in `starts[i] ..< starts[i + 1]`; an open-addressing table of
/// slots, a power of two and at most half full. A slot holds a string's key and number. The key of up to seven bytes is
/// the string itself (its length in the top byte), so that nothing else need be compared; longer ones have a hash.
package struct ByteStringTable: Sendable {
  package private(set) var bytes: [UInt8] = []
  package private(set) var starts: [Int] = [0]
  private var slots: [Slot] = Array(repeating: .empty, count: 64)
  private var shift: UInt64 = 64 - 6

  private struct Slot {
    var key: UInt64
    var number: Int32
    static let empty = Slot(key: 0, number: -1)
  }

  /// Odd, and another one in each table, so that nobody can write texts whose tokens all meet in one slot. Numbers do not
  /// depend on it.
  private let multiplier = UInt64.random(in: 0...UInt64.max) | 1

  private static let longestExact = 7
  private static let longKey: UInt64 = 0xFF << 56

  /// No strings yet.
  package init() {}

  /// How many strings there are.
  package var count: Int { starts.count - 1 }

  /// String number `number`.
  package subscript(number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

  /// The number of a string, or -1.
  @inline(__always)
  package func find(_ text: Span<UInt8>, _ range: Range<Int>) -> Int32 {
    let key = key(text, range)
    var slot = index(of: key)
    while true {
      let candidate = slots[slot]
      if candidate.number < 0 { return -1 }
      if candidate.key == key, range.count <= Self.longestExact || equal(candidate.number, text, range) {
        return candidate.number
      }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  /// The number of a string, which is added where it is new.
  @inline(__always)
  package mutating func insert(_ text: Span<UInt8>, _ range: Range<Int>) -> Int32 {
    let found = find(text, range)
    return found >= 0 ? found : add(text, range)
  }

  @inline(never)
  private mutating func add(_ text: Span<UInt8>, _ range: Range<Int>) -> Int32 {
    // So many strings would take more than a hundred gigabytes.
    precondition(count < Int(Int32.max), "more than \(Int32.max) different tokens")
    let number = Int32(count)
    for offset in range { bytes.append(text[offset]) }
    starts.append(bytes.count)
    if count * 2 > slots.count { grow() }
    place(Slot(key: key(text, range), number: number))
    return number
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: .empty, count: old.count * 2)
    shift -= 1
    for slot in old where slot.number >= 0 { place(slot) }
  }

  private mutating func place(_ slot: Slot) {
    var index = index(of: slot.key)
    while slots[index].number >= 0 { index = (index + 1) & (slots.count - 1) }
    slots[index] = slot
  }

  @inline(__always)
  private func index(of key: UInt64) -> Int {
    // The second multiplier spreads keys that differ in little, which a random one may not.
    let mixed = key &* multiplier
    return Int(((mixed ^ mixed >> 32) &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }

  @inline(__always)
  private func key(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    guard range.count <= Self.longestExact else { return Self.longKey | hash(text, range) }
    return Self.word(text, range.lowerBound, count: range.count) | UInt64(range.count) << 56
  }

  /// Up to seven bytes as one number, the first byte lowest.
  @inline(__always)
  private static func word(_ text: Span<UInt8>, _ start: Int, count: Int) -> UInt64 {
    if start >= 0, start + 8 <= text.count {
      // Safe: eight bytes from `start` on are in the text, by the line above.
      let word = unsafe text.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
      return UInt64(littleEndian: word) & (1 << (8 &* UInt64(count)) &- 1)
    }
    var word: UInt64 = 0
    for step in 0..<count { word |= UInt64(text[start + step]) << (8 * UInt64(step)) }
    return word
  }

  /// Seven bytes at a time, as FNV-1a takes one.
  private func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var start = range.lowerBound
    while start < range.upperBound {
      let count = min(7, range.upperBound - start)
      hash = (hash ^ Self.word(text, start, count: count)) &* multiplier
      hash ^= hash >> 32
      start += count
    }
    return hash
  }

  private func equal(_ number: Int32, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = starts[Int(number)]
    guard starts[Int(number) + 1] - start == range.count else { return false }
    for step in 0..<range.count where bytes[start + step] != text[range.lowerBound + step] { return false }
    return true
  }
}

extension ByteStringTable: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.starts == right.starts && left.bytes == right.bytes }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(starts)
    hasher.combine(bytes)
  }
}
