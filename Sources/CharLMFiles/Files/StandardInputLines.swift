#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of standard input as they come, so that they can be answered before the input ends.
package struct StandardInputLines: ~Copyable {
  private static let chunkSize = 1 << 16

  private var chunk = [UInt8](repeating: 0, count: StandardInputLines.chunkSize)
  /// The beginning of a line whose end has not come yet.
  private var held: [UInt8] = []
  private var isAtEnd = false

  private let byteLimit: Int

  /// Lines from where standard input stands.
  /// - Parameter byteLimit: of a longer line, one byte more than this is given, and the input is not read on.
  package init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// Waits for more lines, and gives all that have come, at least one, without their ends (LF or CR LF); nil at the end.
  package mutating func next() throws(FileError) -> [[UInt8]]? {
    while !isAtEnd {
      let count = SystemCall.read(STDIN_FILENO, into: &chunk)
      guard count >= 0 else { throw FileError(code: Int32(-count), .read, path: "standard input") }
      isAtEnd = count == 0
      let lines = isAtEnd ? lastLine() : wholeLines(chunk[..<count])
      if !lines.isEmpty { return lines }
    }
    return nil
  }

  private mutating func wholeLines(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(StandardInputLines.withoutReturn(held + rest[..<end]))
      held = []
      rest = rest[(end + 1)...]
    }
    held += rest
    // A device may never end its line.
    if held.count > byteLimit + 1 {
      lines.append(Array(held.prefix(byteLimit + 1)))
      (held, isAtEnd) = ([], true)
    }
    return lines
  }

  private mutating func lastLine() -> [[UInt8]] {
    defer { held = [] }
    return held.isEmpty ? [] : [StandardInputLines.withoutReturn(held)]
  }

  private static func withoutReturn(_ line: [UInt8]) -> [UInt8] {
    line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line
  }
}
