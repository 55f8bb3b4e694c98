import CharLMText

/// What happens while a corpus is read, for progress and notes.
public enum CorpusEvent: Sendable {
  /// So many bytes of all files were read in a pass.
  case progress(CorpusPass, byteCount: Int, of: Int)
  /// A file's encoding was found, and is not UTF-8.
  case detected(path: String, EncodingDetection)
  /// A text that was given as one document looks like several.
  case looksLikeDocuments(DocumentLayout)
  /// A list is in alphabetical order, so that its end, which is kept for validation, is unlike the rest.
  case isSorted(path: String)
  /// Files of a folder were skipped, because they are not plain text.
  case skipped(SkippedFiles)
  /// A vocabulary that is large for its corpus gets a fallback.
  case advised(VocabularyAdvice)
  /// The tokens of an earlier run are used again.
  case reused(path: String)
  /// Tokens were written for later runs.
  case cached(path: String)
  /// Tokens could not be written to the cache, and are elsewhere.
  case notCached(TokenFileError, TokenPlace)
}

/// A pass through the files.
public enum CorpusPass: String, Sendable {
  /// Digests of the files, to find tokens of an earlier run.
  case checking
  /// The digest of an earlier run's tokens.
  case verifying
  /// Decoding, and counting tokens.
  case counting
  /// Writing tokens.
  case encoding
}
