/// Whether a vocabulary is large for its corpus, and what to do then.
///
/// A token that a corpus has fewer than ten times is hardly learnt, and still costs a row of the model. Where most
/// of a large vocabulary is of that kind (the Tang poems' characters, one by one; every emoji a few times), rare tokens
/// are better spelled. Where a long text has such a tail (a novel in Chinese), it stays whole: half its rows are rare,
/// but they are learnt as well as the rest can be.
public struct VocabularyAdvice: Hashable, Sendable {
  /// The settings of the builder, with the fallback and the minimum count to use.
  public let settings: TextSettings
  /// How many different tokens were counted.
  public let tokenCount: Int
  /// How many of them are rare.
  public let rareCount: Int
  /// The part of the corpus's tokens that is spelled under `settings`, 0 to 1.
  public let spelledShare: Double

  /// Whether the advice is to spell rare tokens.
  public var isFallback: Bool { settings.fallback != .none }

  /// Tokens with fewer occurrences are rare.
  package static let rareLimit = 10
  /// Vocabularies of fewer tokens are not large.
  package static let largeCount = 1000
  /// The part of a vocabulary that is rare, in percent, from which on it is large for its corpus.
  package static let rareShare = 75
  /// The most of a corpus's tokens, in percent, that are spelled rather than kept.
  package static let mostSpelled = 10
}

extension VocabularyBuilder {
  /// What is right for what was counted, where neither fallback nor limits are given: a fallback only where it spells
  /// something, and saves rows.
  ///
  /// - Complexity: O(n log n) in the number of different tokens.
  public var advice: VocabularyAdvice {
    let occurrences = counts.map(\.occurrences)
    let rareCount = occurrences.count { $0 < VocabularyAdvice.rareLimit }
    let isLarge =
      (settings.unit == .grapheme || settings.unit == .scalar) && occurrences.count >= VocabularyAdvice.largeCount
      && rareCount * 100 >= occurrences.count * VocabularyAdvice.rareShare
    let (minimumCount, share) = isLarge ? Self.minimumCount(occurrences) : (1, 0)
    var spelling = settings
    (spelling.fallback, spelling.minimumCount) = (.byte, minimumCount)
    let isBetter = share > 0 && hasFewerRows(spelling)
    return VocabularyAdvice(
      settings: isBetter ? spelling : settings, tokenCount: occurrences.count, rareCount: rareCount,
      spelledShare: isBetter ? share : 0)
  }

  /// Whether the vocabulary has fewer rows under these settings: the 256 bytes may be more than what they spell.
  private func hasFewerRows(_ settings: TextSettings) -> Bool {
    var other = self
    other.settings = settings
    guard let rows = try? vocabulary().count, let otherRows = try? other.vocabulary().count else { return false }
    return otherRows < rows
  }

  /// The highest minimum count up to the rare limit that does not spell too much, and how much it spells.
  private static func minimumCount(_ occurrences: [Int]) -> (count: Int, spelledShare: Double) {
    let total = occurrences.reduce(0, +)
    var best = (count: 2, spelledShare: 0.0)
    for count in 2...VocabularyAdvice.rareLimit {
      let spelled = occurrences.reduce(0) { $0 + ($1 < count ? $1 : 0) }
      guard spelled * 100 <= total * VocabularyAdvice.mostSpelled || count == 2 else { break }
      best = (count, Double(spelled) / Double(total))
    }
    return best
  }
}
