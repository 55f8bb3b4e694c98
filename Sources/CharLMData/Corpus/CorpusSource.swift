import CharLMFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of a corpus before it is read.
struct CorpusSource: Sendable {
  /// The path as it was given; `-` for standard input.
  let path: String
  /// Its size.
  let byteCount: Int
  /// The encoding that a record says; nil where it is still to be found.
  var encoding: String?
  /// Whether the encoding is UTF-8 only because the file's beginning may be, which other encodings begin like, too.
  var isAssumed = false
  /// Where the file is, which may be elsewhere than a record says.
  private let place: String
  /// What can be read once only, kept.
  private let spool: InputFile?

  /// The file as messages name it.
  var name: String { path == "-" ? "standard input" : path }

  /// A file, or standard input for `-`; pipes and devices are read to their end here.
  init(path: String, place: String? = nil, encoding: String? = nil) throws(FileError) {
    self.path = path
    self.encoding = encoding
    self.place = place ?? path
    if path == "-" {
      spool = try InputFile.spooled(STDIN_FILENO, path: "standard input")
    } else {
      let (code, status) = SystemCall.status(self.place)
      guard code == 0 else { throw FileError(code: Int32(-code), .open, path: path, reading: true) }
      guard !status.isFolder else { throw .isFolder(path: path) }
      if status.isRegularFile {
        (spool, byteCount) = (nil, status.byteCount)
        return
      }
      let descriptor = try Descriptor(self.place, O_RDONLY, reading: true, reportedAs: path)
      spool = try InputFile.spooled(descriptor.number, path: path)
    }
    byteCount = spool?.byteCount ?? 0
  }

  /// A file of a record, found again.
  /// - Parameter folders: where a relative path is looked for, in this order.
  init(again file: FileRecord, lookingIn folders: [String]) throws(FileError) {
    let places = file.path.hasPrefix("/") ? [file.path] : folders.map { Files.join($0, file.path) }
    try self.init(path: file.path, place: places.first(where: Files.exists) ?? file.path, encoding: file.encoding)
  }

  /// Opens the file.
  func open() throws(FileError) -> InputFile {
    if let spool { return spool }
    return try InputFile(place, reportedAs: path)
  }

  /// The files that paths stand for: files as they are; of folders all regular files in them and below, but for hidden
  /// and empty ones, by the order of their paths' bytes; patterns (`*`, `?`, `[…]`) as a shell expands them.
  /// - Throws: `CorpusError.file` where nothing is at a path, `.noFiles` where a folder has none.
  static func find(_ paths: [String]) throws(CorpusError) -> [CorpusSource] {
    var sources: [CorpusSource] = []
    for path in paths {
      let isThere = path == "-" || Files.exists(path)
      let found = isThere || !Files.isPattern(path) ? [path] : Files.paths(fitting: path)
      if found.isEmpty { throw .noFiles(path: path) }
      for path in found { sources += try files(at: path) }
    }
    return sources
  }

  private static func files(at path: String) throws(CorpusError) -> [CorpusSource] {
    do throws(FileError) {
      guard path != "-", Files.isFolder(path) else { return [try CorpusSource(path: path)] }
      var sources: [CorpusSource] = []
      for file in try Files.regularFiles(below: path) {
        let source = try CorpusSource(path: file)
        if source.byteCount > 0 { sources.append(source) }
      }
      if !sources.isEmpty { return sources }
    } catch {
      throw .file(error)
    }
    throw .noFiles(path: path)
  }
}
