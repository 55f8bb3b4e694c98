extension CorpusRecord {
  /// Whether it is the same text, split the same way, wherever its files are.
  public func isSameText(as other: CorpusRecord) -> Bool {
    files.map(\.sha256) == other.files.map(\.sha256) && validationFraction == other.validationFraction
      && validationFile?.sha256 == other.validationFile?.sha256 && documentSeparator == other.documentSeparator
  }
}
