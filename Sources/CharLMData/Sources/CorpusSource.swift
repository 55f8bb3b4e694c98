import CharLMFiles

/// A text of a corpus before it is read: a file, standard input, or bytes in memory.
struct CorpusSource: Sendable {
  /// The path as it was given; `-` for standard input.
  let path: String
  /// The source as messages name it.
  let name: String
  /// Its size.
  let byteCount: Int
  /// The encoding, where a record says it; nil where it is not known yet.
  var encoding: String?
  /// Whether the encoding is UTF-8 only because the beginning is, and other encodings may begin alike.
  var isAssumed = false
  /// Where the file is, which may be elsewhere than a record says.
  private let place: String
  /// What cannot be opened again: bytes in memory, and what came from a pipe or a device.
  private let kept: InputFile?

  /// A file, or standard input for `-`; pipes and devices are read to their end here.
  init(path: String, place: String? = nil, encoding: String? = nil) throws(FileError) {
    self.path = path
    self.encoding = encoding
    self.place = place ?? path
    name = path == "-" ? "standard input" : path
    if path != "-", let size = try Files.sizeOfRegularFile(self.place, reportedAs: path) {
      (kept, byteCount) = (nil, size)
    } else {
      let file = try path == "-" ? InputFile.standardInput() : InputFile.spooled(self.place, reportedAs: path)
      (kept, byteCount) = (file, file.byteCount)
    }
    // Sizes of many files are summed, and a file that has no bytes on the disk may be as large as it likes.
    guard byteCount <= CorpusSource.byteLimit else { throw .tooLarge(path: path, limit: CorpusSource.byteLimit) }
  }

  private static let byteLimit = 1 << 50

  /// A text in memory.
  /// - Parameter name: how messages name it.
  init(_ text: String, name: String) {
    let bytes = Array(text.utf8)
    path = CorpusSource.pathInMemory
    place = path
    self.name = name
    byteCount = bytes.count
    encoding = "utf-8"
    kept = InputFile(bytes, path: name)
  }

  /// What a record has for the path of a text that was in memory.
  private static let pathInMemory = "(text in memory)"

  /// A file of a record, found again.
  /// - Parameter folders: where a relative path is looked for, in this order.
  ///
  /// A record may be a stranger's: only a regular file of the recorded size is opened, and nothing is read of it here.
  /// - Throws: `.changed` where the file has another size.
  init(again file: FileRecord, lookingIn folders: [String]) throws(CorpusError) {
    let places = (file.path.hasPrefix("/") ? [file.path] : folders.map { Files.join($0, file.path) })
      .filter(Files.exists)
    // Standard input is read again where it is given again.
    if file.path == "-" {
      self = try mapError(CorpusError.file, CorpusSource(path: file.path, encoding: file.encoding))
      return
    }
    guard let first = places.first else { throw .file(.notFound(path: file.path)) }
    let fitting = places.first { (try? CorpusSource.size(of: $0, reportedAs: file.path)) == file.bytes }
    let found = try mapError(CorpusError.file, CorpusSource.size(of: fitting ?? first, reportedAs: file.path))
    guard let fitting else { throw .otherSize(path: file.path, expected: file.bytes, found: found) }
    self = try mapError(CorpusError.file, CorpusSource(path: file.path, place: fitting, encoding: file.encoding))
  }

  private static func size(of place: String, reportedAs path: String) throws(FileError) -> Int {
    guard let size = try Files.sizeOfRegularFile(place, reportedAs: path) else { throw .unexpectedKind(path: path) }
    return size
  }

  /// Opens the source at its beginning.
  func open() throws(FileError) -> InputFile {
    if let kept { return kept }
    return try InputFile(place, reportedAs: path)
  }

  /// Opens its content, decompressed where the file is compressed.
  func content() throws(CorpusError) -> ContentReader {
    let file = try mapError(CorpusError.file, open())
    return try mapError(CorpusError.init, ContentReader(file))
  }

  /// The first bytes of its content.
  func beginning(upTo count: Int) throws(CorpusError) -> [UInt8] {
    let reader = try content()
    return Array(try mapError(CorpusError.init, reader.next(upTo: count)).prefix(count))
  }

