import Testing

@testable import CharLMText

@Suite("Encodings")
struct EncodingTests {
  @Test(
    "an encoding has one name, whatever it is called",
    arguments: [
      ("UTF8", "utf-8"), ("utf-8", "utf-8"), ("latin1", "iso-8859-1"), ("cp1252", "windows-1252"),
      ("GB18030", "gb18030"), ("sjis", "shift_jis"), ("cp932", "shift_jis"), ("eucJP", "euc-jp"),
      ("koi8_r", "koi8-r"), ("utf 16 le", "utf-16le"),
    ])
  func names(name: String, expected: String) throws {
    #expect(try Encoding.canonicalName(of: name) == expected)
    #expect(try Encoding.canonicalName(of: expected) == expected)
  }

  @Test("every name that ICU knows keeps its meaning, but for the encodings whose converters lose their place")
  func allNames() throws {
    for names in Encoding.allNames where !["x11-compound-text", "BOCU-1"].contains(names[0]) {
      let usual = try Encoding.canonicalName(of: names[0])
      #expect(try Encoding.canonicalName(of: usual) == usual)
    }
  }

  @Test("an unknown name is refused, with names that look like it")
  func unknownName() {
    #expect(throws: TextError.unknownEncoding(name: "uft-8", near: ["utf-8"])) {
      _ = try TextReader(settings: TextSettings(encoding: "uft-8"), source: "f")
    }
    for name in ["", "no such encoding at all", "\u{0}", "x11-compound-text"] {
      #expect(throws: TextError.unknownEncoding(name: name, near: [])) { try Encoding.canonicalName(of: name) }
    }
    #expect(throws: TextError.self) { try Encoding.canonicalName(of: "bocu-1") }
  }

  @Test("text is decoded wherever reads are cut", arguments: Sample.all, [1, 2, 3, 5, 1000])
  func decoding(sample: Sample, size: Int) throws {
    let pieces = try readPieces(parts(sample.bytes, of: size), TextSettings(encoding: sample.encoding))
    #expect(pieces.flatMap(\.utf8) == Array(sample.text.utf8))
  }

  @Test("a byte-order mark shows the encoding and is dropped", arguments: Sample.marked, [1, 3, 1000])
  func byteOrderMarks(sample: Sample, size: Int) throws {
    let settings = TextSettings(encoding: "auto")
    #expect(try readPieces(parts(sample.bytes, of: size), settings).flatMap(\.utf8) == Array(sample.text.utf8))
    let detection = try EncodingDetection(sample: sample.bytes, isWhole: true, source: "f")
    #expect((detection.name, detection.confidence, detection.hadByteOrderMark) == (sample.encoding, nil, true))
    #expect(
      try readPieces([sample.bytes], TextSettings(encoding: sample.encoding)).flatMap(\.utf8) == Array(sample.text.utf8)
    )
  }

  @Test("a long text of another encoding is converted without loss")
  func long() throws {
    let line = Sample.all[0]
    let bytes = [[UInt8]](repeating: line.bytes, count: 100_000).flatMap { $0 }
    var rest = parts(bytes, of: 70_001)[...]
    var reader = try TextReader(settings: TextSettings(encoding: line.encoding), source: "f")
    var (byteCount, pieceCount) = (0, 0)
    while let piece = try reader.next({ rest.popFirst() ?? [] }) {
      byteCount += piece.utf8.count
      pieceCount += 1
      #expect(piece.utf8.starts(with: Array("天".utf8)))
    }
    #expect(byteCount == 100_000 * line.text.utf8.count)
    #expect(pieceCount > 1)
  }

  @Test(
    "invalid bytes are named with their place",
    arguments: [
      ("gb18030", [0x61, 0x0A, 0xCC, 0xEC, 0x80, 0x62], 4, 2, 2, [0x80]),
      ("gb18030", [0xCC, 0xEC, 0x81], 2, 1, 2, [0x81]),
      ("utf-16le", [0x61, 0, 0x62], 2, 1, 2, [0x62]),
      ("us-ascii", [0x61, 0xE9, 0x62], 1, 1, 2, [0xE9]),
    ] as [(String, [UInt8], Int, Int, Int, [UInt8])], 1...6)
  func invalid(problem: (String, [UInt8], Int, Int, Int, [UInt8]), size: Int) throws {
    let (encoding, bytes, offset, line, column, found) = problem
    let expected = TextError.invalidBytes(
      source: "f", encoding: encoding, offset: offset, line: line, column: column, bytes: found)
    #expect(throws: TextReadingError<Never>.text(expected)) {
      try readPieces(parts(bytes, of: size), TextSettings(encoding: encoding))
    }
    let kept = try readPieces(parts(bytes, of: size), TextSettings(encoding: encoding, invalid: .byte))
    #expect(kept.flatMap(\.utf8).contains(found))
    let replaced = try readPieces(parts(bytes, of: size), TextSettings(encoding: encoding, invalid: .replace))
    #expect(String(decoding: replaced.flatMap(\.utf8), as: UTF8.self).unicodeScalars.contains("\u{FFFD}"))
  }

  @Test("half of a surrogate pair is invalid")
  func unpairedSurrogate() {
    let bytes: [UInt8] = [0x61, 0, 0x0A, 0, 0x00, 0xD8, 0x62, 0]
    let expected = TextError.invalidBytes(
      source: "f", encoding: "utf-16le", offset: 4, line: 2, column: 1, bytes: [0x00, 0xD8])
    #expect(throws: TextReadingError<Never>.text(expected)) {
      try readPieces([bytes], TextSettings(encoding: "utf-16le"))
    }
  }

  @Test("shifts without text between them are no errors")
  func emptyShifts() throws {
    let bytes = [UInt8]("a~{~}~{LlOB~}b".utf8)
    #expect(try readPieces([bytes], TextSettings(encoding: "hz")).flatMap(\.utf8) == Array("a天下b".utf8))
  }
}

