import CICU

/// What the properties of two neighbours say of the break between them, so that ICU need not be asked.
///
/// ICU's break iterator is exact but slow beside a table. Unicode's rules (UAX #29, GB3 to GB999) forbid a break only
/// next to scalars of few kinds: marks, joiners, jamo, flags' letters, prepended marks, CR before LF. Everywhere else
/// two bits for the scalar on each side show that there is a break. ICU decides the rest.
struct GraphemeClasses: Sendable {
  /// The bits of `cicu_grapheme_classes` for the two planes that nearly all text uses.
  private let table: [UInt8]

  /// The table, made from ICU's properties when it is first asked for (a few milliseconds).
  static let shared = GraphemeClasses()

  private init() {
    var table = [UInt8](repeating: 0, count: 0x20000)
    // Safe: CICU writes exactly the count given, and the array outlives the call.
    unsafe table.withUnsafeMutableBufferPointer { buffer in
      unsafe cicu_grapheme_classes(buffer.baseAddress, UInt32(buffer.count))
    }
    self.table = table
  }

  /// The bits of a scalar; beyond the two planes, those that leave the decision to ICU.
  @inline(__always)
  func bits(of scalar: UInt32) -> UInt8 {
    let index = Int(scalar)
    return index < table.count ? table[index] : UInt8(CICU_BINDER)
  }

  /// Whether there is surely a break between two neighbours; where not, ICU must be asked.
  @inline(__always)
  static func surelyBreaks(_ left: UInt8, _ right: UInt8) -> Bool {
    // Both plain (bit 0), or the right an opener (bit 1) and the left no binder (bit 2).
    ((left & right) | ((right >> 1) & ~(left >> 2))) & 1 != 0
  }
}
