/// Writes choices in as many bits as they were unlikely: a range coder (Martin 1979) with the carry of LZMA's (Pavlov).
///
///     low, range       the interval [low, low + range) that all texts share which begin like this one
///     a choice         cuts the interval to [a, b) / 2^32 of itself, in whole numbers
///     range < 2^24     a byte of low is certain but for a carry: it is written, and both move up by a byte
///
/// The interval is cut by a product of 32 by 32 bits, so that a probability is kept to 24 bits at least, and a choice
/// costs at most 2^−24 of itself more than it should. A carry reaches back over bytes of 255, which are only counted until
/// it is known.
struct RangeEncoder: Sendable {
  private var low: UInt64 = 0
  private var range: UInt32 = .max
  /// The last byte that a carry may still change, and how many bytes of 255 follow it; −1 before the first.
  private var held = -1
  private var fullCount = 0
  private var bytes: [UInt8] = []

  /// How finely an interval is cut: into 2^32.
  static let whole: UInt64 = 1 << 32

  /// Takes the part [start, end) of `whole`.
  /// - Precondition: the part is at least 2^8 wide, so that it is not empty whatever the range is.
  @inline(__always)
  mutating func encode(from start: UInt64, to end: UInt64) {
    let (first, last) = (RangeEncoder.scaled(range, start), RangeEncoder.scaled(range, end))
    low += UInt64(first)
    range = last - first
    while range < 1 << 24 {
      shift()
      range <<= 8
    }
  }

  /// Takes one of two, 1 being of this probability.
  @inline(__always)
  mutating func encode(_ bit: UInt8, probabilityOfOne: Float) {
    let cut = RangeEncoder.cut(probabilityOfOne)
    if bit == 1 { encode(from: 0, to: cut) } else { encode(from: cut, to: RangeEncoder.whole) }
  }

  /// All bytes, of which zeros at the end are left out: a decoder reads zeros where there is nothing.
  consuming func finished() -> [UInt8] {
    // The number within the interval that has most zeros at its end.
    for width in stride(from: UInt64(32), through: 0, by: -8) {
      let step: UInt64 = 1 << width
      let candidate = (low + step - 1) / step * step
      if candidate < low + UInt64(range) {
        low = candidate
        break
      }
    }
    for _ in 0..<5 { shift() }
    while bytes.last == 0 { bytes.removeLast() }
    return bytes
  }

  /// Where the interval is cut for a probability between 1e-6 and 1 − 1e-6.
  @inline(__always)
  static func cut(_ probability: Float) -> UInt64 { UInt64(Double(probability) * 0x1p32) }

  /// `range · part / 2^32`; all of the range for the whole.
  @inline(__always)
  static func scaled(_ range: UInt32, _ part: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(range) &* part) >> 32)
  }

  private mutating func shift() {
    if low < 0xFF00_0000 || low >= 1 << 32 {
      let carry = UInt8(truncatingIfNeeded: low >> 32)
      if held >= 0 { bytes.append(UInt8(truncatingIfNeeded: held) &+ carry) }
      for _ in 0..<fullCount { bytes.append(255 &+ carry) }
      fullCount = 0
      held = Int(low >> 24 & 255)
    } else {
      fullCount += 1
    }
    low = (low & 0x00FF_FFFF) << 8
  }
}
