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

  /// The scalars below this have bits of their own.
  static let count = 0x20000

  private init() {
    var table = [UInt8](repeating: 0, count: Self.count)
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
    return index < table.count ? table[index] : UInt8(CICU_BINDER | CICU_JOINS)
  }

  /// Whether there is surely a break between two neighbours; where not, what is before them may decide.
  @inline(__always)
  static func surelyBreaks(_ left: UInt8, _ right: UInt8) -> Bool {
    // Both plain (bit 0), or the right an opener (bit 1) and the left no binder (bit 2).
    ((left & right) | ((right >> 1) & ~(left >> 2))) & 1 != 0
  }

  /// Whether there is surely no break between two neighbours.
  @inline(__always)
  static func surelyJoins(_ left: UInt8, _ right: UInt8) -> Bool {
    right & UInt8(CICU_MARK) != 0 && left & UInt8(CICU_CONTROL) == 0
  }

  /// Whether there is surely a break between two neighbours where no joiner stands between the left one and its base.
  @inline(__always)
  static func endsMarks(_ left: UInt8, _ right: UInt8) -> Bool {
    left & UInt8(CICU_MARK) != 0 && right & UInt8(CICU_JOINS) == 0
  }

  /// Whether a scalar joins what is before it and perhaps what follows.
  @inline(__always)
  static func isJoiner(_ bits: UInt8) -> Bool { bits & UInt8(CICU_JOINS | CICU_MARK) == UInt8(CICU_JOINS) }

  /// Whether a scalar joins what is before it.
  @inline(__always)
  static func joins(_ bits: UInt8) -> Bool { bits & UInt8(CICU_JOINS) != 0 }
}
