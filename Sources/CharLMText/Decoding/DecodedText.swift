/// The text of a file: valid UTF-8 without a byte-order mark.
public struct DecodedText: Sendable {
  /// The text: valid UTF-8, without the byte-order mark.
  public let utf8: [UInt8]

  /// Decodes a file's bytes strictly as UTF-8: no overlong forms, no surrogates, nothing cut short.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - source: What the bytes are, for messages: a path, "the seed text".
  ///   - allowsEmpty: Whether a file without text (or of a byte-order mark alone) will do.
  /// - Throws: `TextError.invalidBytes`, `TextError.emptyText`.
  /// - Complexity: O(bytes); the bytes are not copied unless there is a byte-order mark, which is dropped.
  public init(decoding bytes: [UInt8], source: String, allowsEmpty: Bool = true) throws(TextError) {
    var decoder = TextDecoder(encoding: "utf-8", invalid: .error, source: source)
    try decoder.append(bytes, isEnd: true)
    utf8 = decoder.utf8
    if utf8.isEmpty, !allowsEmpty { throw .emptyText(source: source) }
  }

  /// The byte-order mark U+FEFF.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
