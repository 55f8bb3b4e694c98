import CharLMFiles
import CharLMText

/// What the first pass through a corpus finds.
struct CorpusCount {
  /// The records of all sources, that for validation last.
  fileprivate(set) var files: [FileRecord] = []
  /// The scalars of the sources, that for validation left out.
  fileprivate(set) var scalarCount = 0
  /// The bytes of all sources, decompressed.
  fileprivate(set) var contentByteCount = 0
  /// The tokens of all sources, unless the vocabulary is given.
  fileprivate(set) var vocabulary: VocabularyBuilder
  /// The beginning of the first source, its documents separated as they are there.
  fileprivate var beginning: [UInt8] = []

  /// So much of a source shows how it is laid out.
  private static let beginningSize = 1 << 17

  fileprivate mutating func noteBeginning(_ part: DocumentPart, after separator: String?) {
    guard files.isEmpty, beginning.count < CorpusCount.beginningSize else { return }
    if part.beginsDocument, !beginning.isEmpty { beginning += (separator ?? "").utf8 }
    beginning += part.piece.utf8
  }
}

extension CorpusReader {
  /// The first pass: finds encodings, checks that everything can be decoded, and counts.
  mutating func count() throws(CorpusError) -> CorpusCount {
    var sources = allSources
    for index in sources.indices {
      guard let found = try sources[index].detectEncoding(settings), found.name != "utf-8" else { continue }
      observe(.detected(path: sources[index].name, found))
    }
    var counted = CorpusCount(vocabulary: VocabularyBuilder(settings: settings, hasDocuments: hasDocuments))
    var progress = PassProgress(.counting, byteCount: byteCount, observe)
    for index in sources.indices {
      let scalarCount = try count(&sources[index], &counted, &progress)
      if index < self.sources.count { counted.scalarCount += scalarCount }
    }
    if validationSource != nil { validationSource = sources.popLast() }
    self.sources = sources
    noteLayout(counted)
    return counted
  }

  /// Notes where a text that is going to be one document looks like several, and where a list is sorted.
  private func noteLayout(_ counted: CorpusCount) {
    let isToLearn = validationFraction < 1 && (tokenizer == nil || extendsVocabulary)
    guard isToLearn, sources.count == 1, let layout = DocumentLayout(of: counted.beginning) else {
      return
    }
    if !hasDocuments { observe(.looksLikeDocuments(layout)) }
    if layout == .list, validationFraction > 0, DocumentLayout.isSorted(counted.beginning) {
      observe(.isSorted(path: sources[0].name))
    }
  }

  /// Reads a source, again from its beginning where it turns out not to be what its beginning is.
  /// - Returns: the number of its scalars.
  private func count(
    _ source: inout CorpusSource, _ counted: inout CorpusCount, _ progress: inout PassProgress
  ) throws(CorpusError) -> Int {
    let (before, beginningBefore) = (source.isAssumed ? counted.vocabulary : nil, counted.beginning)
    var settings = settings
    // What is not UTF-8 may be text of another encoding: that must be known before anything is replaced or kept.
    if source.isAssumed { settings.invalid = .error }
    let reader = try SourceReader(source, settings: settings, separator: documentSeparator)
    do throws(CorpusError) {
      let scalarCount = try count(reader, &counted, &progress)
      if scalarCount == 0 { throw .text(.emptyText(source: source.name)) }
      counted.files.append(reader.record)
      counted.contentByteCount += reader.contentByteCount
      return scalarCount
    } catch {
      guard let before else { throw error }
      try settleEncoding(of: &source, reader, error)
      (counted.vocabulary, counted.beginning) = (before, beginningBefore)
      return try count(&source, &counted, &progress)
    }
  }

  private func count(
    _ reader: SourceReader, _ counted: inout CorpusCount, _ progress: inout PassProgress
  ) throws(CorpusError) -> Int {
    var scalarCount = 0
    while let part = try reader.next() {
      counted.noteBeginning(part, after: documentSeparator)
      if countsVocabulary, tokenizer == nil || extendsVocabulary {
        counted.vocabulary.count(part.piece.normalized.span)
      }
      scalarCount += part.piece.scalarCount
      progress.note(reader.byteCount)
    }
    progress.finish(reader.byteCount)
    return scalarCount
  }

  /// Decides what a source is that was assumed to be UTF-8 and could not be read as such.
  /// - Throws: why it cannot be read, where it is no text of another encoding and invalid bytes are refused.
  private func settleEncoding(
    of source: inout CorpusSource, _ reader: SourceReader, _ error: CorpusError
  ) throws(CorpusError) {
    guard case .text(.invalidBytes(_, "utf-8", let offset, _, _, _)) = error else { throw error }
    source.isAssumed = false
    var failure = error
    do throws(TextError) {
      if let found = try reader.encodingInstead(ofUTF8At: offset) {
        source.encoding = found.name
        return observe(.detected(path: source.name, found))
      }
    } catch {
      failure = .text(error)
    }
    if settings.invalid == .error { throw failure }
  }

  /// A tokenizer with the vocabulary that was given, or counted, and the encoding that was found; "auto" where the
  /// sources have several.
  func tokenizer(for counted: CorpusCount) throws(CorpusError) -> Tokenizer {
    let encodings = record(counted.files).encodings
    let encoding = encodings.count == 1 ? encodings[0] : "auto"
    if let tokenizer {
      var settings = settings
      settings.encoding = encoding
      let given = Tokenizer(vocabulary: tokenizer.vocabulary, settings: settings)
      return extendsVocabulary ? given.extended(by: counted.vocabulary) : given
    }
    var builder = counted.vocabulary
    if isAutomatic {
      let advice = builder.adviceKeepingFallback
      if advice.isFallback {
        observe(.advised(advice))
        builder.settings = advice.settings
      }
    }
    builder.settings.encoding = encoding
    return Tokenizer(vocabulary: try mapError(CorpusError.text, builder.vocabulary()), settings: builder.settings)
  }
}
