import CICU
import Testing

@testable import CharLMText

@Suite("Unicode's own tests, by the way that a corpus takes")
struct UnicodeConformanceTests {
  /// The text of a test, cut over two reads at every byte, and whole.
  private func cuts(_ utf8: [UInt8]) -> [[[UInt8]]] {
    (0..<utf8.count).map { [Array(utf8[..<$0]), Array(utf8[$0...])] }
  }

  /// The expected segments of each line of a break test.
  private static func segments(_ lines: [Substring]) -> [(line: Substring, segments: [[UInt8]])] {
    lines.compactMap { line in
      let segments = line.prefix { $0 != "#" }.split(separator: "÷").compactMap { points in
        utf8(ofPoints: points.filter { $0 != "×" && $0 != "\t" })
      }.filter { !$0.isEmpty }
      return segments.isEmpty ? nil : (line, segments)
    }
  }

  @Test(
    "GraphemeBreakTest passes whole, wherever reads are cut",
    .enabled(if: !UnicodeData.graphemeBreaks.isEmpty, Comment(rawValue: UnicodeData.comment)))
  func graphemeBreaks() throws {
    let tests = Self.segments(UnicodeData.graphemeBreaks)
    for (line, expected) in tests {
      for parts in cuts(expected.flatMap { $0 }) {
        let pieces = try readPieces(parts, TextSettings())
        #expect(
          pieces.flatMap { tokens(.grapheme, $0.normalized) } == expected, "\(line), \(parts[0].count) bytes first")
      }
    }
    #expect(tests.count > 500)
  }

  /// Since Unicode's locale data 42, which ICU 72 follows, a colon joins words in Finnish and Swedish alone; the test file
  /// has it join them everywhere.
  @Test(
    "WordBreakTest passes but for colons, wherever reads are cut",
    .enabled(if: !UnicodeData.wordBreaks.isEmpty, Comment(rawValue: UnicodeData.comment)))
  func wordBreaks() throws {
    let tests = Self.segments(UnicodeData.wordBreaks)
    for (line, expected) in tests where !expected.joined().contains(UInt8(ascii: ":")) {
      for parts in cuts(expected.flatMap { $0 }) {
        let pieces = try readPieces(parts, TextSettings(unit: .word))
        #expect(
          pieces.flatMap { tokens(.word, $0.normalized) } == expected, "\(line), \(parts[0].count) bytes first")
      }
    }
    #expect(tests.count > 1500)
  }

  /// The columns c1 to c5 of NormalizationTest's lines.
  private static let normalizationColumns: [[[UInt8]]] = UnicodeData.normalization.compactMap { line in
    guard !line.hasPrefix("#"), !line.hasPrefix("@") else { return nil }
    let columns = line.split(separator: ";").prefix(5).compactMap { utf8(ofPoints: $0) }
    return columns.count == 5 ? columns : nil
  }

  @Test(
    "NormalizationTest passes whole, wherever reads are cut",
    .enabled(if: !UnicodeData.normalization.isEmpty, Comment(rawValue: UnicodeData.comment)),
    arguments: [Normalization.nfc, .nfd, .nfkc])
  func normalization(form: Normalization) throws {
    let settings = TextSettings(normalization: form)
    for columns in Self.normalizationColumns {
      for (index, column) in columns.enumerated() {
        let isCompatible = form == .nfkc || index > 2
        let expected = columns[form == .nfd ? (isCompatible ? 4 : 2) : (isCompatible ? 3 : 1)]
        // Every cut of the source; the other columns are whole.
        for parts in index == 0 ? cuts(column) : [[column]] {
          let normalized = try readPieces(parts, settings).flatMap(\.normalized)
          if normalized != expected {
            Issue.record("\(form) of c\(index + 1): \(column), \(parts[0].count) bytes first")
          }
        }
      }
    }
    #expect(Self.normalizationColumns.count > 18_000)
  }

  @Test(
    "what NormalizationTest does not list is normal already",
    .enabled(if: !UnicodeData.normalization.isEmpty, Comment(rawValue: UnicodeData.comment)))
  func unlisted() throws {
    let listed = Set(Self.normalizationColumns.map { $0[0] })
    var text: [UInt8] = []
    for scalar in (0...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) {
      let utf8 = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      if !listed.contains(utf8) { text += utf8 + [0x0A] }
    }
    for form in [Normalization.nfc, .nfd, .nfkc] {
      let pieces = try readPieces(parts(text, of: 1 << 14), TextSettings(normalization: form))
      #expect(pieces.flatMap(\.normalized) == text, "\(form)")
    }
    #expect(Normalizer(form: CICU_NFKD).normalized(text) == text)
  }

  @Test(
    "joined by line feeds, the tests are read as they are alone, byte by byte",
    .enabled(if: !UnicodeData.normalization.isEmpty, Comment(rawValue: UnicodeData.comment)))
  func joined() throws {
    var (source, expected): ([UInt8], [UInt8]) = ([], [])
    for columns in Self.normalizationColumns {
      source += columns[0] + [0x0A]
      expected += columns[3] + [0x0A]
    }
    let pieces = try readPieces(parts(source, of: 1), TextSettings(normalization: .nfkc))
    #expect(pieces.flatMap(\.normalized) == expected)
  }
}
