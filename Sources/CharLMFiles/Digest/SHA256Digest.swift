import Crypto

/// The SHA-256 of bytes that come in pieces.
package struct SHA256Digest {
  private var hash = SHA256()

  /// The digest of no bytes yet.
  package init() {}

  /// Continues with bytes of memory.
  package mutating func update(_ bytes: RawSpan) {
    // Safe: the bytes live through the call.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Continues with the memory of numbers.
  package mutating func update(_ elements: [some AnyBits]) {
    // Safe: numbers without padding. (By way of `elements.span` Swift 6.3 reads an array that is already gone, where it
    // optimizes and does not specialize this.)
    unsafe elements.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Continues with a part of some bytes.
  package mutating func update(_ bytes: ArraySlice<UInt8>) {
    // Safe: the bytes of a live slice.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// The 32 bytes of the digest so far.
  package var bytes: [UInt8] { Array(hash.finalize()) }

  /// The digest so far as 64 lowercase hexadecimal digits.
  package var hexadecimal: String { SHA256Digest.hexadecimal(of: bytes) }

  /// A digest's bytes as lowercase hexadecimal digits.
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
