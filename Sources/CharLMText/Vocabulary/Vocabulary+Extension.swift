extension Vocabulary {
  /// The number of a token, if it is one of this vocabulary.
  public func id(of token: Token) -> TokenID? {
    switch token {
    case .text(let bytes): id(of: bytes)
    case .special(let special): id(of: special)
    }
  }

  /// The tokens that another vocabulary lacks, in order.
  public func tokens(missingFrom other: Vocabulary) -> [Token] {
    (0..<TokenID(count)).map { self[$0] }.filter { other.id(of: $0) == nil }
  }

  /// This vocabulary with what it lacks of another: special tokens, then text in the order of its scalars. Where it lacks
  /// nothing it stays as it is, whatever its order.
  ///
  /// - Complexity: O(n log n) in the number of tokens.
  public func extended(by other: Vocabulary) -> Vocabulary {
    let added = other.tokens(missingFrom: self)
    guard !added.isEmpty else { return self }
    var specials: [Token.Special] = []
    var texts: [[UInt8]] = []
    for token in (0..<TokenID(count)).map({ self[$0] }) + added {
      switch token {
      case .special(let special): specials.append(special)
      case .text(let bytes): texts.append(bytes)
      }
    }
    var pieces = ByteStringTable()
    for bytes in texts.sorted(by: { $0.lexicographicallyPrecedes($1) }) { _ = pieces.insert(bytes.span, bytes.indices) }
    return Vocabulary(specials: Token.Special.allCases.filter(specials.contains), pieces: pieces)
  }
}
