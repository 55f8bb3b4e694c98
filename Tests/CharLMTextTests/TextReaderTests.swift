import Testing

@testable import CharLMText

@Suite("Reading text piece by piece")
struct TextReaderTests {
  @Test("pieces are the whole, wherever reads are cut", arguments: Normalization.allCases, 0..<15)
  func pieces(normalization: Normalization, seed: Int) throws {
    let utf8 = HardText.withSureBreaks(count: 200, seed: seed)
    let whole = TextPiece(utf8: utf8, normalized: normalization.normalized(utf8))
    for unit in TextUnit.allCases {
      let settings = TextSettings(unit: unit, normalization: normalization)
      let pieces = try readPieces(randomParts(utf8, largest: 9, seed: seed), settings)
      #expect(pieces.flatMap(\.utf8) == whole.utf8)
      #expect(pieces.flatMap(\.normalized) == whole.normalized)
      #expect(pieces.flatMap { tokens(unit, $0.normalized) } == tokens(unit, whole.normalized), "\(unit)")
      #expect(pieces.flatMap { tokens(.grapheme, $0.utf8) } == tokens(.grapheme, whole.utf8))
      #expect(unit == .word || pieces.count > 20)
    }
  }

  @Test("a text without a place to cut becomes one piece")
  func unbroken() throws {
    let marks = [UInt8](("a" + String(repeating: "\u{301}\u{323}", count: 5000)).utf8)
    let pieces = try readPieces(parts(marks, of: 1000), TextSettings(normalization: .nfc))
    #expect(pieces.map(\.utf8) == [marks])
    #expect(pieces.map(\.normalized) == [Normalization.nfc.normalized(marks)])
  }

  @Test("more than the largest piece is refused, with the place")
  func tooLarge() {
    let utf8 = [UInt8](("ab\n" + String(repeating: "\u{301}", count: 100)).utf8)
    #expect(throws: TextReadingError<Never>.text(.unbrokenText(source: "f", offset: 3, byteCount: 108))) {
      try readPieces(parts(utf8, of: 8), TextSettings(), largestPieceSize: 100)
    }
  }

  @Test("a text of nothing has no pieces", arguments: [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]], ["auto", "utf-8"])
  func empty(bytes: [UInt8], encoding: String) throws {
    for size in 1...3 {
      #expect(try readPieces(parts(bytes, of: size), TextSettings(encoding: encoding)).isEmpty)
    }
  }

  @Test("what cannot be read is passed on")
  func failure() throws {
    struct Lost: Error, Equatable {}
    var reader = try TextReader(settings: TextSettings(), source: "f")
    do throws(TextReadingError<Lost>) {
      _ = try reader.next { () throws(Lost) -> [UInt8] in throw Lost() }
      Issue.record("nothing was thrown")
    } catch {
      #expect(error == .reading(Lost()))
    }
  }

  @Test("under 'byte' any bytes come back, in tokens that reads do not cut", arguments: 0..<40)
  func anyBytes(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    var bytes = HardText.random(count: 60, seed: seed)
    for _ in 0..<20 {
      let invalid = (0..<3).map { _ in UInt8.random(in: 0x80...0xFF, using: &generator) }
      bytes.insert(contentsOf: invalid, at: Int.random(in: 0...bytes.count, using: &generator))
    }
    for unit in TextUnit.allCases {
      let settings = TextSettings(unit: unit, invalid: .byte)
      let pieces = try readPieces(randomParts(bytes, largest: 7, seed: seed), settings)
      #expect(pieces.flatMap(\.normalized) == bytes)
      #expect(pieces.flatMap { tokens(unit, $0.normalized) } == tokens(unit, bytes), "\(unit)")
    }
  }

  @Test("under 'replace' invalid bytes become U+FFFD as in the standard library", arguments: 0..<40)
  func replacement(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    var bytes = HardText.random(count: 20, seed: seed)
    for _ in 0..<10 {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0x80...0xFF, using: &generator)
    }
    let pieces = try readPieces(randomParts(bytes, largest: 5, seed: seed), TextSettings(invalid: .replace))
    #expect(pieces.flatMap(\.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
  }

  @Test("invalid bytes have the same place wherever reads are cut", arguments: 1...12)
  func place(size: Int) {
    let bytes: [UInt8] = Array("\u{FEFF}é\n\nüb字".utf8) + [0xE4, 0xBD] + Array("x".utf8)
    let expected = TextError.invalidBytes(
      source: "f", encoding: "utf-8", offset: 13, line: 3, column: 4, bytes: [0xE4, 0xBD])
    #expect(throws: TextReadingError<Never>.text(expected)) { try readPieces(parts(bytes, of: size), TextSettings()) }
  }
}

extension TextReadingError: Equatable where Failure: Equatable {
  /// Whether both failed alike.
  public static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.reading(let left), .reading(let right)): left == right
    case (.text(let left), .text(let right)): left == right
    default: false
    }
  }
}

/// All pieces of a text whose bytes come in `parts`, as small as they may be.
func readPieces(
  _ parts: [[UInt8]], _ settings: TextSettings, largestPieceSize: Int = 1 << 28
) throws(TextReadingError<Never>) -> [TextPiece] {
  var rest = parts.filter { !$0.isEmpty }[...]
  var pieces: [TextPiece] = []
  do throws(TextError) {
    var reader = try TextReader(settings: settings, source: "f")
    reader.pieceSize = 1
    reader.largestPieceSize = largestPieceSize
    do throws(TextReadingError<Never>) {
      while let piece = try reader.next({ rest.popFirst() ?? [] }) { pieces.append(piece) }
    } catch { if case .text(let error) = error { throw error } }
  } catch { throw .text(error) }
  return pieces
}

/// A text in parts of `size` bytes.
func parts(_ bytes: [UInt8], of size: Int) -> [[UInt8]] {
  stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
}

/// A text in parts of 1 to `largest` bytes.
func randomParts(_ bytes: [UInt8], largest: Int, seed: Int) -> [[UInt8]] {
  var generator = SeededGenerator(state: UInt64(seed))
  var parts: [[UInt8]] = []
  var start = 0
  while start < bytes.count {
    let end = min(start + Int.random(in: 1...largest, using: &generator), bytes.count)
    parts.append(Array(bytes[start..<end]))
    start = end
  }
  return parts
}
