/// Reads what a `RangeEncoder` wrote. Whatever the bytes are, it answers; what it answers is then checked.
struct RangeDecoder: Sendable {
  private var range: UInt32 = .max
  /// Where in the present interval the written number lies: below `range` unless the bytes are wrong.
  private var code: UInt32 = 0
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    for _ in 0..<4 { code = code << 8 | UInt32(self.bytes.popFirst() ?? 0) }
  }

  /// Whether a part of `RangeEncoder.whole` begins at the written number or before it.
  @inline(__always)
  func isReached(_ start: UInt64) -> Bool { RangeEncoder.scaled(range, start) <= code }

  /// Goes on within the part [start, end), which is never empty: the smallest probability is 1e-6, and the smallest share
  /// of a token is 2^9 of the coder's parts.
  @inline(__always)
  mutating func take(from start: UInt64, to end: UInt64) {
    let (first, last) = (RangeEncoder.scaled(range, start), RangeEncoder.scaled(range, end))
    // Wrong bytes may point beyond the range; what follows is then nonsense, but defined.
    code = code &- first
    range = last - first
    while range < 1 << 24 {
      range <<= 8
      code = code << 8 | UInt32(bytes.popFirst() ?? 0)
    }
  }

  /// Reads a choice between two, of which 1 has this probability.
  @inline(__always)
  mutating func decode(probabilityOfOne: Float) -> UInt8 {
    let cut = RangeEncoder.cut(probabilityOfOne)
    if isReached(cut) {
      take(from: cut, to: RangeEncoder.whole)
      return 0
    }
    take(from: 0, to: cut)
    return 1
  }

  /// Whether all bytes were read.
  var isAtEnd: Bool { bytes.isEmpty }
}
