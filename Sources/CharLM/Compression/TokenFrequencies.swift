import CharLMText

/// A distribution over tokens as whole numbers, for the arithmetic coder: shares of 2^23 that add up to all of it.
///
///     share of a token = 1 + round(e^(logit − largest) · scale),   scale · Σ e^(…) ≈ 2^23 − 2V
///
/// What rounding leaves goes to the last token. So every token is possible, and a text costs about V · 2^−22 nats a token
/// more than the distribution says: nothing for letters, a hundredth of a bit for a vocabulary of 60,000. Equal logits
/// give equal shares on every CPU.
///
/// Memory for one stream, to be set again at each token.
final class TokenFrequencies {
  private typealias Lanes = SIMD16<Float>

  /// The weights e^(…), in vectors of 16, and zeros to fill the last one.
  private var weights: [Lanes]
  private let count: Int
  private var scale: Float = 0

  private static let whole = 1 << 23
  /// The coder's parts in a share.
  private static let width = RangeEncoder.whole / UInt64(whole)
  /// The largest vocabulary: half of the whole remains for what its tokens weigh.
  static let largestCount = whole / 4

  /// - Parameter count: V.
  init(count: Int) {
    precondition(count >= 1 && count <= TokenFrequencies.largestCount, "a distribution over \(count) tokens")
    self.count = count
    weights = Array(repeating: Lanes(), count: (count + 15) / 16)
  }

  /// Takes the softmax of logits, (V). Logits that are not numbers say nothing: all tokens are then as likely.
  /// - Complexity: O(V).
  func set(_ logits: Span<Float>) {
    precondition(logits.count == count, "\(logits.count) logits of \(count) tokens")
    var largest = -Float.infinity
    // In this order `max` leaves out what is not a number; the sum shows it.
    for token in logits.indices { largest = max(largest, logits[token]) }
    var sums = Lanes()
    // Safe: floats have no padding.
    let bytes = unsafe logits.bytes
    for group in 0..<count / 16 {
      // Safe: 16 floats from there on are within the span.
      let lanes = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 64 * group, as: Lanes.self)
      weights[group] = Portable.exponential(lanes - largest)
      sums += weights[group]
    }
    if count % 16 > 0 {
      var lanes = Lanes()
      for lane in 0..<count % 16 { lanes[lane] = Portable.exponential(logits[count / 16 * 16 + lane] - largest) }
      weights[count / 16] = lanes
      sums += lanes
    }
    let sum = TokenFrequencies.sum(sums)
    guard largest.isFinite, sum.isFinite else {
      for group in weights.indices { weights[group] = Lanes() }
      return scale = 0
    }
    // The sum, of so many additions, and the products are rounded, which may not lead beyond the whole.
    let margin = 1 - Double(count / 16 + 64) * 0x1p-23
    scale = Float(Double(TokenFrequencies.whole - 2 * count) * margin / Double(sum))
  }

  private static func sum(_ lanes: Lanes) -> Float {
    let eight = lanes.lowHalf + lanes.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The shares of a group of 16 tokens. Adding 2^23 rounds to a whole number, which then stands in the low bits.
  @inline(__always)
  private func shares(ofGroup group: Int) -> SIMD16<UInt32> {
    let shifted = weights[group] * scale + 0x1p23
    // Safe: numbers of the same size.
    return unsafe unsafeBitCast(shifted, to: SIMD16<UInt32>.self) & 0x7F_FFFF &+ 1
  }

  @inline(__always)
  private func sum(ofGroup group: Int) -> UInt64 {
    let shares = shares(ofGroup: group)
    let eight = shares.lowHalf &+ shares.highHalf
    let four = eight.lowHalf &+ eight.highHalf
    let two = four.lowHalf &+ four.highHalf
    return UInt64(two.x &+ two.y)
  }

  /// Encodes a token under this distribution.
  func encode(_ token: TokenID, _ encoder: inout RangeEncoder) {
    let (group, lane) = (Int(token) >> 4, Int(token) & 15)
    var start: UInt64 = 0
    for before in 0..<group { start += sum(ofGroup: before) }
    let shares = shares(ofGroup: group)
    for before in 0..<lane { start += UInt64(shares[before]) }
    encoder.encode(from: start * TokenFrequencies.width, to: end(of: Int(token), start, shares[lane]))
  }

  /// Decodes a token under this distribution.
  func decode(_ decoder: inout RangeDecoder) -> TokenID {
    let width = TokenFrequencies.width
    var (group, start) = (0, UInt64(0))
    while 16 * (group + 1) < count {
      let next = start + sum(ofGroup: group)
      guard decoder.isReached(next * width) else { break }
      (group, start) = (group + 1, next)
    }
    let shares = shares(ofGroup: group)
    var token = 16 * group
    while token & 15 < 15, token + 1 < count, decoder.isReached((start + UInt64(shares[token & 15])) * width) {
      start += UInt64(shares[token & 15])
      token += 1
    }
    decoder.take(from: start * width, to: end(of: token, start, shares[token & 15]))
    return TokenID(token)
  }

  @inline(__always)
  private func end(of token: Int, _ start: UInt64, _ share: UInt32) -> UInt64 {
    token == count - 1 ? RangeEncoder.whole : (start + UInt64(share)) * TokenFrequencies.width
  }
}
