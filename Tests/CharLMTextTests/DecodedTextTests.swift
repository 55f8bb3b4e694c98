import Testing

@testable import CharLMText

@Suite("Decoding UTF-8")
struct DecodedTextTests {
  @Test("valid text is kept byte for byte", arguments: HardText.all.filter { !$0.utf8.starts(with: DecodedText.mark) })
  func valid(sample: TextSample) throws {
    let decoded = try DecodedText(decoding: sample.utf8, source: "text")
    #expect(decoded.utf8 == sample.utf8)
  }

  @Test("a byte-order mark is dropped, once")
  func byteOrderMark() throws {
    let decoded = try DecodedText(decoding: Array("\u{FEFF}\u{FEFF}a".utf8), source: "text")
    #expect(decoded.utf8 == Array("\u{FEFF}a".utf8))
  }

  @Test(
    "ill-formed bytes are named with their place",
    arguments: [
      ([0x80], 0, 1, 1, [0x80]),
      ([0x61, 0xE9, 0x62], 1, 1, 2, [0xE9]),
      (Array("é\nüb".utf8) + [0xFF, 0xFE, 0xFF, 0xFF, 0xFF], 6, 2, 3, [0xFF, 0xFE, 0xFF, 0xFF]),
      ([0xC0, 0x80], 0, 1, 1, [0xC0, 0x80]),
      ([0xC1, 0xBF], 0, 1, 1, [0xC1, 0xBF]),
      ([0xE0, 0x9F, 0xBF], 0, 1, 1, [0xE0, 0x9F, 0xBF]),
      ([0xED, 0xA0, 0x80], 0, 1, 1, [0xED, 0xA0, 0x80]),
      ([0xF0, 0x8F, 0xBF, 0xBF], 0, 1, 1, [0xF0, 0x8F, 0xBF, 0xBF]),
      ([0xF4, 0x90, 0x80, 0x80], 0, 1, 1, [0xF4, 0x90, 0x80, 0x80]),
      ([0xF5], 0, 1, 1, [0xF5]),
      ([0x0A, 0xE4, 0xBD], 1, 2, 1, [0xE4, 0xBD]),
      ([0xE4, 0xBD, 0x61], 0, 1, 1, [0xE4, 0xBD]),
      ([0xEF, 0xBB, 0xBF, 0x61, 0xFF], 4, 1, 2, [0xFF]),
      ([0xEF, 0xBB, 0xBF, 0xFF], 3, 1, 1, [0xFF]),
      (Array(repeating: 0x61, count: 23) + [0xE9] + Array(repeating: 0x61, count: 20), 23, 1, 24, [0xE9]),
    ] as [([UInt8], Int, Int, Int, [UInt8])])
  func invalid(bytes: [UInt8], offset: Int, line: Int, column: Int, found: [UInt8]) {
    #expect(
      throws: TextError.invalidBytes(
        source: "f", encoding: "utf-8", offset: offset, line: line, column: column, bytes: found)
    ) {
      try DecodedText(decoding: bytes, source: "f")
    }
  }

  @Test("validation agrees with the standard library on random bytes", arguments: 0..<200)
  func agreesWithStandardLibrary(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    var bytes = HardText.random(count: 12, seed: seed)
    if seed % 4 > 0 {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
    }
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    #expect((UTF8Validation.firstError(in: bytes.span) == nil) == isValid)
  }

  @Test("nothing, or a byte-order mark alone, is no text where text is needed", arguments: [[], [0xEF, 0xBB, 0xBF]])
  func empty(bytes: [UInt8]) throws {
    #expect(try DecodedText(decoding: bytes, source: "f").utf8.isEmpty)
    #expect(throws: TextError.emptyText(source: "f")) {
      try DecodedText(decoding: bytes, source: "f", allowsEmpty: false)
    }
  }
}
