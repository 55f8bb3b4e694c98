/// The tokens that a model knows, numbered: special ones first, then pieces of text.
///
/// Pieces of text are distinguished by their exact bytes, never by canonical equivalence, so that decoding gives back what
/// was encoded.
public struct Vocabulary: Hashable, Sendable {
  /// The special tokens; token `i` of these has the number `i`.
  public let specials: [Token.Special]
  /// The pieces of text; piece `i` has the number `specials.count + i`.
  let pieces: ByteStringTable
  /// The numbers of pieces of one byte; -1 where there is none.
  let singleBytes: [TokenID]

  /// A vocabulary of tokens in the order of their numbers.
  ///
  /// - Throws: `TextError.invalidVocabulary` unless the special tokens come first, no token comes twice or is empty, and
  ///   there is one of text.
  public init(tokens: some Sequence<Token>) throws(TextError) {
    var specials: [Token.Special] = []
    var pieces = ByteStringTable()
    var index = 0
    for token in tokens {
      switch token {
      case .special(let special):
        if specials.contains(special) {
          throw .invalidVocabulary(.duplicateSpecial(index: index, special: special))
        }
        if pieces.count > 0 { throw .invalidVocabulary(.specialAfterText(index: index, special: special)) }
        specials.append(special)
      case .text(let bytes):
        if bytes.isEmpty { throw .invalidVocabulary(.emptyToken(index: index)) }
        let number = pieces.insert(bytes.span, bytes.indices)
        if Int(number) != index - specials.count {
          throw .invalidVocabulary(.duplicateToken(index: index, bytes: bytes))
        }
      }
      index += 1
    }
    if pieces.count == 0 { throw .invalidVocabulary(.noText) }
    self.init(specials: specials, pieces: pieces)
  }

  init(specials: [Token.Special], pieces: ByteStringTable) {
    self.specials = specials
    self.pieces = pieces
    var singleBytes = [TokenID](repeating: -1, count: 256)
    for number in 0..<pieces.count where pieces[number].count == 1 {
      if let byte = pieces[number].first { singleBytes[Int(byte)] = TokenID(specials.count + number) }
    }
    self.singleBytes = singleBytes
  }

  /// How many tokens there are, special ones included: the rows of the embedding.
  public var count: Int { specials.count + pieces.count }

  /// Token number `id`, which must be below `count`.
  public subscript(id: TokenID) -> Token {
    checkRange(id)
    return Int(id) < specials.count
      ? .special(specials[Int(id)]) : .text(Array(pieces[Int(id) - specials.count]))
  }

  /// What decoding writes for token number `id`: its bytes, none for a special token.
  public func bytes(of id: TokenID) -> ArraySlice<UInt8> {
    checkRange(id)
    return Int(id) < specials.count ? [] : pieces[Int(id) - specials.count]
  }

  /// The number of the token with exactly these bytes, or `nil`.
  public func id(of bytes: some Sequence<UInt8>) -> TokenID? {
    let bytes = Array(bytes)
    let found = number(in: bytes.span, bytes.indices)
    return found < 0 ? nil : found
  }

  /// The number of the token with exactly this text's UTF-8, or `nil`.
  public func id(of text: String) -> TokenID? { id(of: text.utf8) }

  /// The number of the token for text that the vocabulary leaves out, if there is one.
  public var unknownID: TokenID? { id(of: .unknown) }

  /// The number of the token between documents, if there is one.
  public var documentID: TokenID? { id(of: .document) }

  /// The number of a special token, if there is one.
  public func id(of special: Token.Special) -> TokenID? { specials.firstIndex(of: special).map { TokenID($0) } }

  /// The number of the token in a range of a text, or -1.
  @inline(__always)
  func number(in text: Span<UInt8>, _ range: Range<Int>) -> TokenID {
    if range.count == 1 { return singleBytes[Int(text[range.lowerBound])] }
    let piece = pieces.find(text, range)
    return piece < 0 ? -1 : piece + TokenID(truncatingIfNeeded: specials.count)
  }

  private func checkRange(_ id: TokenID) {
    precondition(id >= 0 && Int(id) < count, "token \(id) is not in a vocabulary of \(count)")
  }
}

extension Vocabulary: Codable {
  /// Reads a JSON array of strings, `{"bytes": "e4"}` and `{"special": "unknown"}`.
  ///
  /// - Throws: `TextError.invalidVocabulary`, or the decoder's own errors where there is no array.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    var tokens: [Token] = []
    while !container.isAtEnd {
      tokens.append(try container.decode(TokenEntry.self).token(index: tokens.count))
    }
    try self.init(tokens: tokens)
  }

  /// Writes a JSON array; a token that is valid UTF-8 is a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for id in 0..<count { try container.encode(TokenEntry(self[TokenID(id)])) }
  }
}
