#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file, a pipe or standard input, read once from its beginning to its end, piece by piece.
package final class SequentialInput {
  /// How messages name it.
  package let name: String
  /// Its size when it was opened; nil for what has none before it is read.
  package let byteCount: Int?
  private let descriptor: Descriptor

  private static let pieceSize = 1 << 18

  /// Opens the file, pipe or device at `path`.
  package init(_ path: String) throws(FileError) {
    name = path
    byteCount = try Files.sizeOfRegularFile(path, reportedAs: path)
    descriptor = try Descriptor(path, O_RDONLY, reading: true)
  }

  /// Takes over standard input.
  package static func standardInput() throws(FileError) -> SequentialInput {
    try SequentialInput(number: STDIN_FILENO, name: "standard input")
  }

  private init(number: Int32, name: String) throws(FileError) {
    let (code, status) = SystemCall.status(number)
    guard code == 0 else { throw FileError(code: Int32(-code), .read, path: name) }
    guard !status.isFolder else { throw .isFolder(path: name) }
    self.name = name
    byteCount = status.isRegularFile ? status.byteCount : nil
    descriptor = Descriptor(owning: number)
  }

  /// The next bytes, as many as are asked for; fewer only at the end.
  package func read(upTo count: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var piece = [UInt8](repeating: 0, count: min(count - bytes.count, SequentialInput.pieceSize))
      let length = SystemCall.read(descriptor.number, into: &piece)
      guard length >= 0 else { throw FileError(code: Int32(-length), .read, path: name) }
      guard length > 0 else { break }
      bytes += piece[..<length]
    }
    return bytes
  }
}
