import CharLMFiles

/// A checksum over all bytes so far, taken at several places: 8 bytes of SHA-256 over the digest before and what came
/// since. A part that was changed, left out, moved or doubled shows itself at its own place.
struct ChainedCheck {
  private var digest: [UInt8] = []

  static let size = 8

  /// Goes on over bytes.
  /// - Returns: the checksum.
  mutating func add(_ bytes: [UInt8]) -> [UInt8] {
    var next = SHA256Digest()
    next.update(digest)
    next.update(bytes)
    digest = next.bytes
    return Array(digest.prefix(ChainedCheck.size))
  }

  /// The checksum of a text alone.
  static func of(_ text: [UInt8]) -> [UInt8] {
    var check = ChainedCheck()
    return check.add(text)
  }
}
