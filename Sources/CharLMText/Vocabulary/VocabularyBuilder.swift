/// Counts the tokens of texts, and makes a vocabulary of them.
///
/// A text may come in pieces that end at token boundaries. The vocabulary does not depend on their order.
public struct VocabularyBuilder: Sendable {
  /// The settings that the vocabulary is made by; texts must be in their normalization already.
  public let settings: TextSettings
  /// Whether the vocabulary gets a token between documents.
  public let hasDocuments: Bool
  /// Whether the vocabulary gets an unknown token even where it leaves nothing out.
  public let reservesUnknown: Bool

  private var pieces = ByteStringTable()
  private var pieceCounts: [Int] = []
  private var byteCounts = [Int](repeating: 0, count: 256)

  /// A builder that has counted nothing yet.
  public init(settings: TextSettings, hasDocuments: Bool = false, reservesUnknown: Bool = false) {
    self.settings = settings
    self.hasDocuments = hasDocuments
    self.reservesUnknown = reservesUnknown
  }

  /// Counts the tokens of a text, which must have the settings' normalization already.
  ///
  /// - Complexity: O(bytes).
  public mutating func count(_ utf8: Span<UInt8>) {
    switch settings.unit {
    case .byte: for offset in utf8.indices { byteCounts[Int(utf8[offset])] += 1 }
    case .scalar: Segmenter.forEachScalar(in: utf8) { countToken(utf8, $0) }
    case .grapheme: Segmenter.forEachGrapheme(in: utf8) { countToken(utf8, $0) }
    case .word: Segmenter.forEachWord(in: utf8) { countToken(utf8, $0) }
    }
  }

  @inline(__always)
  private mutating func countToken(_ utf8: Span<UInt8>, _ range: Range<Int>) {
    if range.count == 1 {
      byteCounts[Int(utf8[range.lowerBound])] += 1
    } else {
      let number = Int(pieces.insert(utf8, range))
      if number == pieceCounts.count { pieceCounts.append(0) }
      pieceCounts[number] += 1
    }
  }

  /// A token and how often it was counted.
  public struct Count: Hashable, Sendable {
    /// The token's bytes.
    public let bytes: [UInt8]
    /// How often it occurs.
    public let occurrences: Int
  }

  /// The tokens that were counted, in the order of their bytes, which is that of their scalars.
  ///
  /// - Complexity: O(n log n) in the number of different tokens.
  public var counts: [Count] {
    var counts: [Count] = []
    for byte in 0..<256 where byteCounts[byte] > 0 {
      counts.append(Count(bytes: [UInt8(byte)], occurrences: byteCounts[byte]))
    }
    for number in 0..<pieces.count {
      counts.append(Count(bytes: Array(pieces[number]), occurrences: pieceCounts[number]))
    }
    return counts.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The vocabulary: special tokens, then text in the order of its scalars.
  ///
  /// It has an unknown token where the settings' limits leave something out (or one was reserved). With a size limit,
  /// which counts every row, the most frequent tokens stay; of equally frequent ones those of lower scalars.
  ///
  /// - Throws: `TextError.noTokensLeft` where nothing was counted or nothing is left.
  public func vocabulary() throws(TextError) -> Vocabulary {
    let counts = counts
    var kept = counts.filter { $0.occurrences >= settings.minimumCount }
    let documentRows = hasDocuments ? 1 : 0
    var hasUnknown = reservesUnknown || kept.count < counts.count
    if let limit = settings.vocabularySize, kept.count + documentRows + (hasUnknown ? 1 : 0) > limit {
      hasUnknown = true
      kept = Self.mostFrequent(kept, max(0, limit - documentRows - 1))
    }
    if kept.isEmpty {
      throw .noTokensLeft(minimumCount: settings.minimumCount, vocabularySize: settings.vocabularySize)
    }
    let specials = (hasUnknown ? [Token.special(.unknown)] : []) + (hasDocuments ? [.special(.document)] : [])
    return try Vocabulary(tokens: specials + kept.map { .text($0.bytes) })
  }

  /// The `number` most frequent of `counts`, which are in the order of their bytes, in that order.
  private static func mostFrequent(_ counts: [Count], _ number: Int) -> [Count] {
    let ranked = counts.indices.sorted {
      (counts[$1].occurrences, $0) < (counts[$0].occurrences, $1)
    }
    return ranked.prefix(number).sorted().map { counts[$0] }
  }
}
