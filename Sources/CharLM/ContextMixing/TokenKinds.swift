import CharLMText

/// What kind of text a token is, as far as it tells one context from another.
struct TokenKinds: Sendable {
  enum Kind: Int, Sendable, CaseIterable {
    /// Of which words are made; also bytes of which longer characters are.
    case letter
    case ideograph
    case digit
    case lineBreak
    case space
    /// What brackets, quotes and separates in code and markup.
    case bracket
    case other
  }

  private(set) var kinds: [Kind] = []
  /// A number of the text without regard to case.
  private(set) var folds: [UInt64] = []

  init(_ vocabulary: Vocabulary) {
    for id in 0..<vocabulary.count {
      let bytes = vocabulary.bytes(of: TokenID(id))
      let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first
      // A byte that is part of a character belongs to a word, as most such characters do.
      let isPart = bytes.count == 1 && (bytes.first ?? 0) >= 0x80
      kinds.append(isPart ? .letter : scalar.map(TokenKinds.kind) ?? .other)
      let folded = isPart ? Array(bytes) : Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
      folds.append(folded.isEmpty ? UInt64(id) : folded.reduce(0) { ContextHash.combined($0, UInt64($1) + 1) })
    }
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    let properties = scalar.properties
    if properties.isIdeographic { return .ideograph }
    if properties.isAlphabetic { return .letter }
    if properties.numericType != nil { return .digit }
    if scalar == "\n" || scalar == "\r" { return .lineBreak }
    if properties.isWhitespace { return .space }
    return "<>[](){}\"'&;=/".unicodeScalars.contains(scalar) ? .bracket : .other
  }
}

/// Hashes of what a context consists of.
enum ContextHash {
  @inline(__always)
  static func combined(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let sum = hash ^ (value &+ 0x9E37_79B9_7F4A_7C15 &+ (hash << 6) &+ (hash >> 2))
    let product = sum &* 0xBF58_476D_1CE4_E5B9
    return product ^ product >> 29
  }
}
