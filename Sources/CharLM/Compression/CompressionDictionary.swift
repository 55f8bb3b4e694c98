import CharLMFiles
import RecurrentNN

/// A text that counts read before the one that is compressed, so that its words and phrases are known. The same is needed
/// to decompress.
///
/// Short texts gain most. With a model, give the text that it was trained on, which the counts then know by heart.
public struct CompressionDictionary: Sendable {
  /// What it holds.
  public let bytes: [UInt8]
  /// What it is called, for messages.
  public let name: String
  /// The SHA-256 of its bytes. 32 bytes.
  public let identity: [UInt8]

  /// The most bytes that a dictionary may have: reading it takes as long as compressing it, each time, and counts remember
  /// no more.
  public static let largestByteCount = 16 << 20

  /// A dictionary of any bytes.
  /// - Precondition: there are at most `largestByteCount`.
  public init(_ bytes: [UInt8], name: String) {
    require(
      bytes.count <= CompressionDictionary.largestByteCount,
      "a dictionary of \(bytes.count) bytes, more than \(CompressionDictionary.largestByteCount)")
    var digest = SHA256Digest()
    digest.update(bytes)
    (self.bytes, self.name, identity) = (bytes, name, digest.bytes)
  }
}
