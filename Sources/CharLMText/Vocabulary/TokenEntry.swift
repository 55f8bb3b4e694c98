extension Token: Encodable {
  /// As an entry of a vocabulary: a string, `{"bytes": "e4"}` for what is not UTF-8, `{"special": "unknown"}`.
  public func encode(to encoder: any Encoder) throws { try TokenEntry(self).encode(to: encoder) }
}

/// One entry of a vocabulary as JSON: a string; `{"bytes": "e4"}` for what is not UTF-8; `{"special": "unknown"}`.
///
/// An entry that is none of these reads as `unreadable`, so that the vocabulary can say which one it is.
enum TokenEntry: Codable {
  case string(String)
  case bytes(String)
  case special(String)
  case unreadable

  private enum CodingKeys: String, CodingKey { case bytes, special }

  init(_ token: Token) {
    switch token {
    case .special(let special): self = .special(special.rawValue)
    case .text(let bytes):
      if let string = String(validating: bytes, as: UTF8.self) {
        self = .string(string)
      } else {
        self = .bytes(bytes.map { hexadecimal($0).lowercased() }.joined())
      }
    }
  }

  init(from decoder: any Decoder) throws {
    if let string = try? decoder.singleValueContainer().decode(String.self) {
      self = .string(string)
      return
    }
    guard let container = try? decoder.container(keyedBy: CodingKeys.self) else {
      self = .unreadable
      return
    }
    let bytes = try? container.decode(String.self, forKey: .bytes)
    let special = try? container.decode(String.self, forKey: .special)
    switch (bytes, special) {
    case (let bytes?, nil): self = .bytes(bytes)
    case (nil, let special?): self = .special(special)
    default: self = .unreadable
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .string(let string):
      var container = encoder.singleValueContainer()
      try container.encode(string)
    case .bytes(let digits):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(digits, forKey: .bytes)
    case .special(let name):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .special)
    case .unreadable:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    }
  }

  /// The token that entry number `index` stands for.
  func token(index: Int) throws(TextError) -> Token {
    switch self {
    case .string(let string): return Token(string)
    case .bytes(let digits):
      guard let bytes = Self.parse(digits) else {
        throw .invalidVocabulary(.invalidHexadecimal(index: index, text: digits))
      }
      return .text(bytes)
    case .special(let name):
      guard let special = Token.Special(rawValue: name) else {
        throw .invalidVocabulary(.unknownSpecial(index: index, name: name))
      }
      return .special(special)
    case .unreadable: throw .invalidVocabulary(.unreadableEntry(index: index))
    }
  }

  private static func parse(_ digits: String) -> [UInt8]? {
    let values = digits.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard values.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for pair in stride(from: 0, to: values.count, by: 2) {
      guard let high = values[pair], let low = values[pair + 1] else { return nil }
      bytes.append(UInt8(high * 16 + low))
    }
    return bytes
  }
}
