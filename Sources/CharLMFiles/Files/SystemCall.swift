#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The operating system's calls, each as a function that gives a number ≥ 0 or the negated `errno`.
///
/// An interrupted call (EINTR) is made again, and a path with a NUL in it is refused (EINVAL) instead of being cut there.
enum SystemCall {
  /// What `stat` gives about a file, as far as it is used here.
  struct Status {
    var isFolder: Bool
    var isRegularFile: Bool
    var isLink: Bool
    /// Whether it gives bytes as long as somebody reads, as `/dev/zero` does; a terminal is none.
    var isCharacterDevice: Bool
    var permissions: mode_t
    var byteCount: Int
    /// When it was last written, in seconds of the system's clock.
    var modified: Int
    /// The file system that it is on, and its number there: together no other file's.
    var device: Int
    var number: UInt64
  }

  /// Opens `path`; a created file gets `mode` less the process's mask.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> Int {
    onPath(path) {
      // Safe: the string's terminated copy lives through the call.
      #if canImport(Glibc)
        unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
      #elseif canImport(Musl)
        unsafe Musl.open(path, flags | O_CLOEXEC, mode)
      #else
        unsafe Darwin.open(path, flags | O_CLOEXEC, mode)
      #endif
    }
  }

  /// Reads at most as many bytes as `buffer` has into its beginning.
  static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int {
    repeating {
      // Safe: pointer and count are one live buffer's.
      unsafe buffer.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
          unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
          unsafe Musl.read(descriptor, bytes.baseAddress, bytes.count)
        #else
          unsafe Darwin.read(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
    }
  }

  /// Reads from byte `offset` of a file on into a buffer; where the file is read otherwise does not change.
  static func read(_ descriptor: Int32, at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
    // Safe: pointer and count are one buffer's, which the caller keeps alive.
    repeating { unsafe pread(descriptor, target.baseAddress, target.count, off_t(offset)) }
  }

  /// Writes at most `limit` bytes of `elements`' memory from byte `offset` on.
  static func write(_ descriptor: Int32, _ elements: [some AnyBits], from offset: Int, limit: Int) -> Int {
    // Safe: numbers without padding. Not by way of `elements.span`: see `SHA256Digest.update`.
    unsafe elements.withUnsafeBytes {
      unsafe write(descriptor, $0.bytes.extracting(droppingFirst: offset), limit: limit)
    }
  }

  /// Writes at most the first `limit` bytes.
  static func write(_ descriptor: Int32, _ bytes: RawSpan, limit: Int) -> Int {
    repeating {
      // Safe: the bytes live through the call, and the prefix is within them.
      unsafe bytes.extracting(first: limit).withUnsafeBytes { bytes in
        #if canImport(Glibc)
          return unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
          return unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
          return unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
    }
  }

  /// Gives a file a new name, in place of the file that had it.
  static func rename(_ old: String, _ new: String) -> Int {
    onPath(new) {
      // Safe: the strings' terminated copies live through the call.
      #if canImport(Glibc)
        unsafe Glibc.rename(old, new)
      #elseif canImport(Musl)
        unsafe Musl.rename(old, new)
      #else
        unsafe Darwin.rename(old, new)
      #endif
    }
  }

  /// Brings a file's or folder's content to the disk itself, where the system can.
  static func sync(_ descriptor: Int32) -> Int {
    #if canImport(Darwin)
      // fsync alone leaves the data in the drive's cache; not every file system knows the stronger call.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return repeating { fsync(descriptor) }
  }

  /// Closes once: after EINTR the descriptor's number may already belong to another file.
  static func close(_ descriptor: Int32) -> Int {
    #if canImport(Glibc)
      let result = Glibc.close(descriptor)
    #elseif canImport(Musl)
      let result = Musl.close(descriptor)
    #else
      let result = Darwin.close(descriptor)
    #endif
    return result == 0 || errno == EINTR ? 0 : -Int(errno)
  }

  /// What is known of the file at `path` (`followingLinks`: of what it points to), or the negated `errno`.
  static func status(_ path: String, followingLinks: Bool = true) -> (code: Int, Status) {
    var raw = stat()
    // Safe: the string's terminated copy and the structure live through the call.
    let code = onPath(path) { unsafe followingLinks ? stat(path, &raw) : lstat(path, &raw) }
    return (code, Status(raw))
  }

  /// What is known of an open file.
  static func status(_ descriptor: Int32) -> (code: Int, Status) {
    var raw = stat()
    // Safe: the structure lives through the call.
    let code = repeating { unsafe fstat(descriptor, &raw) }
    return (code, Status(raw))
  }

  /// Repeats an interrupted call; -1 becomes the negated `errno`.
  static func repeating(_ call: () -> some SignedInteger) -> Int {
    while true {
      let result = call()
      if result >= 0 { return Int(result) }
      let code = errno
      if code != EINTR { return -Int(code) }
    }
  }

  /// The same for a call on `path`, which must be free of NUL.
  static func onPath(_ path: String, _ call: () -> some SignedInteger) -> Int {
    path.utf8.contains(0) ? -Int(EINVAL) : repeating(call)
  }
}

extension SystemCall.Status {
  init(_ raw: stat) {
    let kind = raw.st_mode & S_IFMT
    isFolder = kind == S_IFDIR
    isRegularFile = kind == S_IFREG
    isLink = kind == S_IFLNK
    isCharacterDevice = kind == S_IFCHR
    permissions = raw.st_mode & 0o777
    byteCount = Int(raw.st_size)
    device = Int(truncatingIfNeeded: raw.st_dev)
    number = UInt64(raw.st_ino)
    #if canImport(Darwin)
      modified = raw.st_mtimespec.tv_sec
    #else
      modified = raw.st_mtim.tv_sec
    #endif
  }
}
