#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file line by line, in memory of one chunk and the longest line.
package struct LineReader: ~Copyable {
  private static let chunkSize = 1 << 18
  /// The most bytes of a line.
  private static let lineLimit = 1 << 26

  private let path: String
  private let file: Descriptor
  /// The bytes that the ranges of lines are of.
  package private(set) var bytes: [UInt8] = []
  private var position = 0
  private var chunk = [UInt8](repeating: 0, count: LineReader.chunkSize)
  private var isAtEnd = false

  /// Opens the file at `path`; a folder, a missing and an unreadable file each throw their own case.
  package init(_ path: String) throws(FileError) {
    guard !Files.isFolder(path) else { throw .isFolder(path: path) }
    file = try Descriptor(path, O_RDONLY, reading: true)
    self.path = path
  }

  /// The next line without its line feed, as a range of `bytes` that holds until the next call; nil at the end.
  package mutating func next() throws(FileError) -> Range<Int>? {
    var searched = position
    while true {
      if let end = lineFeed(from: searched) {
        defer { position = end + 1 }
        return position..<end
      }
      if isAtEnd {
        guard position < bytes.count else { return nil }
        defer { position = bytes.count }
        return position..<bytes.count
      }
      searched = bytes.count - position
      bytes.removeFirst(position)
      position = 0
      if bytes.count > LineReader.lineLimit { throw .tooLarge(path: path, limit: LineReader.lineLimit) }
      try readChunk()
    }
  }

  private func lineFeed(from start: Int) -> Int? {
    let span = bytes.span
    for offset in start..<span.count where span[offset] == UInt8(ascii: "\n") { return offset }
    return nil
  }

  private mutating func readChunk() throws(FileError) {
    let count = SystemCall.read(file.number, into: &chunk)
    guard count >= 0 else { throw FileError(code: Int32(-count), .read, path: path) }
    isAtEnd = count == 0
    bytes.append(contentsOf: chunk.prefix(count))
  }
}
