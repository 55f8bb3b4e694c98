import CharLMFiles
import CharLMText

/// Reads a corpus: one pass to count the vocabulary, one to encode; or finds the tokens of an earlier run.
///
/// Memory is that of the vocabulary and of some pieces, unless the corpus is small, whose tokens are kept in memory.
struct CorpusReader {
  /// What is read; the encodings are known once it was counted.
  var sources: [CorpusSource]
  var validationSource: CorpusSource?
  /// How text becomes tokens; with a tokenizer its settings, but for the encoding.
  var settings: TextSettings
  /// Whether settings that limit the vocabulary are chosen where it is large for its corpus.
  var isAutomatic = false
  /// A vocabulary to use instead of counting one.
  var tokenizer: Tokenizer?
  /// Whether tokens that the given vocabulary lacks are added to it, as far as its settings would keep them.
  var extendsVocabulary = false
  /// Whether the first pass counts tokens at all.
  var countsVocabulary = true
  var validationFraction = 0.0
  var documentSeparator: String?
  var onUnknown = Tokenizer.UnknownPolicy.error
  var storage = TokenStorage()
  var observe: (CorpusEvent) -> Void = { _ in }
  /// Takes down where the tokens stand in a text that is encoded in memory; nil where nobody asks.
  var places: PlaceRecorder?

  /// The corpus.
  mutating func read() throws(CorpusError) -> Corpus {
    // How large a compressed text is is known once it was read.
    let mayBeLarge = byteCount > storage.largestInMemory || storage.cacheFolder != nil && isCompressed
    if mayBeLarge, let corpus = try cachedCorpus() { return corpus }
    let counted = try count()
    let isLarge = max(byteCount, counted.contentByteCount) > storage.largestInMemory
    let tokenizer = try tokenizer(for: counted)
    let description = description(of: record(counted.files), tokenizer)
    return try isLarge ? corpusInFile(description, counted) : corpusInMemory(description, counted)
  }

  private func corpusInMemory(
    _ description: TokenFileDescription, _ counted: CorpusCount
  ) throws(CorpusError) -> Corpus {
    var tokens = TokenSequence(vocabularyCount: description.vocabulary.count)
    let description = try encode(description, counted) { (more) throws(TokenFileError) in
      if tokens.isEmpty { tokens = more } else { tokens.append(contentsOf: more) }
    }
    return Corpus(description, record: description.corpus, TokenText(tokens))
  }

  /// Tokens in the cache folder; where that cannot be, in a temporary file; where that cannot be, in memory.
  private func corpusInFile(
    _ description: TokenFileDescription, _ counted: CorpusCount
  ) throws(CorpusError) -> Corpus {
    var failure: TokenFileError?
    if let folder = storage.cacheFolder {
      do throws(CorpusError) {
        let file = try tokenFile(description, counted, in: folder) { cacheName($0) }
        observe(.cached(path: file.path))
        return Corpus(file, record: file.description.corpus)
      } catch {
        guard case .tokens(let error) = error else { throw error }
        failure = error
      }
    }
    let folder = Files.temporaryFolder
    do throws(CorpusError) {
      let file = try tokenFile(description, counted, in: folder) { _ in nil }
      if let failure { observe(.notCached(failure, .temporaryFile(folder: folder))) }
      return Corpus(file, record: file.description.corpus)
    } catch {
      guard case .tokens(let error) = error, fitsInMemory(description.vocabulary, counted) else { throw error }
      observe(.notCached(failure ?? error, .memory))
      return try corpusInMemory(description, counted)
    }
  }

  /// Writes a token file.
  /// - Parameter name: its name by the complete description; nil for a file without a name.
  private func tokenFile(
    _ description: TokenFileDescription, _ counted: CorpusCount, in folder: String,
    name: (TokenFileDescription) -> String?
  ) throws(CorpusError) -> TokenFile {
    let writer = try mapError(
      CorpusError.tokens, TokenFileWriter(in: folder, vocabularyCount: description.vocabulary.count))
    let description = try encode(description, counted) { (tokens) throws(TokenFileError) in try writer.append(tokens) }
    guard let name = name(description) else {
      return try mapError(CorpusError.tokens, writer.finishUnnamed(description))
    }
    return try mapError(CorpusError.tokens, writer.finish(description, as: Files.join(folder, name)))
  }

  /// Whether as many tokens as there are bytes take at most a gigabyte.
  private func fitsInMemory(_ vocabulary: Vocabulary, _ counted: CorpusCount) -> Bool {
    max(byteCount, counted.contentByteCount) <= (1 << 30)
      / TokenSequence(vocabularyCount: vocabulary.count).bytesPerToken
  }
}

// MARK: What is read

extension CorpusReader {
  /// The sources for messages.
  var name: String { CorpusRecord.name(of: sources.map(\.name)) }

  /// Every source, that for validation last.
  var allSources: [CorpusSource] { sources + [validationSource].compactMap(\.self) }

  /// The size of all sources.
  var byteCount: Int { allSources.reduce(0) { $0 + $1.byteCount } }

  /// Whether any source is compressed.
  private var isCompressed: Bool {
    allSources.contains { source in (try? source.content())?.compression != nil }
  }

  /// Whether the text has documents, and the vocabulary a token for their border.
  var hasDocuments: Bool {
    if let tokenizer, !extendsVocabulary || tokenizer.vocabulary.documentID != nil {
      return tokenizer.vocabulary.documentID != nil
    }
    return sources.count > 1 || documentSeparator != nil
  }

  /// A record of the corpus.
  /// - Parameter files: the records of `allSources`.
  func record(_ files: [FileRecord]) -> CorpusRecord {
    CorpusRecord(
      files: Array(files.prefix(sources.count)), validationFraction: validationFraction,
      validationFile: validationSource == nil ? nil : files.last, documentSeparator: documentSeparator)
  }

  /// The description of this corpus's tokens in a token file, before they are counted.
  private func description(of record: CorpusRecord, _ tokenizer: Tokenizer) -> TokenFileDescription {
    TokenFileDescription(
      corpus: record, requested: settings, isAutomatic: isAutomatic, isVocabularyGiven: self.tokenizer != nil,
      text: tokenizer.settings, vocabulary: tokenizer.vocabulary, unicodeVersion: UnicodeLibrary.unicodeVersion,
      onUnknown: onUnknown)
  }
}
