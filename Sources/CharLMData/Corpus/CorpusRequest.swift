import CharLMText

/// All that decides what the tokens of a corpus are, and where they are kept.
struct CorpusRequest {
  var sources: [CorpusSource]
  var validationSource: CorpusSource?
  /// How text becomes tokens; with a tokenizer its settings, but for the encoding.
  var text: TextSettings
  /// Whether settings that limit the vocabulary are chosen where it is large for its corpus.
  var isAutomatic = false
  /// A vocabulary to use instead of counting one.
  var tokenizer: Tokenizer?
  /// Whether tokens that the given vocabulary lacks are added to it, as far as its settings would keep them.
  var extendsVocabulary = false
  var validationFraction: Double
  var documentSeparator: String?
  var onUnknown = Tokenizer.UnknownPolicy.error
  var storage = TokenStorage()
  var observe: (CorpusEvent) -> Void = { _ in }

  /// The files for messages.
  var name: String { CorpusRecord.name(of: sources.map(\.name)) }

  /// Every file, that for validation last.
  var allSources: [CorpusSource] { sources + [validationSource].compactMap(\.self) }

  /// The size of every file.
  var byteCount: Int { allSources.reduce(0) { $0 + $1.byteCount } }

  /// Whether the text has documents, and the vocabulary a token for their border.
  var hasDocuments: Bool {
    if let tokenizer, !extendsVocabulary || tokenizer.vocabulary.documentID != nil {
      return tokenizer.vocabulary.documentID != nil
    }
    return sources.count > 1 || documentSeparator != nil
  }

  /// A record of the files.
  /// - Parameter files: the records of `allSources`.
  func record(_ files: [FileRecord]) -> CorpusRecord {
    CorpusRecord(
      files: Array(files.prefix(sources.count)), validationFraction: validationFraction,
      validationFile: validationSource == nil ? nil : files.last, documentSeparator: documentSeparator)
  }

  /// What a token file says of tokens that this request asks for.
  func description(_ record: CorpusRecord, _ tokenizer: Tokenizer) -> TokenFileDescription {
    TokenFileDescription(
      corpus: record, requested: text, isAutomatic: isAutomatic, isVocabularyGiven: self.tokenizer != nil,
      text: tokenizer.settings,
      vocabulary: tokenizer.vocabulary, unicodeVersion: UnicodeLibrary.unicodeVersion, onUnknown: onUnknown)
  }

  /// Whether each file has an encoding of its own, of a record; otherwise that of `text` decides, be it "auto".
  private var isEncodingKnown: Bool { allSources.allSatisfy { $0.encoding != nil } }

  /// Whether tokens that a file describes are those that this request asks for.
  /// - Parameter digests: the SHA-256 of `allSources`.
  func isMet(by description: TokenFileDescription, digests: [String]) -> Bool {
    let files = description.corpus.files + [description.corpus.validationFile].compactMap(\.self)
    let sources = allSources
    guard files.map(\.sha256) == digests,
      zip(files, sources).allSatisfy({ file, source in source.encoding == nil || source.encoding == file.encoding }),
      isEncodingKnown || description.requested.encoding == text.encoding,
      // What a vocabulary lacks is known once the text is counted.
      !extendsVocabulary, record(files) == description.corpus,
      description.unicodeVersion == UnicodeLibrary.unicodeVersion,
      description.onUnknown == onUnknown
    else { return false }
    guard let tokenizer else {
      return !description.isVocabularyGiven && description.requested == text && description.isAutomatic == isAutomatic
    }
    var settings = text
    settings.encoding = description.text.encoding
    return settings == description.text && description.vocabulary == tokenizer.vocabulary
  }
}

/// The tokens of a corpus, and what they are of.
struct CorpusTokens {
  let record: CorpusRecord
  let tokenizer: Tokenizer
  let train: TokenText
  let validation: EvaluationText
  /// The number of documents; 0 for a text without documents.
  let documentCount: Int

  init(_ description: TokenFileDescription, _ record: CorpusRecord, _ tokens: TokenText) {
    self.record = record
    tokenizer = Tokenizer(vocabulary: description.vocabulary, settings: description.text)
    train = tokens[0..<description.trainTokenCount]
    validation = EvaluationText(
      tokens: tokens[description.trainTokenCount..<tokens.count],
      predicted: TextExtent(
        byteCount: description.predictedByteCount, graphemeCount: description.predictedGraphemeCount),
      unknownCount: description.unknownCount)
    documentCount = description.documentCount
  }
}
