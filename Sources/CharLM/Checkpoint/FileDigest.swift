import Crypto

/// The SHA-256 of a file that states its own digest: the 64 digits count as '0'.
struct FileDigest {
  /// What stands for the digits while hashing, and in a header before they are known.
  static let placeholder = String(repeating: "0", count: 64)

  private var hash = SHA256()

  /// Continues with the elements' memory.
  mutating func update(_ elements: [some AnyBits]) {
    // Safe: the bytes of a live array of numbers without padding.
    unsafe elements.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Continues with a part of some bytes.
  mutating func update(_ bytes: ArraySlice<UInt8>) {
    // Safe: the bytes of a live slice.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Continues with a tensor's elements.
  mutating func update(_ values: Safetensors.Values) {
    switch values {
    case .float32(let values): update(values)
    case .int32(let values): update(values)
    case .int64(let values): update(values)
    case .uint8(let values): update(values)
    case .float64(let values): update(values)
    }
  }

  /// The digest so far as 64 lowercase hexadecimal digits.
  var digits: String {
    let alphabet = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] })
  }

  /// The digits that the file `bytes`, which states its own in `range`, should have there.
  static func digits(of bytes: [UInt8], statedIn range: Range<Int>) -> String {
    var digest = FileDigest()
    digest.update(bytes[..<range.lowerBound])
    digest.update(Array(placeholder.utf8))
    digest.update(bytes[range.upperBound...])
    return digest.digits
  }
}
