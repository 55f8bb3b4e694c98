#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Files {
  /// Writes all bytes to standard output.
  /// - Throws: `FileError`; where the reader has gone away, `isBrokenPipe` of it is true (SIGPIPE must be ignored).
  public static func writeStandardOutput(_ bytes: [UInt8]) throws(FileError) {
    try write(bytes, to: STDOUT_FILENO, path: "standard output")
  }

  /// Writes all bytes to standard error; an error has nowhere to be told, and is passed over.
  public static func writeStandardError(_ bytes: [UInt8]) {
    try? write(bytes, to: STDERR_FILENO, path: "standard error")
  }

  /// Opens descriptors 0, 1 and 2 where the caller left them closed, so that no file that is opened later takes their
  /// place; what is written to such a standard output fails as it would have. Call it before anything is opened.
  public static func occupyStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // Opened the wrong way round: reading from, or writing to, what was closed fails.
      let result = SystemCall.open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
      if result < 0 { return }
    }
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    var offset = 0
    while offset < bytes.count {
      let count = SystemCall.write(descriptor, bytes, from: offset, limit: 1 << 20)
      guard count >= 0 else { throw FileError(code: Int32(-count), .write, path: path) }
      offset += count
    }
  }
}

extension FileError {
  /// Whether the reader of a pipe has gone away.
  public var isBrokenPipe: Bool {
    if case .writeFailed(_, .write, EPIPE) = self { true } else { false }
  }
}

/// A file that grows line by line, or record by record; each is there for other programs as soon as it is written.
public final class LineFile {
  private let path: String
  private let descriptor: Descriptor

  /// Opens the file, made where missing.
  /// - Parameter isAppending: whether what is in it stays; a last line that was cut off is then ended.
  public init(path: String, isAppending: Bool) throws(FileError) {
    self.path = path
    descriptor = try Descriptor(
      path, O_WRONLY | O_CREAT | O_APPEND | (isAppending ? 0 : O_TRUNC), reading: false)
    if isAppending, LineFile.isCutOff(path) { try append([UInt8(ascii: "\n")]) }
  }

  private static func isCutOff(_ path: String) -> Bool {
    guard let file = try? InputFile(path), file.byteCount > 0 else { return false }
    return (try? file.bytes(at: file.byteCount - 1, upTo: 1)) != [UInt8(ascii: "\n")]
  }

  /// Appends a line; its end is added.
  public func append(_ line: String) throws(FileError) {
    try append(Array((line + "\n").utf8))
  }

  /// Appends bytes as they are.
  public func append(_ bytes: [UInt8]) throws(FileError) {
    try Files.write(bytes, to: descriptor.number, path: path)
  }
}
