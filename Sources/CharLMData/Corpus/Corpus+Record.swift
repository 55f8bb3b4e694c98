import CharLMFiles
import CharLMText

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
    let sources =
      if let paths { try CorpusSource.find(paths) } else {
        try CorpusSource.find(again: record.files, lookingIn: folders)
      }
    guard sources.count == record.files.count else {
      throw .fileCount(expected: record.files.count, found: sources.count)
    }
    let validationFile = [record.validationFile].compactMap(\.self)
    var reader = CorpusReader(
      sources: sources, validationSource: try CorpusSource.find(again: validationFile, lookingIn: folders).first,
      settings: tokenizer.settings, tokenizer: tokenizer, validationFraction: record.validationFraction,
      documentSeparator: record.documentSeparator, storage: storage, observe: observe)
    for (index, file) in record.files.enumerated() { reader.sources[index].encoding = file.encoding ?? "utf-8" }
    do throws(CorpusError) {
      self = try reader.read()
    } catch {
      // Where a file is another, that is what matters, not what is wrong with its text.
      guard case .text = error else { throw error }
      for (file, source) in zip(record.allFiles, reader.allSources) {
        if let found = try? source.sha256() { try file.check(sha256: found, path: source.path) }
      }
      throw error
    }
    for (file, found) in zip(record.allFiles, self.record.allFiles) {
      try file.check(sha256: found.sha256, path: found.path)
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
