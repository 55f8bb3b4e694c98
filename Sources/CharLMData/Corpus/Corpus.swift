import CharLMFiles
import CharLMText

/// A training text as tokens: the part to train on and the part to validate on.
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
  ///   - text: how text becomes tokens. The encoding "auto" is found for each file.
  ///   - isAutomatic: whether a vocabulary that is large for its corpus gets a minimum count, and a fallback where
  ///     `text` has none.
  ///   - validation: what is kept for validation.
  ///   - documentSeparator: a text that stands between two documents of a file, and belongs to neither.
  ///   - tokenizer: a vocabulary to use instead of counting one.
  ///   - extendsVocabulary: whether tokens that this vocabulary lacks are added to it, as far as its settings would keep
  ///     them in a vocabulary of this text.
  ///   - storage: where tokens are kept.
  ///   - observe: told of what happens.
  /// - Throws: `CorpusError` where a file cannot be read or has no usable text.
  public init(
    paths: [String], text: TextSettings, isAutomatic: Bool = false, validation: Validation,
    documentSeparator: String? = nil, tokenizer: Tokenizer? = nil, extendsVocabulary: Bool = false,
    storage: TokenStorage = TokenStorage(), observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) {
    var request = CorpusRequest(
      sources: try CorpusSource.find(paths), text: text, isAutomatic: isAutomatic, tokenizer: tokenizer,
      extendsVocabulary: extendsVocabulary, validationFraction: 0, documentSeparator: documentSeparator,
      storage: storage, observe: observe)
    switch validation {
    case .fraction(let fraction): request.validationFraction = fraction
    case .file(let path):
      do throws(FileError) { request.validationSource = try CorpusSource(path: path) } catch { throw .file(error) }
    }
    try self.init(request)
  }

  init(_ request: CorpusRequest) throws(CorpusError) {
    let tokens = try CorpusReading(request).tokens()
    record = tokens.record
    tokenizer = tokens.tokenizer
    train = tokens.train
    validation = tokens.validation.tokens.count > 1 ? tokens.validation : nil
    documentCount = tokens.documentCount
  }
}

// MARK: A corpus again

extension Corpus {
  /// The corpus of a record, found again and checked to be the same.
  /// - Parameters:
  ///   - folders: where relative paths are looked for, in this order.
  ///   - paths: the files, where they are elsewhere now.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  package init(
    again record: CorpusRecord, tokenizer: Tokenizer, lookingIn folders: [String], paths: [String]? = nil,
    storage: TokenStorage, observe: @escaping (CorpusEvent) -> Void
  ) throws(CorpusError) {
    var sources: [CorpusSource] = []
    var validationSource: CorpusSource?
    if let paths { sources = try CorpusSource.find(paths) }
    if paths != nil, sources.count != record.files.count {
      throw .fileCount(expected: record.files.count, found: sources.count)
    }
    do throws(FileError) {
      if paths == nil {
        for file in record.files { sources.append(try CorpusSource(again: file, lookingIn: folders)) }
      }
      if let file = record.validationFile { validationSource = try CorpusSource(again: file, lookingIn: folders) }
    } catch {
      throw .file(error)
    }
    for (index, file) in record.files.enumerated() { sources[index].encoding = file.encoding ?? "utf-8" }
    let request = CorpusRequest(
      sources: sources, validationSource: validationSource, text: tokenizer.settings, tokenizer: tokenizer,
      validationFraction: record.validationFraction, documentSeparator: record.documentSeparator, storage: storage,
      observe: observe)
    try self.init(request, expecting: record)
  }

  /// Reads, and compares with a record; where a file is another, that is said rather than what is wrong with its text.
  private init(_ request: CorpusRequest, expecting record: CorpusRecord) throws(CorpusError) {
    do throws(CorpusError) {
      try self.init(request)
    } catch {
      guard case .text = error else { throw error }
      for (source, file) in zip(request.allSources, record.files + [record.validationFile].compactMap(\.self)) {
        guard let found = try? source.sha256({ _ in }), found != file.sha256 else { continue }
        throw .changed(path: file.path, expectedSHA256: file.sha256, foundSHA256: found)
      }
      throw error
    }
    for (old, new) in zip(record.files, self.record.files) where old.sha256 != new.sha256 {
      throw .changed(path: new.path, expectedSHA256: old.sha256, foundSHA256: new.sha256)
    }
    if let old = record.validationFile, let new = self.record.validationFile, old.sha256 != new.sha256 {
      throw .changed(path: new.path, expectedSHA256: old.sha256, foundSHA256: new.sha256)
    }
  }

  /// The validation part alone of a corpus that a model was trained on, found again by its record.
  ///
  /// - Parameter folders: where relative paths are looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  public static func validationText(
    of record: CorpusRecord, tokenizer: Tokenizer, lookingIn folders: [String],
    storage: TokenStorage = TokenStorage(), observe: @escaping (CorpusEvent) -> Void = { _ in }
  ) throws(CorpusError) -> EvaluationText? {
    try Corpus(again: record, tokenizer: tokenizer, lookingIn: folders, storage: storage, observe: observe).validation
  }
}
