/// Counts the tokens of texts, and makes a vocabulary of them.
///
/// A text may come in pieces that end at token boundaries. The vocabulary does not depend on their order.
public struct VocabularyBuilder: Sendable {
  /// The settings that the vocabulary is made by; texts must be in their normalization already. Fallback and limits may
  /// change after counting, unit and normalization not.
  public var settings: TextSettings
  /// Whether the vocabulary gets a token between documents.
  public let hasDocuments: Bool
  /// Whether the vocabulary gets an unknown token even where it leaves nothing out.
  public let reservesUnknown: Bool

  private var pieces = ByteStringTable()
  private var pieceCounts: [Int] = []
  /// How often each byte was counted alone, in four rows, so that equal neighbours do not wait for one another.
  private var byteRows = [Int](repeating: 0, count: 4 * 256)

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
    case .byte: countSingles(utf8, utf8.indices)
    case .scalar:
      Segmenter.forEachScalar(in: utf8, singles: { countSingles(utf8, $0) }) { countToken(utf8, $0) }
    case .grapheme:
      Segmenter.forEachGrapheme(in: utf8, singles: { countSingles(utf8, $0) }) { countToken(utf8, $0) }
    case .word: Segmenter.forEachWord(in: utf8) { countToken(utf8, $0) }
    }
  }

  @inline(__always)
  private mutating func countSingles(_ utf8: Span<UInt8>, _ run: Range<Int>) {
    var rows = byteRows.mutableSpan
    for offset in run {
      // Safe: runs are within the text, and there are four rows of 256.
      unsafe rows[unchecked: (offset & 3) << 8 | Int(utf8[unchecked: offset])] &+= 1
    }
  }

  @inline(__always)
  private mutating func countToken(_ utf8: Span<UInt8>, _ range: Range<Int>) {
    if range.count == 1 {
      byteRows[Int(utf8[range.lowerBound])] += 1
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
    for byte in 0..<256 {
      let occurrences = (0..<4).reduce(0) { $0 + byteRows[$1 << 8 | byte] }
      if occurrences > 0 { counts.append(Count(bytes: [UInt8(byte)], occurrences: occurrences)) }
    }
    for number in 0..<pieces.count {
      counts.append(Count(bytes: Array(pieces[number]), occurrences: pieceCounts[number]))
    }
    return counts.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The advice where limits are not given: with the fallback of the settings, if they have one, where it is to spell.
  ///
  /// - Complexity: O(n log n) in the number of different tokens.
  public var adviceKeepingFallback: VocabularyAdvice {
    var whole = self
    whole.settings.fallback = .none
    let advice = whole.advice
    guard advice.isFallback, settings.fallback != .none else { return advice }
    var kept = advice.settings
    kept.fallback = settings.fallback
    return VocabularyAdvice(
      settings: kept, tokenCount: advice.tokenCount, rareCount: advice.rareCount, spelledShare: advice.spelledShare)
  }

  /// The vocabulary: special tokens, then text in the order of its scalars.
  ///
  /// Tokens as frequent as the minimum count stay; with a size limit, which counts every row, the most frequent of
  /// them, and of equally frequent ones those of lower scalars. With a fallback, what spells the others stays, too: by
  /// scalars, all that are needed; by bytes, all 256, and of scalars those that are as frequent as the minimum count.
  /// There is an unknown token where something is left out and cannot be spelled (or one was reserved).
  ///
  /// - Throws: `TextError.noTokensLeft` where nothing was counted or nothing is left, `.tooFewRows` where the size leaves
  ///   no room for the bytes that spell.
  public func vocabulary() throws(TextError) -> Vocabulary {
    let counts = counts
    let choice = VocabularyChoice(
      counts, settings: settings, rowsForOthers: hasDocuments ? 1 : 0, reservesUnknown: reservesUnknown)
    let needed = VocabularyChoice.neededRows(
      settings, rowsForOthers: hasDocuments ? 1 : 0, reservesUnknown: reservesUnknown)
    if let size = settings.vocabularySize, settings.fallback != .none, size < needed {
      throw .tooFewRows(needed: needed, given: size)
    }
    guard !counts.isEmpty, let choice else {
      throw .noTokensLeft(minimumCount: settings.minimumCount, vocabularySize: settings.vocabularySize)
    }
    let specials = (choice.hasUnknown ? [Token.special(.unknown)] : []) + (hasDocuments ? [.special(.document)] : [])
    return try Vocabulary(tokens: specials + choice.kept.map { .text($0) })
  }
}
