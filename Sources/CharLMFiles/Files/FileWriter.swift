#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fault that a test injects into one step of a write.
enum Fault: Sendable {
  /// The step fails with this `errno` instead of being made.
  case failure(code: Int32)
  /// A write takes at most this many bytes.
  case shortWrite(byteCount: Int)
}

/// Asked before each step of a write; nil lets it happen.
typealias FaultSource = (FileOperation) -> Fault?

/// The open temporary file of `Files.writeAtomically`, to which the new content is written in order.
///
/// Every call writes through (there is no buffer), so give it pieces of some kilobytes or more.
package struct FileWriter: ~Copyable {
  /// The bytes written so far.
  package private(set) var byteCount = 0

  /// The file as the caller named it, for errors.
  private let path: String
  private let descriptor: Descriptor
  private let fault: FaultSource

  /// The temporary file's own path.
  package let temporaryPath: String

  /// A system refuses or cuts larger writes: Linux at 2^31 - 4096 bytes, macOS at 2^31.
  private static let largestWrite = 1 << 30

  /// Creates a new file with a name of its own in `folder`, to become `path`; errors here speak of the folder.
  package init(in folder: String, for path: String) throws(FileError) {
    try self.init(in: folder, for: path, fault: { _ in nil })
  }

  /// The same with `fault` asked before each step, for tests.
  init(in folder: String, for path: String, fault: @escaping FaultSource) throws(FileError) {
    self.path = path
    self.fault = fault
    temporaryPath = Files.join(folder, Self.uniqueName())
    if case .failure(let code) = fault(.open) { throw FileError(code: code, .open, path: folder) }
    descriptor = try Descriptor(temporaryPath, O_WRONLY | O_CREAT | O_EXCL, reading: false, reportedAs: folder)
  }

  /// Appends `bytes`.
  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try write(elements: bytes)
  }

  /// Appends `text` as UTF-8.
  package mutating func write(_ text: String) throws(FileError) {
    try write(elements: Array(text.utf8))
  }

  /// Appends the elements' memory, which is little-endian.
  mutating func write(elements: [some AnyBits]) throws(FileError) {
    // Safe: numbers without padding. Not by way of `elements.span`: see `SHA256Digest.update`.
    try unsafe elements.withUnsafeBufferPointer { numbers throws(FileError) in
      try unsafe write(UnsafeRawBufferPointer(numbers).bytes)
    }
  }

  /// Appends bytes of memory.
  mutating func write(_ bytes: RawSpan) throws(FileError) {
    var offset = 0
    while offset < bytes.byteCount {
      var limit = Self.largestWrite
      switch fault(.write) {
      case .failure(let code): throw FileError(code: code, .write, path: path)
      case .shortWrite(let count): limit = count
      case nil: break
      }
      let count = SystemCall.write(descriptor.number, bytes.extracting(droppingFirst: offset), limit: limit)
      guard count >= 0 else { throw FileError(code: Int32(-count), .write, path: path) }
      offset += count
    }
    byteCount += bytes.byteCount
  }

  /// Gives the file the permissions of the one that it will replace.
  func setPermissions(_ mode: mode_t) {
    // A file system without permissions refuses; the content matters more.
    _ = fchmod(descriptor.number, mode)
  }

  /// Gives the file the permissions of another one, such as of the file that it was made from.
  package func copyPermissions(of path: String) {
    let (code, status) = SystemCall.status(path)
    if code == 0 { setPermissions(status.permissions) }
  }

  /// Brings everything to the disk and closes.
  consuming func finish() throws(FileError) {
    if case .failure(let code) = fault(.sync) { throw FileError(code: code, .sync, path: path) }
    let synced = SystemCall.sync(descriptor.number)
    // EINVAL: a file system that has nothing to bring to a disk.
    guard synced == 0 || synced == -Int(EINVAL) else { throw FileError(code: Int32(-synced), .sync, path: path) }
    let path = path
    let closed = descriptor.close()
    guard closed == 0 else { throw FileError(code: Int32(-closed), .close, path: path) }
  }

  /// Brings everything to the disk, closes, and gives the file its name, in place of a file that has it.
  package consuming func finish(renamedTo path: String) throws(FileError) {
    let temporary = temporaryPath
    try finish()
    let result = SystemCall.rename(temporary, path)
    guard result == 0 else { throw FileError(code: Int32(-result), .rename, path: path) }
    try Files.syncFolder(Files.folder(of: path))
  }

  private static let prefix = ".charlm-"
  private static let suffix = ".tmp"

  /// A name that no other file has: 64 random bits; short, so that it fits wherever the final name does.
  static func uniqueName() -> String { prefix + String(UInt64.random(in: .min ... .max), radix: 36) + suffix }

  /// Removes temporary files that nobody has written to for an hour: their processes were ended before they could.
  package static func removeAbandoned(in folder: String) {
    let now = time(nil)
    for name in (try? Files.entries(of: folder, withHidden: true)) ?? []
    where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      let path = Files.join(folder, name)
      let (code, status) = SystemCall.status(path)
      if code == 0, status.isRegularFile, status.modified < now - 3600 { Files.remove(path) }
    }
  }
}
