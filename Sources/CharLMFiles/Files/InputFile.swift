#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file that several threads may read at any place at once, without the size of the file in memory.
///
/// Reading is by `pread`: a file that shrinks meanwhile gives fewer bytes, never a signal.
package final class InputFile: Sendable {
  /// The file as messages name it.
  package let path: String
  /// Its size when it was opened.
  package let byteCount: Int
  private let descriptor: Descriptor

  /// Opens the regular file at `path`.
  /// - Parameter reported: how messages name it, where that is not `path`.
  package init(_ path: String, reportedAs reported: String? = nil) throws(FileError) {
    let name = reported ?? path
    descriptor = try Descriptor(path, O_RDONLY, reading: true, reportedAs: name)
    let (code, status) = SystemCall.status(descriptor.number)
    guard code == 0 else { throw FileError(code: Int32(-code), .inspect, path: name) }
    guard !status.isFolder else { throw .isFolder(path: name) }
    self.path = name
    byteCount = status.byteCount
  }

  private init(owning descriptor: consuming Descriptor, byteCount: Int, path: String) {
    self.path = path
    self.byteCount = byteCount
    self.descriptor = descriptor
  }

  /// The file at `path`; what comes from a pipe or a device is read to its end first.
  package static func whole(_ path: String) throws(FileError) -> InputFile {
    let (code, status) = SystemCall.status(path)
    guard code == 0, !status.isRegularFile, !status.isFolder else { return try InputFile(path) }
    let input = try Descriptor(path, O_RDONLY, reading: true)
    return try spooled(input.number, path: path)
  }

  /// All that comes from a pipe, a device or standard input, in a temporary file without a name, so that it can be read
  /// twice; the system removes it when it is closed, however the process ends.
  /// - Parameters:
  ///   - input: an open descriptor; it stays open.
  ///   - path: how messages name it.
  package static func spooled(_ input: Int32, path: String) throws(FileError) -> InputFile {
    let folder = Files.temporaryFolder
    let name = Files.join(folder, FileWriter.uniqueName())
    let spool = try Descriptor(name, O_RDWR | O_CREAT | O_EXCL, reading: false, reportedAs: folder)
    Files.remove(name)
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var total = 0
    while true {
      let count = SystemCall.read(input, into: &chunk)
      guard count >= 0 else { throw FileError(code: Int32(-count), .read, path: path) }
      guard count > 0 else { break }
      try Files.write(Array(chunk[..<count]), to: spool.number, path: folder)
      total += count
    }
    return InputFile(owning: spool, byteCount: total, path: path)
  }

  /// The bytes from `offset` on, at most `count`; fewer only at the file's end.
  package func bytes(at offset: Int, upTo count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var length = -Int(EINVAL)
    // Safe: the array lives through the call, which stays within it.
    unsafe bytes.withUnsafeMutableBytes { length = unsafe read(at: offset, into: $0) }
    guard length >= 0 else { throw FileError(code: Int32(-length), .read, path: path) }
    bytes.removeLast(count - length)
    return bytes
  }

  /// Fills a buffer from `offset` on.
  /// - Returns: the number of bytes, fewer than the buffer has only at the file's end; or the negated `errno`.
  package func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < target.count {
      // Safe: the rest of the caller's buffer, rebased.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[filled...])
      let count = unsafe SystemCall.read(descriptor.number, at: offset + filled, into: rest)
      guard count >= 0 else { return count }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}

extension Files {
  /// Where temporary files go: `$TMPDIR`, else `/tmp`.
  package static var temporaryFolder: String { environment("TMPDIR") ?? "/tmp" }

  /// A variable of the environment; nil where it is not set, or empty.
  package static func environment(_ name: String) -> String? {
    // Safe: the system's string is copied at once; nobody here changes the environment.
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
