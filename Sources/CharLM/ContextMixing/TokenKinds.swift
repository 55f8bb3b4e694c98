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

  init(_ vocabulary: Vocabulary) { self.init((0..<vocabulary.count).lazy.map { vocabulary.bytes(of: TokenID($0)) }) }

  /// - Parameter tokens: the bytes of each token.
  init(_ tokens: some Sequence<ArraySlice<UInt8>>) {
    for (id, bytes) in tokens.enumerated() {
      if let byte = bytes.first, bytes.count == 1, byte >= 0x80 {
        // A byte that is part of a character belongs to a word, as most such characters do.
        kinds.append(.letter)
        folds.append(ContextHash.combined(0, UInt64(byte) + 1))
      } else {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
        kinds.append(scalars.first.map(ScalarKinds.kind) ?? .other)
        let fold = scalars.reduce(0) { ContextHash.combined($0, UInt64(ScalarKinds.folded($1)) + 1) }
        folds.append(scalars.isEmpty ? UInt64(id) : fold)
      }
    }
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
