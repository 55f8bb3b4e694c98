/// A token of a text that the vocabulary lacks.
public struct UnknownToken: Hashable, Sendable {
  /// The token, in UTF-8.
  public let bytes: [UInt8]
  /// The Unicode names of its scalars, by ICU; empty where the bytes are not UTF-8 (a part of a scalar).
  public let scalarNames: [String]
  /// Where it first stands: bytes from the start of the text, after normalization.
  public package(set) var offset: Int
  /// The nearest token that the vocabulary has, in UTF-8, if one is near (see `Vocabulary.nearest(to:)`).
  public let nearest: [UInt8]?
}

extension UnknownToken {
  /// "'é' (U+00E9 LATIN SMALL LETTER E WITH ACUTE) at byte 5, nearest 'e'".
  var description: String {
    let place = " at byte \(offset)"
    return describeToken(bytes, names: scalarNames) + place + (nearest.map { ", nearest " + describeToken($0) } ?? "")
  }
}
