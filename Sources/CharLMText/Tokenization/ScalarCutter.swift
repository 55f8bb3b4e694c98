/// Cuts the bytes of tokens, as they come one after the other, into whole scalars and the beginning of one.
public struct ScalarCutter: Sendable {
  private let vocabulary: Vocabulary
  /// The scalars of each token; empty for one that is not whole scalars, and for special ones.
  private let scalarsOfTokens: [[Unicode.Scalar]]

  /// - Complexity: O(vocabulary).
  public init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    scalarsOfTokens = (0..<TokenID(vocabulary.count)).map { scalars(of: Array(vocabulary.bytes(of: $0))) ?? [] }
  }

  /// What a token adds to a text.
  /// - Parameter pending: the bytes of the text that are a scalar's beginning.
  /// - Returns: the scalars that become whole, and the bytes that are a scalar's beginning then; nil for a special token,
  ///   and where the text would not be UTF-8.
  public func cut(_ token: TokenID, after pending: [UInt8]) -> (scalars: [Unicode.Scalar], pending: [UInt8])? {
    let known = scalarsOfTokens[Int(token)]
    if !known.isEmpty { return pending.isEmpty ? (known, []) : nil }
    let bytes = pending + vocabulary.bytes(of: token)
    guard bytes.count > pending.count else { return nil }
    let cut = (1...3).first { $0 <= bytes.count && UTF8Validation.mayBecomeScalar(bytes.suffix($0)) } ?? 0
    return scalars(of: Array(bytes.dropLast(cut))).map { ($0, Array(bytes.suffix(cut))) }
  }

  /// The scalars that begin with some bytes, as `cut` gives them: one to three, the first of them a lead byte.
  package static func range(beginningWith pending: [UInt8]) -> ClosedRange<UInt32> {
    let lead = pending[0]
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    let known = pending.dropFirst().reduce(UInt32(lead & (0x7F >> UInt8(length)))) { $0 << 6 | UInt32($1 & 0x3F) }
    let openBits = UInt32(6 * (length - pending.count))
    // Shorter sequences have the lower ones.
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    return max(known << openBits, least)...min((known + 1) << openBits - 1, 0x10FFFF)
  }

  /// The scalars that some tokens can write, alone or byte by byte.
  /// - Parameter isUsed: whether a token counts.
  package func alphabet(_ isUsed: (TokenID) -> Bool) -> [ClosedRange<UInt32>] {
    var ranges: [ClosedRange<UInt32>] = []
    var (isPart, hasParts) = ([Bool](repeating: false, count: 256), false)
    for token in 0..<TokenID(vocabulary.count) where isUsed(token) {
      let scalars = scalarsOfTokens[Int(token)]
      ranges += scalars.map { $0.value...$0.value }
      for byte in vocabulary.bytes(of: token) where scalars.isEmpty { (isPart[Int(byte)], hasParts) = (true, true) }
    }
    guard hasParts else { return ranges }
    // Scalars in groups that differ in the last byte alone.
    for first in stride(from: UInt32(0), through: 0x10FFFF, by: 64) {
      guard let utf8 = Unicode.Scalar(first).map({ Array(String($0).utf8) }), let last = utf8.last,
        utf8.dropLast().allSatisfy({ isPart[Int($0)] })
      else { continue }
      for value in first..<first + 64 where isPart[Int(last) + Int(value - first)] {
        if let range = ranges.last, range.upperBound + 1 == value {
          ranges[ranges.count - 1] = range.lowerBound...value
        } else {
          ranges.append(value...value)
        }
      }
    }
    return ranges
  }
}
