/// Which tokens of those that were counted a vocabulary keeps.
struct VocabularyChoice {
  /// The tokens, in the order of their bytes.
  let kept: [[UInt8]]
  /// Whether some text needs the unknown token.
  let hasUnknown: Bool

  /// The choice under the limits and the fallback of `settings`; `nil` where they leave nothing.
  ///
  /// - Parameters:
  ///   - counts: What was counted, in the order of bytes.
  ///   - rowsForOthers: How many rows of the vocabulary are for other special tokens than the unknown one.
  init?(_ counts: [VocabularyBuilder.Count], settings: TextSettings, rowsForOthers: Int, reservesUnknown: Bool) {
    let rows = (settings.vocabularySize ?? Int.max) - rowsForOthers
    let spelledRows = rows - (reservesUnknown ? 1 : 0)
    let minimumCount = max(1, settings.minimumCount)
    switch Self.fallback(settings) {
    case .none:
      self.init(mostFrequent: counts, minimumCount: minimumCount, rows: rows, reservesUnknown: reservesUnknown)
    case .byte:
      guard spelledRows >= 256 else { return nil }
      let spelling = Spelling(counts, bytes: (0...255).map { [UInt8($0)] })
      self.init(kept: spelling.kept(minimumCount: minimumCount, rows: spelledRows), hasUnknown: reservesUnknown)
    case .scalar:
      let spelling = Spelling(counts, bytes: [])
      if spelling.scalarCount <= spelledRows {
        let kept = spelling.keptWithAllScalars(minimumCount: minimumCount, rows: spelledRows)
        self.init(kept: kept, hasUnknown: reservesUnknown)
      } else {
        // Not even the scalars find room: the most frequent do.
        self.init(mostFrequent: spelling.scalars, minimumCount: 1, rows: rows, reservesUnknown: true)
      }
    }
  }

  /// How many rows the vocabulary needs at least, for the bytes that spell and for special tokens.
  static func neededRows(_ settings: TextSettings, rowsForOthers: Int, reservesUnknown: Bool) -> Int {
    (fallback(settings) == .byte ? 256 : 0) + rowsForOthers + (reservesUnknown ? 1 : 0)
  }

  /// The fallback; a byte is spelled by itself.
  private static func fallback(_ settings: TextSettings) -> Fallback {
    settings.unit == .byte && settings.fallback == .scalar ? .byte : settings.fallback
  }

  private init(kept: [[UInt8]], hasUnknown: Bool) {
    self.kept = kept
    self.hasUnknown = hasUnknown
  }

  /// The most frequent tokens; the others are unknown.
  private init?(
    mostFrequent counts: [VocabularyBuilder.Count], minimumCount: Int, rows: Int, reservesUnknown: Bool
  ) {
    var kept = counts.filter { $0.occurrences >= minimumCount }
    var hasUnknown = reservesUnknown || kept.count < counts.count
    if kept.count + (hasUnknown ? 1 : 0) > rows {
      hasUnknown = true
      kept = Self.mostFrequent(kept, max(0, rows - 1))
    }
    if kept.isEmpty { return nil }
    self.init(kept: kept.map(\.bytes), hasUnknown: hasUnknown)
  }

  /// The `number` most frequent of `counts`, which are in the order of their bytes, in that order.
  static func mostFrequent(_ counts: [VocabularyBuilder.Count], _ number: Int) -> [VocabularyBuilder.Count] {
    let ranked = counts.indices.sorted {
      (counts[$1].occurrences, $0) < (counts[$0].occurrences, $1)
    }
    return ranked.prefix(number).sorted().map { counts[$0] }
  }
}
