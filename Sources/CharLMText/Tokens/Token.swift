/// A row of a vocabulary.
///
/// Equality is that of bytes: `é` and `e` + U+0301 are different tokens, though Swift's strings compare equal.
public enum Token: Hashable, Sendable {
  /// A piece of text, in UTF-8; not empty. In a vocabulary of bytes it may be a part of a scalar.
  case text([UInt8])
  /// A token that stands for no text.
  case special(Special)

  /// What a special token is for.
  public enum Special: String, Codable, Sendable, CaseIterable {
    /// Text that the vocabulary leaves out.
    case unknown
    /// The border between two documents.
    case document
  }

  /// A token of text.
  public init(_ string: String) { self = .text(Array(string.utf8)) }
}

extension Token: CustomStringConvertible {
  /// For people: "'é'", "U+000A", "byte 0xC3", "<unknown>".
  public var description: String {
    switch self {
    case .text(let bytes): describeToken(bytes)
    case .special(let special): "<\(special.rawValue)>"
    }
  }
}
