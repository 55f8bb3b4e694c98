#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole files in and out, with errors that say which path and why.
package enum Files {
  /// The bytes read by one call: large enough that the calls cost nothing, small enough to stay in the cache.
  private static let chunkSize = 1 << 18

  /// More bytes than anything has that is read into memory as a whole: a seed text, a list of tokens, the log of a run.
  package static let wholeLimit = 1 << 28

  /// All bytes of the file at `path`; pipes and `/dev/stdin` are read to their end.
  ///
  /// Memory: the file's size, plus one chunk. A folder, a missing and an unreadable file each throw their own case.
  /// - Parameter limit: the most bytes that are read.
  /// - Throws: `.tooLarge` where there are more.
  package static func read(_ path: String, limit: Int = wholeLimit) throws(FileError) -> [UInt8] {
    // A file that is too large is known to be so before anything is read.
    if let size = try sizeOfRegularFile(path, reportedAs: path), size > limit {
      throw .tooLarge(path: path, limit: limit)
    }
    return try within(limit, path, try read(path, upTo: limit + 1))
  }

  private static func within(_ limit: Int, _ path: String, _ bytes: [UInt8]) throws(FileError) -> [UInt8] {
    if bytes.count > limit { throw .tooLarge(path: path, limit: limit) }
    return bytes
  }

  /// The first `byteCount` bytes of the file at `path`, or all of it where it is shorter.
  package static func readPrefix(_ path: String, byteCount: Int) throws(FileError) -> [UInt8] {
    precondition(byteCount >= 0, "a prefix of \(byteCount) bytes")
    return try read(path, upTo: byteCount)
  }

  /// All bytes that come in on standard input, to its end; it stays open.
  package static func readStandardInput() throws(FileError) -> [UInt8] {
    let path = "standard input"
    return try within(wholeLimit, path, try readAll(STDIN_FILENO, upTo: wholeLimit + 1, path: path))
  }

  /// Whether anything is at `path` (a link counts by what it points to).
  ///
  /// False also where the folder around it may not be searched.
  package static func exists(_ path: String) -> Bool {
    SystemCall.status(path).code == 0
  }

  /// Whether a folder, or a link to one, is at `path`.
  package static func isFolder(_ path: String) -> Bool {
    let (code, status) = SystemCall.status(path)
    return code == 0 && status.isFolder
  }

  /// The size in bytes of the file at `path`; a folder throws `.isFolder`.
  package static func size(_ path: String) throws(FileError) -> Int {
    let (code, status) = SystemCall.status(path)
    guard code == 0 else { throw FileError(code: Int32(-code), .inspect, path: path) }
    guard !status.isFolder else { throw .isFolder(path: path) }
    return status.byteCount
  }

  /// The size in bytes of the regular file at `path`; nil for a pipe or a device, which has none before it is read.
  /// - Parameter name: how messages name it.
  /// - Throws: `.isFolder` for a folder.
  package static func sizeOfRegularFile(_ path: String, reportedAs name: String) throws(FileError) -> Int? {
    let (code, status) = SystemCall.status(path)
    guard code == 0 else { throw FileError(code: Int32(-code), .open, path: name, reading: true) }
    guard !status.isFolder else { throw .isFolder(path: name) }
    return status.isRegularFile ? status.byteCount : nil
  }

  /// Whether a link is at `path`.
  package static func isLink(_ path: String) -> Bool { SystemCall.status(path, followingLinks: false).1.isLink }

  /// The names (not paths) of the regular files in `folder` that end with `suffix`, sorted.
  ///
  /// Left out: names that begin with a dot, names that are not UTF-8, and what lies in folders below.
  package static func names(in folder: String, suffix: String = "") throws(FileError) -> [String] {
    try entries(of: folder).filter { $0.hasSuffix(suffix) && SystemCall.status(join(folder, $0)).1.isRegularFile }
      .sorted()
  }

  /// The names of what is in `folder`, in no order, without those that are not UTF-8.
  /// - Parameter withHidden: whether names that begin with a dot are among them.
  package static func entries(of folder: String, withHidden: Bool = false) throws(FileError) -> [String] {
    guard exists(folder) else { throw .notFound(path: folder) }
    guard isFolder(folder) else { throw .notFolder(path: folder) }
    // Safe: the string's terminated copy lives through the call.
    guard let stream = unsafe opendir(folder) else {
      throw FileError(code: errno, .list, path: folder)
    }
    // Safe: `stream` is open, and closed only here.
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    errno = 0
    // Safe: an entry is used only before the next call of readdir.
    while let entry = unsafe readdir(stream) {
      // Safe: d_name is terminated within the entry; its address is taken without copying the declared length.
      let name = unsafe entry.pointer(to: \.d_name).flatMap { field in
        unsafe String(validatingCString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
      }
      if let name, name != ".", name != "..", withHidden || !name.hasPrefix(".") { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileError(code: errno, .list, path: folder) }
    return names
  }

  /// `name` inside `folder`, with one slash between.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that `path` lies in: "." for a bare name, "/" for what lies in the root.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of `path`.
  package static func name(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  private static func read(_ path: String, upTo limit: Int) throws(FileError) -> [UInt8] {
    let file = try Descriptor(path, O_RDONLY, reading: true)
    return try readAll(file.number, upTo: limit, path: path)
  }

  private static func readAll(_ descriptor: Int32, upTo limit: Int, path: String) throws(FileError) -> [UInt8] {
    let (code, status) = SystemCall.status(descriptor)
    guard code == 0 else { throw FileError(code: Int32(-code), .read, path: path) }
    guard !status.isFolder else { throw .isFolder(path: path) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(status.isRegularFile ? min(status.byteCount, limit) : 0)
    var chunk = [UInt8](repeating: 0, count: min(chunkSize, limit))
    while bytes.count < limit {
      let count = SystemCall.read(descriptor, into: &chunk)
      guard count >= 0 else { throw FileError(code: Int32(-count), .read, path: path) }
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk.prefix(min(count, limit - bytes.count)))
    }
    return bytes
  }
}
