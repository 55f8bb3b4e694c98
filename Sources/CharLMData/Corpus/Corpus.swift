import CharLMFiles
import CharLMText

/// A training text as tokens: the part to train on and the part to validate on.
///
///     let corpus = try Corpus(text: "To be, or not to be, that is the question.")
///     let books = try Corpus(paths: ["books/*.txt"])
///
/// Files are read in pieces, whatever their size. The tokens of small corpora are kept in memory, those of large ones
/// in a file (see `TokenStorage`).
public struct Corpus: Sendable {
  /// Where it came from.
  public let record: CorpusRecord
  /// How its text became tokens.
  public let tokenizer: Tokenizer
  /// The part to train on.
  public let train: TokenText
  /// The part to validate on, nil where there is none.
  public let validation: EvaluationText?
  /// The number of documents; 0 for a text without documents.
  public let documentCount: Int

  /// What is kept for validation.
  public enum Validation: Hashable, Sendable {
    /// The last part of the text: cut at ⌊(1 − fraction) · scalars⌋, moved forward to a token boundary. 0 for none.
    case fraction(Double)
    /// A file.
    case file(String)
  }

  /// Reads files, counts the vocabulary over all of the text, and encodes it.
  ///
  /// Several files are documents, and so is what stands between separators: a document token begins and ends each.
  /// - Parameters:
  ///   - paths: files, folders (all files in them and below), patterns with `*`, `?` or `[…]`, `-` for standard input.
  ///   - settings: how text becomes tokens. With the encoding "auto" that of each file is detected.
  ///   - isAutomatic: whether a vocabulary that is large for its corpus gets a minimum count, and a fallback where
  ///     `settings` have none.
  ///   - validation: what is kept for validation.
  ///   - documentSeparator: a text that stands between two documents of a file, and belongs to neither.
  ///   - tokenizer: a vocabulary to use instead of counting one.
  ///   - extendsVocabulary: whether tokens that this vocabulary lacks are added to it, as far as its settings would keep
  ///     them in a vocabulary of this text.
  ///   - storage: where tokens are kept.
  ///   - observe: receives what happens meanwhile.
  /// - Throws: `CorpusError` where a file cannot be read or has no usable text.
  public init(
    paths: [String], settings: TextSettings = TextSettings(), isAutomatic: Bool = false,
    validation: Validation = .fraction(0.1), documentSeparator: String? = nil, tokenizer: Tokenizer? = nil,
    extendsVocabulary: Bool = false, storage: TokenStorage = TokenStorage(),
    observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    let reader = CorpusReader(
      sources: try CorpusSource.find(paths, acceptsMarkup: settings.encoding != "auto") { observe(.skipped($0)) },
      settings: settings, isAutomatic: isAutomatic, tokenizer: tokenizer,
      extendsVocabulary: extendsVocabulary, documentSeparator: documentSeparator, storage: storage, observe: observe)
    try self.init(reader, validation)
  }

  /// Counts the vocabulary of a text in memory, and encodes it.
  ///
  /// The record has "(text in memory)" in place of a path, beside the text's SHA-256 and size.
  /// - Parameters:
  ///   - text: the text, a document unless a separator cuts it.
  ///   - settings: how text becomes tokens; their encoding does not matter.
  ///   - name: what messages call the text.
  ///   - validation: as for files.
  ///   - documentSeparator: as for files.
  ///   - tokenizer: as for files.
  /// - Throws: `CorpusError` where the text is too short, or has tokens that a given vocabulary lacks.
  public init(
    text: String, settings: TextSettings = TextSettings(), validation: Validation = .fraction(0.1),
    documentSeparator: String? = nil, tokenizer: Tokenizer? = nil, name: String = "the text"
  ) throws(CorpusError) {
    let reader = CorpusReader(
      sources: [CorpusSource(text, name: name)], settings: settings, tokenizer: tokenizer,
      documentSeparator: documentSeparator, storage: .memory)
    try self.init(reader, validation)
  }

  private init(_ reader: CorpusReader, _ validation: Validation) throws(CorpusError) {
    var reader = reader
    switch validation {
    case .fraction(let fraction): reader.validationFraction = fraction
    case .file(let path): reader.validationSource = try mapError(CorpusError.file, CorpusSource(path: path))
    }
    self = try reader.read()
  }

  /// The corpus of tokens that came from `record`.
  init(_ description: TokenFileDescription, record: CorpusRecord, _ tokens: TokenText) {
    self.record = record
    tokenizer = Tokenizer(vocabulary: description.vocabulary, settings: description.text)
    train = tokens[0..<description.trainTokenCount]
    let validation = EvaluationText(
      tokens: tokens[description.trainTokenCount..<tokens.count],
      predicted: TextExtent(
        byteCount: description.predictedByteCount, graphemeCount: description.predictedGraphemeCount),
      unknownCount: description.unknownCount)
    // Of one token nothing is predicted.
    self.validation = validation.tokens.count > 1 ? validation : nil
    documentCount = description.documentCount
  }

  init(_ file: TokenFile, record: CorpusRecord) { self.init(file.description, record: record, TokenText(file)) }
}
