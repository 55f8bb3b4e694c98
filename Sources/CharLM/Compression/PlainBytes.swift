/// Bytes coded by the byte before each, by counts that adapt: for what no model can say, and for tables.
///
/// A byte is eight choices along a binary tree; each context and node has a probability that moves by a thirty-second of
/// its error.
struct PlainBytes {
  /// Of a zero, by the byte before and the choices so far, in 16 bits.
  private var probabilities = [UInt16](repeating: 1 << 15, count: 1 << 16)
  private var last = 0

  mutating func encode(_ byte: UInt8, _ encoder: inout RangeEncoder) {
    var node = 1
    for shift in stride(from: 7, through: 0, by: -1) {
      let bit = byte >> shift & 1
      let cut = cut(node)
      if bit == 0 { encoder.encode(from: 0, to: cut) } else { encoder.encode(from: cut, to: RangeEncoder.whole) }
      learn(bit, &node)
    }
    last = Int(byte)
  }

  mutating func decode(_ decoder: inout RangeDecoder) -> UInt8 {
    var node = 1
    for _ in 0..<8 {
      let cut = cut(node)
      let bit: UInt8 = decoder.isReached(cut) ? 1 : 0
      if bit == 0 { decoder.take(from: 0, to: cut) } else { decoder.take(from: cut, to: RangeEncoder.whole) }
      learn(bit, &node)
    }
    last = node & 255
    return UInt8(last)
  }

  private func cut(_ node: Int) -> UInt64 { UInt64(probabilities[last << 8 | node]) << 16 }

  private mutating func learn(_ bit: UInt8, _ node: inout Int) {
    let place = last << 8 | node
    // Between 31 and 2^16 − 32: never certain.
    let probability = probabilities[place]
    if bit == 0 {
      probabilities[place] = probability + (UInt16.max - probability) >> 5
    } else {
      probabilities[place] = probability - probability >> 5
    }
    node = node << 1 | Int(bit)
  }
}

extension PlainBytes {
  /// Bytes as they are coded.
  static func encoded(_ bytes: [UInt8]) -> [UInt8] {
    var (coder, encoder) = (PlainBytes(), RangeEncoder())
    for byte in bytes { coder.encode(byte, &encoder) }
    return encoder.finished()
  }

  /// So many bytes that were coded.
  static func decoded(_ coded: ArraySlice<UInt8>, count: Int) -> [UInt8] {
    var (coder, decoder) = (PlainBytes(), RangeDecoder(coded))
    return (0..<count).map { _ in coder.decode(&decoder) }
  }
}
