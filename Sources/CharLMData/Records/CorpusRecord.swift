/// A file that a model was trained on, as the checkpoint remembers it.
public struct FileRecord: Codable, Hashable, Sendable {
  /// The path as it was given; `-` for standard input, "(text in memory)" for a text that was in no file.
  public var path: String
  /// Its size.
  public var bytes: Int
  /// The digest of its bytes, in hexadecimal.
  public var sha256: String
  /// The encoding that it was read in, by its canonical name; nil in records of versions that read UTF-8 alone.
  public var encoding: String?
}

/// What a model was trained on, and what was kept for validation.
public struct CorpusRecord: Codable, Hashable, Sendable {
  /// The files, in order.
  public var files: [FileRecord]
  /// The part at the end that was kept for validation; 0 for none, or where there is a file for it.
  public var validationFraction: Double
  /// The file for validation, if there is one.
  public var validationFile: FileRecord?
  /// The text that stands between two documents of a file; nil where a file is one document.
  public var documentSeparator: String?

  /// A record; without files, that of a model that was made elsewhere.
  public init(
    files: [FileRecord] = [], validationFraction: Double = 0, validationFile: FileRecord? = nil,
    documentSeparator: String? = nil
  ) {
    self.files = files
    self.validationFraction = validationFraction
    self.validationFile = validationFile
    self.documentSeparator = documentSeparator
  }

  /// Every file, that for validation last.
  package var allFiles: [FileRecord] { files + [validationFile].compactMap(\.self) }

  /// The size of the files, that for validation left out.
  public var byteCount: Int { files.reduce(0) { $0 + $1.bytes } }
  /// The files' names for messages: all of a few, the first of many.
  public var name: String { CorpusRecord.name(of: files.map(\.path)) }

  /// Paths for messages: all of a few, the first of many.
  static func name(of paths: [String]) -> String {
    paths.count <= 4 ? paths.joined(separator: ", ") : "\(paths[0]) and \(paths.count - 1) more files"
  }

  /// The encodings of the files, each once, in the order in which they first come.
  public var encodings: [String] {
    files.compactMap(\.encoding).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}