/// A text in an encoding.
struct Sample: Sendable, CustomTestStringConvertible {
  let encoding: String
  let text: String
  let bytes: [UInt8]
  var testDescription: String { encoding }

  static let all: [Sample] = [
    Sample(
      encoding: "gb18030", text: "天下𠀀é\r\n",
      bytes: [0xCC, 0xEC, 0xCF, 0xC2, 0x95, 0x32, 0x82, 0x36, 0xA8, 0xA6, 13, 10]),
    Sample(encoding: "shift_jis", text: "猫ﾈ", bytes: [0x94, 0x4C, 0xC8]),
    Sample(encoding: "euc-jp", text: "猫a", bytes: [0xC7, 0xAD, 0x61]),
    Sample(encoding: "iso-2022-jp", text: "猫a", bytes: [0x1B, 0x24, 0x42, 0x47, 0x2D, 0x1B, 0x28, 0x42, 0x61]),
    Sample(encoding: "windows-1252", text: "l’été", bytes: [0x6C, 0x92, 0xE9, 0x74, 0xE9]),
    Sample(encoding: "koi8-r", text: "Мир", bytes: [0xED, 0xC9, 0xD2]),
    Sample(encoding: "utf-16be", text: "a😀\n", bytes: [0, 0x61, 0xD8, 0x3D, 0xDE, 0x00, 0, 0x0A]),
    Sample(encoding: "utf-32le", text: "a😀", bytes: [0x61, 0, 0, 0, 0x00, 0xF6, 1, 0]),
  ]

  /// Those with a byte-order mark.
  static let marked: [Sample] = [
    Sample(encoding: "utf-8", text: "aé", bytes: [0xEF, 0xBB, 0xBF, 0x61, 0xC3, 0xA9]),
    Sample(encoding: "utf-16le", text: "a😀", bytes: [0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8, 0x00, 0xDE]),
    Sample(encoding: "utf-16be", text: "a😀", bytes: [0xFE, 0xFF, 0, 0x61, 0xD8, 0x3D, 0xDE, 0x00]),
    Sample(encoding: "utf-32le", text: "a", bytes: [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]),
    Sample(encoding: "utf-32be", text: "a", bytes: [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61]),
    Sample(encoding: "gb18030", text: "天", bytes: [0x84, 0x31, 0x95, 0x33, 0xCC, 0xEC]),
  ]
}

extension Array where Element: Equatable {
  /// Whether `part` stands somewhere in the array.
  fileprivate func contains(_ part: [Element]) -> Bool {
    part.isEmpty || (0..<count).contains { self[$0...].starts(with: part) }
  }
}
