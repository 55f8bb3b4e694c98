#if _endian(big)
  #error("the tensors' little-endian bytes are copied as they are")
#endif

extension Array where Element: AnyBits {
  /// The numbers whose little-endian bytes lie in `range`, whose length must be a multiple of the element's size.
  ///
  /// O(n), one copy of memory; `range` needs no alignment.
  init(littleEndian bytes: [UInt8], in range: Range<Int>) {
    let size = MemoryLayout<Element>.size
    precondition(range.count % size == 0, "\(range.count) bytes are no whole number of elements of \(size) bytes")
    let slice = bytes[range]
    // Safe: the capacity is range.count bytes, all of them are written, and every pattern of bits is an Element.
    unsafe self.init(unsafeUninitializedCapacity: range.count / size) { buffer, count in
      unsafe slice.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      count = range.count / size
    }
  }
}

extension Array where Element == UInt8 {
  /// Appends bytes of memory.
  mutating func append(contentsOf bytes: RawSpan) {
    // Safe: the bytes are copied while they live.
    unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

extension Float {
  /// The value of a bfloat16, which is a Float's upper half.
  init(bfloat16Bits bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }

  /// The value of an IEEE binary16, exactly; a NaN keeps its sign and payload.
  ///
  /// In integers, since Swift has no Float16 on Macs with Intel processors.
  init(float16Bits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      // Zero or subnormal: fraction · 2^-24, exact in a Float.
      let magnitude = Float(fraction) * 0x1p-24
      self.init(bitPattern: sign | magnitude.bitPattern)
    case 31:
      self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      // The exponent's bias is 15 there and 127 here.
      self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
