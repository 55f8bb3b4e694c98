import CharLMText

/// The tokens of a corpus, how often each occurs, and the vocabulary that training would make of them.
package struct CorpusVocabulary: Sendable {
  /// The files, with the encodings that were found.
  package let record: CorpusRecord
  /// The different tokens, the most frequent first, of equally frequent ones those of lower scalars.
  package let counts: [VocabularyBuilder.Count]
  /// How many tokens there are in all.
  package let tokenCount: Int
  /// What is right for the corpus where limits are not given.
  package let advice: VocabularyAdvice
  /// The settings that training would use.
  package let settings: TextSettings
  /// The rows of the vocabulary that it would make, special tokens included.
  package let rowCount: Int
  /// Whether the minimum count of `settings` was chosen, and the fallback where none was asked for.
  package let isFallbackChosen: Bool
  private let builder: VocabularyBuilder

  /// Reads files, and counts.
  /// - Parameters:
  ///   - paths: files, folders (all files in them and below), patterns, `-` for standard input.
  ///   - settings: how text becomes tokens. With the encoding "auto" that of each file is detected.
  ///   - isAutomatic: whether a vocabulary that is large for its corpus gets a minimum count, and a fallback where
  ///     `settings` have none.
  ///   - documentSeparator: a text that stands between two documents of a file, and belongs to neither.
  ///   - observe: receives what happens meanwhile.
  /// - Throws: `CorpusError` where a file cannot be read or has no usable text.
  package init(
    paths: [String], settings: TextSettings, isAutomatic: Bool, documentSeparator: String? = nil,
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    var reader = CorpusReader(
      sources: try CorpusSource.find(
        paths, acceptsMarkup: settings.encoding != "auto", skip: { observe(.skipped($0)) }),
      settings: settings, isAutomatic: isAutomatic,
      documentSeparator: documentSeparator, observe: observe)
    let counted = try reader.count()
    let tokenizer = try reader.tokenizer(for: counted)
    builder = counted.vocabulary
    record = reader.record(counted.files)
    advice = builder.adviceKeepingFallback
    isFallbackChosen = isAutomatic && advice.isFallback
    self.settings = tokenizer.settings
    rowCount = tokenizer.vocabulary.count
    let counts = builder.counts
    let ranked = counts.indices.sorted { (counts[$1].occurrences, $0) < (counts[$0].occurrences, $1) }
    self.counts = ranked.map { counts[$0] }
    tokenCount = counts.reduce(0) { $0 + $1.occurrences }
  }

  /// What a limit would cost without a fallback.
  package struct Loss: Encodable, Hashable, Sendable {
    /// The minimum count, or nil where the limit is one of size.
    package let minimumCount: Int?
    /// How many different tokens stay.
    package let keptCount: Int
    /// How many tokens of the text would be unknown.
    package let unknownCount: Int
    /// Their part of the text, 0 to 1.
    package let unknownShare: Double
    /// The rows of the vocabulary with the fallback to bytes, special tokens included.
    package let rowsWithFallback: Int?
  }

  /// What minimum counts of 2, 3, 5, 10, 20, 50 and 100 would lose; those that lose nothing are left out.
  package var lossesByCount: [Loss] {
    [2, 3, 5, 10, 20, 50, 100].compactMap { minimumCount in
      let keptCount = counts.prefix { $0.occurrences >= minimumCount }.count
      return keptCount < counts.count && keptCount > 0 ? loss(keptCount, minimumCount: minimumCount) : nil
    }
  }

  /// What it would lose to keep the 64, 128, 256 … most frequent tokens only.
  package var lossesBySize: [Loss] {
    sequence(first: 64) { $0 * 2 }.prefix { $0 < counts.count }.map { loss($0, minimumCount: nil) }
  }

  private func loss(_ keptCount: Int, minimumCount: Int?) -> Loss {
    let unknown = counts[keptCount...].reduce(0) { $0 + $1.occurrences }
    var spelled = builder
    spelled.settings.fallback = .byte
    spelled.settings.vocabularySize = nil
    spelled.settings.minimumCount = minimumCount ?? 1
    return Loss(
      minimumCount: minimumCount, keptCount: keptCount, unknownCount: unknown,
      unknownShare: Double(unknown) / Double(tokenCount),
      rowsWithFallback: minimumCount == nil ? nil : try? spelled.vocabulary().count)
  }

  /// A property's value, and how many scalars of the text have it.
  package struct PropertyCount: Encodable, Hashable, Sendable {
    /// Its name by Unicode.
    package let name: String
    /// How many different scalars have it.
    package let differentCount: Int
    /// How many scalars of the text have it.
    package let count: Int
  }

  /// The scripts of the text's scalars, the most frequent first.
  package var scripts: [PropertyCount] { properties(UnicodeProperties.script) }

  /// The general categories of the text's scalars, the most frequent first.
  package var categories: [PropertyCount] { properties(UnicodeProperties.category) }

  private func properties(_ name: (Unicode.Scalar) -> String) -> [PropertyCount] {
    var scalars: [Unicode.Scalar: Int] = [:]
    for count in counts {
      guard let text = String(validating: count.bytes, as: UTF8.self) else { continue }
      for scalar in text.unicodeScalars { scalars[scalar, default: 0] += count.occurrences }
    }
    var found: [String: (different: Int, count: Int)] = [:]
    for (scalar, count) in scalars {
      let sum = found[name(scalar)] ?? (0, 0)
      found[name(scalar)] = (sum.different + 1, sum.count + count)
    }
    return found.map { PropertyCount(name: $0.key, differentCount: $0.value.different, count: $0.value.count) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
