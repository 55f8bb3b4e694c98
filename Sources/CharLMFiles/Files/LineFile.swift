#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows line by line, or record by record; each is there for other programs as soon as it is written.
package final class LineFile {
  private let path: String
  private let descriptor: Descriptor

  /// Opens the file, made where missing.
  /// - Parameter isAppending: whether what is in it stays; a last line that was cut off is then ended.
  package init(path: String, isAppending: Bool) throws(FileError) {
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
  package func append(_ line: String) throws(FileError) {
    try append(Array((line + "\n").utf8))
  }

  /// Appends bytes as they are.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    try Files.write(bytes, to: descriptor.number, path: path)
  }
}
