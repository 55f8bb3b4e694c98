#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock that one process at a time holds on a name, and that ends with the process, however it ends.
///
/// The lock is the system's (`flock`) on a small file of that name, which holds the process's number. It is removed when
/// the lock is let go of; one that a killed process left behind is no obstacle.
package final class FileLock {
  private let path: String
  private let descriptor: Descriptor

  /// Takes the lock.
  /// - Throws: `FileLockError.held` where another process has it, `.file` where the file cannot be made.
  package init(_ path: String) throws(FileLockError) {
    self.path = path
    while true {
      let file = try FileLock.open(path)
      let locked = SystemCall.repeating { flock(file.number, LOCK_EX | LOCK_NB) }
      // EWOULDBLOCK: another process has it. File systems without locks refuse otherwise, and have none to offer.
      if locked == -Int(EWOULDBLOCK) { throw .held(path: path, process: FileLock.process(path)) }
      // Whoever had it may have removed the file between the two calls: then this lock is on a file without a name.
      if FileLock.isNamed(path, file.number) {
        descriptor = file
        break
      }
    }
    let number = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor.number, 0)
    _ = SystemCall.write(descriptor.number, number, from: 0, limit: number.count)
  }

  deinit {
    // Removed while it is still held, so that nobody else's is.
    Files.remove(path)
  }

  private static func open(_ path: String) throws(FileLockError) -> Descriptor {
    do throws(FileError) {
      return try Descriptor(path, O_RDWR | O_CREAT, reading: false)
    } catch {
      throw .file(error)
    }
  }

  private static func isNamed(_ path: String, _ descriptor: Int32) -> Bool {
    let (named, open) = (SystemCall.status(path), SystemCall.status(descriptor))
    return named.code == 0 && open.code == 0 && named.1.number == open.1.number && named.1.device == open.1.device
  }

  /// The number that the holder wrote; nil where it has not yet.
  private static func process(_ path: String) -> Int? {
    guard let bytes = try? Files.readPrefix(path, byteCount: 20) else { return nil }
    return Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}

/// Why a lock was not taken.
package enum FileLockError: Error, Equatable, Sendable {
  /// Another process has it; its number, where it is known.
  case held(path: String, process: Int?)
  /// The file of the lock cannot be made.
  case file(FileError)
}
