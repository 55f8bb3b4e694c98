import CharLMFiles

extension PairCorpus {
  /// Whether the beginning of a file looks like aligned pairs: at least three lines, each with one tab and as many
  /// scalars before as after it.
  /// - Parameter path: a file in UTF-8; anything else does not look like pairs.
  package static func looksLikePairs(path: String) -> Bool {
    guard path != "-", !Files.isFolder(path), let start = try? Files.readPrefix(path, byteCount: 1 << 14) else {
      return false
    }
    var lines = start.split(separator: UInt8(ascii: "\n"))
    // The last may be cut off.
    if start.count == 1 << 14 { lines = lines.dropLast() }
    guard lines.count >= 3 else { return false }
    return lines.allSatisfy { line in
      guard let text = String(validating: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self) else {
        return false
      }
      let sides = text.unicodeScalars.split(separator: "\t", omittingEmptySubsequences: false)
      return sides.count == 2 && sides[0].count == sides[1].count && !sides[0].isEmpty
    }
  }
}
