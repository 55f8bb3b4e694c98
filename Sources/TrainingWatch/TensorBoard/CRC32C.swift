/// The cyclic redundancy check with Castagnoli's polynomial (RFC 3720), as TensorFlow's record files use it.
enum CRC32C {
  /// By byte: the check of that byte alone, for the reflected polynomial.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
  }

  /// The check of bytes.
  static func check(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { value, byte in value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
  }

  /// The check rotated and shifted by a constant, so that a check of data that holds checks is no trouble.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let check = check(bytes)
    return (check >> 15 | check << 17) &+ 0xA282_EAD8
  }
}

/// A record of TensorFlow's record files: length, its check, data, their check.
enum RecordFraming {
  /// The bytes of a record, all numbers little-endian:
  ///
  ///     length of the data  8 bytes
  ///     masked CRC-32C of these 8 bytes  4 bytes
  ///     data
  ///     masked CRC-32C of the data  4 bytes
  static func record(_ data: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(data.count))
    return length + littleEndian(CRC32C.masked(length)) + data + littleEndian(CRC32C.masked(data))
  }

  /// A number's bytes, the lowest first.
  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