  /// The bytes of its content from `start` on, where it is compressed by decompressing all before them.
  func content(from start: Int, upTo count: Int) throws(CorpusError) -> [UInt8] {
    let reader = try content()
    if reader.compression == nil { return try mapError(CorpusError.file, open().bytes(at: start, upTo: count)) }
    while true {
      let before = reader.byteCount
      let piece = try mapError(CorpusError.init, reader.next(upTo: 1 << 20))
      if piece.isEmpty { return [] }
      guard reader.byteCount > start else { continue }
      let more = try mapError(CorpusError.init, reader.next(upTo: count))
      return Array((piece[(start - before)...] + more).prefix(count))
    }
  }

  /// What it is, where it is not plain text.
  /// - Parameter acceptsMarkup: whether HTML and RTF count as text.
  func kind(of beginning: [UInt8], acceptsMarkup: Bool) -> FileKind? {
    FileKind(beginning: beginning, byteCount: byteCount).flatMap { $0.isMarkup && acceptsMarkup ? nil : $0 }
  }

  /// The SHA-256 of the source's bytes, in hexadecimal.
  /// - Parameter observe: receives the number of bytes read so far.
  func sha256(_ observe: (Int) -> Void = { _ in }) throws(FileError) -> String {
    try open().digest(observe: observe).hexadecimal
  }

  /// The files that paths stand for: files as they are; of folders all regular files in them and below, but for hidden
  /// and empty ones, by the order of their paths' bytes; patterns (`*`, `?`, `[…]`) as a shell expands them.
  /// - Parameters:
  ///   - acceptsMarkup: whether HTML and RTF in folders count as text.
  ///   - onSkipped: receives which files of folders are skipped, because they are not plain text.
  /// - Throws: `CorpusError.file` where nothing is at a path, `.noFiles` where a folder has none, `.noMatches`.
  static func find(
    _ paths: [String], acceptsMarkup: Bool = false, onSkipped: (SkippedFiles) -> Void = { _ in }
  ) throws(CorpusError) -> [CorpusSource] {
    var sources: [CorpusSource] = []
    for path in paths {
      let isThere = path == "-" || Files.exists(path)
      let found = isThere || !Files.isPattern(path) ? [path] : Files.paths(fitting: path)
      if found.isEmpty { throw .noMatches(pattern: path) }
      for path in found { sources += try files(at: path, acceptsMarkup: acceptsMarkup, onSkipped) }
    }
    return sources
  }

  /// The files of a record, found again.
  /// - Parameter folders: where relative paths are looked for, in this order.
  static func find(again files: [FileRecord], lookingIn folders: [String]) throws(CorpusError) -> [CorpusSource] {
    var sources: [CorpusSource] = []
    for file in files { sources.append(try CorpusSource(again: file, lookingIn: folders)) }
    return sources
  }

  private static func files(
    at path: String, acceptsMarkup: Bool, _ onSkipped: (SkippedFiles) -> Void
  ) throws(CorpusError) -> [CorpusSource] {
    guard path != "-", Files.isFolder(path) else { return [try mapError(CorpusError.file, CorpusSource(path: path))] }
    var sources: [CorpusSource] = []
    var skipped: [SkippedFiles.File] = []
    for file in try mapError(CorpusError.file, Files.regularFiles(below: path)) {
      let source = try mapError(CorpusError.file, CorpusSource(path: file))
      guard source.byteCount > 0 else { continue }
      let beginning = try source.beginning(upTo: FileKind.sampleSize)
      if let kind = source.kind(of: beginning, acceptsMarkup: acceptsMarkup) {
        skipped.append(SkippedFiles.File(path: file, kind: kind))
      } else {
        sources.append(source)
      }
    }
    let left = SkippedFiles(folder: path, files: skipped)
    if sources.isEmpty { throw .noFiles(path: path, skipped: left.counts) }
    if !skipped.isEmpty { onSkipped(left) }
    return sources
  }
}

extension CorpusError {
  init(_ error: ContentError) {
    switch error {
    case .file(let error): self = .file(error)
    case .compression(let error): self = .compression(error)
    }
  }
}
