import CharLMFiles
import RecurrentNN

/// A text that is read before the one that is compressed, so that what learns already knows its words and phrases. The
/// same is needed to decompress.
///
/// Short texts gain most, and with a model what it was trained on: counts then know it by heart.
public struct CompressionDictionary: Sendable {
  /// What it holds.
  public let bytes: [UInt8]
  /// What it is called, for messages.
  public let name: String
  /// The SHA-256 of its bytes. 32 bytes.
  public let identity: [UInt8]

  /// More bytes than a dictionary should have: reading it takes as long as compressing it, each time.
  public static let largestByteCount = 64 << 20

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

extension BlockCoder {
  /// Learns from a text that is not written.
  func read(_ text: [UInt8]) {
    for start in stride(from: 0, to: text.count, by: blockSize) {
      _ = encode(Array(text[start..<min(start + blockSize, text.count)]))
    }
  }
}
