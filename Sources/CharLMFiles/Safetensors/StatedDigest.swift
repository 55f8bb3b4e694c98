/// The SHA-256 of a file that states its own digest: the 64 digits count as '0'.
struct StatedDigest {
  /// What stands for the digits while hashing, and in a header before they are known.
  static let placeholder = String(repeating: "0", count: 64)

  private var digest = SHA256Digest()

  /// The digest of a file that begins with `beginning`, which states it in `range`; nil where it states none.
  init?(_ beginning: [UInt8], statedIn range: Range<Int>?) {
    guard let range, range.upperBound <= beginning.count else { return nil }
    digest.update(beginning[..<range.lowerBound])
    digest.update(Array(Self.placeholder.utf8))
    digest.update(beginning[range.upperBound...])
  }

  /// Continues with the bytes that follow.
  mutating func update(_ bytes: [UInt8]) { digest.update(bytes) }

  /// The digits that the file should state.
  var hexadecimal: String { digest.hexadecimal }
}
