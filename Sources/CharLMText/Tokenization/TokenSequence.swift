/// Token numbers, each in one, two or four bytes: the fewest that hold every number of the vocabulary.
public struct TokenSequence: Sendable, Hashable {
  private enum Storage: Sendable, Hashable {
    case narrow([UInt8])
    case middle([UInt16])
    case wide([UInt32])
  }

  private var storage: Storage

  /// No tokens yet, of a vocabulary with `vocabularyCount` rows.
  public init(vocabularyCount: Int) {
    switch vocabularyCount {
    case ...0x100: storage = .narrow([])
    case ...0x1_0000: storage = .middle([])
    default: storage = .wide([])
    }
  }

  /// Tokens from an array; each must be in a vocabulary with `vocabularyCount` rows.
  public init(_ ids: some Sequence<TokenID>, vocabularyCount: Int) {
    self.init(vocabularyCount: vocabularyCount)
    for id in ids {
      precondition(id >= 0 && Int(id) < vocabularyCount, "token \(id) is not in a vocabulary of \(vocabularyCount)")
      append(id)
    }
  }

  init(_ words: [UInt8]) { storage = .narrow(words) }
  init(_ words: [UInt16]) { storage = .middle(words) }
  init(_ words: [UInt32]) { storage = .wide(words) }

  /// How many bytes a token takes: 1, 2 or 4.
  public var bytesPerToken: Int {
    switch storage {
    case .narrow: 1
    case .middle: 2
    case .wide: 4
    }
  }

  /// Adds a token at the end; its number must fit the width.
  public mutating func append(_ id: TokenID) {
    // Taken out while it grows, so that it is not copied.
    let taken = storage
    storage = .narrow([])
    switch consume taken {
    case .narrow(var words):
      words.append(UInt8(id))
      storage = .narrow(words)
    case .middle(var words):
      words.append(UInt16(id))
      storage = .middle(words)
    case .wide(var words):
      words.append(UInt32(id))
      storage = .wide(words)
    }
  }

  /// Adds tokens of the same width at the end.
  package mutating func append(contentsOf other: TokenSequence) {
    let taken = storage
    storage = .narrow([])
    switch (consume taken, other.storage) {
    case (.narrow(var words), .narrow(let more)):
      words.append(contentsOf: more)
      storage = .narrow(words)
    case (.middle(var words), .middle(let more)):
      words.append(contentsOf: more)
      storage = .middle(words)
    case (.wide(var words), .wide(let more)):
      words.append(contentsOf: more)
      storage = .wide(words)
    case (let words, _):
      storage = words
      preconditionFailure("tokens of \(other.bytesPerToken) bytes added to tokens of \(bytesPerToken)")
    }
  }

  /// The numbers as bytes, `bytesPerToken` each, the least byte first.
  package var littleEndianBytes: [UInt8] {
    switch storage {
    case .narrow(let words): words
    case .middle(let words): Self.littleEndianBytes(of: words)
    case .wide(let words): Self.littleEndianBytes(of: words)
    }
  }

  private static func littleEndianBytes<Word: FixedWidthInteger>(of words: [Word]) -> [UInt8] {
    let size = MemoryLayout<Word>.size
    var bytes = [UInt8](repeating: 0, count: words.count * size)
    var target = bytes.mutableSpan
    for index in words.indices {
      for place in 0..<size { target[index * size + place] = UInt8(truncatingIfNeeded: words[index] >> (8 * place)) }
    }
    return bytes
  }

  /// Copies the tokens of `range` to the start of `target`, which must be long enough.
  ///
  /// - Complexity: O(range), without allocation.
  public func copy(_ range: Range<Int>, to target: inout MutableSpan<TokenID>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count && range.count <= target.count,
      "tokens \(range) of \(count) into room for \(target.count)")
    switch storage {
    case .narrow(let words): Self.copy(words.span.extracting(range), to: &target)
    case .middle(let words): Self.copy(words.span.extracting(range), to: &target)
    case .wide(let words): Self.copy(words.span.extracting(range), to: &target)
    }
  }

  @inline(__always)
  private static func copy<Word: FixedWidthInteger>(_ words: Span<Word>, to target: inout MutableSpan<TokenID>) {
    for index in words.indices { target[index] = TokenID(truncatingIfNeeded: words[index]) }
  }
}

extension TokenSequence: RandomAccessCollection {
  /// The first position, 0.
  public var startIndex: Int { 0 }

  /// The number of tokens.
  public var endIndex: Int {
    switch storage {
    case .narrow(let words): words.count
    case .middle(let words): words.count
    case .wide(let words): words.count
    }
  }

  /// The token at a position.
  public subscript(position: Int) -> TokenID {
    switch storage {
    case .narrow(let words): TokenID(words[position])
    case .middle(let words): TokenID(words[position])
    case .wide(let words): TokenID(truncatingIfNeeded: words[position])
    }
  }
}
