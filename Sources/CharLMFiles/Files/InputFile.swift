#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file, or bytes in memory in its place, that several threads may read at any place at once; the content of a
/// file is not kept in memory.
///
/// Reading is by `pread`: a file that shrinks meanwhile gives fewer bytes, never a signal.
package final class InputFile: Sendable {
  private enum Content: ~Copyable, Sendable {
    case file(Descriptor)
    case memory([UInt8])

    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
      switch self {
      case .memory(let bytes):
        let part = bytes.dropFirst(offset).prefix(target.count)
        // Safe: the part has at most as many bytes as the caller's buffer.
        unsafe target.copyBytes(from: part)
        return part.count
      case .file(let descriptor):
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
  }

  /// The file as messages name it.
  package let path: String
  /// Its size when it was opened.
  package let byteCount: Int
  private let content: Content

  /// Opens the regular file at `path`.
  /// - Parameter reported: how messages name it, where that is not `path`.
  package init(_ path: String, reportedAs reported: String? = nil) throws(FileError) {
    let name = reported ?? path
    let descriptor = try Descriptor(path, O_RDONLY, reading: true, reportedAs: name)
    let (code, status) = SystemCall.status(descriptor.number)
    guard code == 0 else { throw FileError(code: Int32(-code), .inspect, path: name) }
    guard !status.isFolder else { throw .isFolder(path: name) }
    self.path = name
    byteCount = status.byteCount
    content = .file(descriptor)
  }

  /// Bytes in memory, read as a file with this content would be.
  /// - Parameter path: how messages name it.
  package init(_ bytes: [UInt8], path: String) {
    self.path = path
    byteCount = bytes.count
    content = .memory(bytes)
  }

  private init(owning descriptor: consuming Descriptor, byteCount: Int, path: String) {
    self.path = path
    self.byteCount = byteCount
    content = .file(descriptor)
  }

  /// The file at `path`; what comes from a pipe or a device is read to its end first.
  /// - Parameter isWanted: as for `spooled`.
  package static func whole(_ path: String, isWanted: ([UInt8]) -> Bool) throws(FileError) -> InputFile {
    let (code, status) = SystemCall.status(path)
    guard code == 0, !status.isRegularFile, !status.isFolder else { return try InputFile(path) }
    return try spooled(path, reportedAs: path, isWanted: isWanted)
  }

  /// All that comes from the pipe or device at `path`, in a temporary file without a name, so that it can be read twice;
  /// the system removes it when it is closed, however the process ends.
  /// - Parameters:
  ///   - name: how messages name it.
  ///   - isWanted: receives the first bytes, at least eight where the file has so many; where it gives false, no more is
  ///     read, because the reader has no use for such a file.
  package static func spooled(
    _ path: String, reportedAs name: String, isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws(FileError) -> InputFile {
    let input = try Descriptor(path, O_RDONLY, reading: true, reportedAs: name)
    return try spooled(input.number, path: name, isWanted: isWanted)
  }

  /// All that comes from standard input, which stays open, in a temporary file without a name.
  package static func standardInput() throws(FileError) -> InputFile {
    try spooled(STDIN_FILENO, path: "standard input", isWanted: { _ in true })
  }

  private static func spooled(
    _ input: Int32, path: String, isWanted: ([UInt8]) -> Bool
  ) throws(FileError) -> InputFile {
    let status = SystemCall.status(input).1
    let folder = Files.temporaryFolder
    let name = Files.join(folder, FileWriter.uniqueName())
    let spool = try Descriptor(name, O_RDWR | O_CREAT | O_EXCL, reading: false, reportedAs: folder)
    Files.remove(name)
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var total = 0
    var (beginning, isUnknown) = ([UInt8](), true)
    while true {
      let count = SystemCall.read(input, into: &chunk)
      guard count >= 0 else { throw FileError(code: Int32(-count), .read, path: path) }
      guard count > 0 else { break }
      try Files.write(Array(chunk[..<count]), to: spool.number, path: folder)
      // A terminal gives a line at a time, and /dev/null nothing.
      if status.isCharacterDevice, count == chunk.count { throw .endless(path: path) }
      total += count
      // A pipe may give a byte at a time.
      if isUnknown { beginning += chunk[..<count] }
      if isUnknown, beginning.count >= 8 {
        if !isWanted(beginning) { break }
        (isUnknown, beginning) = (false, [])
      }
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
    unsafe content.read(at: offset, into: target)
  }
}
