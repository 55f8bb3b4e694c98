#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Files {
  /// Writes all bytes to standard output.
  /// - Throws: `FileError`; where the reader closed the pipe, its `isBrokenPipe` is true (SIGPIPE must be ignored).
  package static func writeStandardOutput(_ bytes: [UInt8]) throws(FileError) {
    try write(bytes, to: STDOUT_FILENO, path: "standard output")
  }

  /// Writes all bytes to standard error; an error is ignored, since there is nowhere to report it.
  package static func writeStandardError(_ bytes: [UInt8]) {
    try? write(bytes, to: STDERR_FILENO, path: "standard error")
  }

  /// Opens descriptors 0, 1 and 2 where the caller left them closed, so that no file that is opened later takes their
  /// place; what is written to such a standard output fails as it would have. Call it before anything is opened.
  package static func occupyStandardDescriptors() {
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
  /// Whether the reader of a pipe closed it.
  package var isBrokenPipe: Bool {
    if case .writeFailed(_, .write, EPIPE) = self { true } else { false }
  }
}
