#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file that is closed when its owner lets go of it.
struct Descriptor: ~Copyable {
  let number: Int32

  /// Opens `path`; errors name `reported` (by default `path`).
  init(_ path: String, _ flags: Int32, reading: Bool, reportedAs reported: String? = nil) throws(FileError) {
    let result = SystemCall.open(path, flags)
    guard result >= 0 else { throw FileError(code: Int32(-result), .open, path: reported ?? path, reading: reading) }
    number = Int32(result)
  }

  /// Takes over a descriptor that is open.
  init(owning number: Int32) { self.number = number }

  deinit { _ = SystemCall.close(number) }

  /// Closes now and gives 0 or the negated `errno`, which some network file systems hold back until here.
  consuming func close() -> Int {
    let result = SystemCall.close(number)
    discard self
    return result
  }
}
