/// The SHA-256 of a file that states its own digest: the 64 digits count as '0'.
enum StatedDigest {
  /// What stands for the digits while hashing, and in a header before they are known.
  static let placeholder = String(repeating: "0", count: 64)

  /// The digits that the file `bytes`, which states its own in `range`, should have there.
  static func digits(of bytes: [UInt8], statedIn range: Range<Int>) -> String {
    var digest = SHA256Digest()
    digest.update(bytes[..<range.lowerBound])
    digest.update(Array(placeholder.utf8))
    digest.update(bytes[range.upperBound...])
    return digest.hexadecimal
  }
}

extension SHA256Digest {
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
}
