import Testing

@testable import CharLMText

@Suite("Detecting encodings")
struct DetectionTests {
  private func name(_ bytes: [UInt8], isWhole: Bool = true) throws -> String {
    try EncodingDetection(sample: bytes, isWhole: isWhole, source: "f").name
  }

  /// A text in an encoding whose characters beyond ASCII are these.
  private func encoded(_ text: String, _ table: [Character: UInt8]) -> [UInt8] {
    text.flatMap { character in table[character].map { [$0] } ?? Array(String(character).utf8) }
  }

  @Test("UTF-8 is certain, wherever a sample ends")
  func utf8() throws {
    for count in 0...7 {
      let detection = try EncodingDetection(sample: Array("é字😀".utf8.prefix(count)), isWhole: false, source: "f")
      #expect((detection.name, detection.confidence) == ("utf-8", nil))
      #expect(detection.guesses.isEmpty && !detection.hadByteOrderMark)
    }
    #expect(try name(Array("{~ a ~}, ~{b~} \u{1B}[0m".utf8)) == "utf-8", "signs as in shifts, but no shifts")
  }

  @Test("French in one byte a character is found, with other guesses after it")
  func french() throws {
    let text =
      "Déclaration universelle des droits de l'homme. Préambule: considérant que la reconnaissance de la dignité "
    let bytes = encoded(String(repeating: text, count: 3), ["é": 0xE9])
    let detection = try EncodingDetection(sample: bytes, isWhole: true, source: "f")
    #expect(detection.name == "iso-8859-1")
    #expect(detection.guesses.first == EncodingGuess(name: "iso-8859-1", confidence: detection.confidence ?? 0))
    #expect(detection.guesses.count > 1)
    let long = Array(String(repeating: "plain text without accents\n", count: 1000).utf8) + bytes
    #expect(try name(long) == "iso-8859-1", "the lines that tell something are looked at, not the first")
  }

  @Test("UTF-16 and UTF-32 are found without a mark", arguments: [2, 4], [false, true])
  func wide(size: Int, isBigEndian: Bool) throws {
    let bytes = "Hello, wide world. Grüße!".unicodeScalars.flatMap { scalar in
      let units = (0..<size).map { UInt8(truncatingIfNeeded: scalar.value >> (8 * UInt32($0))) }
      return isBigEndian ? units.reversed() : units
    }
    #expect(try name(bytes) == "utf-\(size * 8)\(isBigEndian ? "be" : "le")")
    #expect(try name(Array(bytes.dropLast()), isWhole: false) == "utf-\(size * 8)\(isBigEndian ? "be" : "le")")
  }

  @Test("encodings of seven bits are found by their shifts")
  func shifts() throws {
    #expect(try name(Array(String(repeating: "~{LlOB~} and ~{HKAy~}\n", count: 4).utf8)) == "hz-gb-2312")
    let japanese: [UInt8] = [0x1B, 0x24, 0x42, 0x47, 0x2D, 0x24, 0x48, 0x1B, 0x28, 0x42, 0x0A]
    #expect(try name([[UInt8]](repeating: japanese, count: 6).flatMap { $0 }) == "iso-2022-jp")
  }

  @Test("Thai is found by where its marks stand")
  func thai() throws {
    // ปฏิญญาสากลว่าด้วยสิทธิมนุษยชน
    let bytes: [UInt8] = [
      0xBB, 0xAF, 0xD4, 0xAD, 0xAD, 0xD2, 0xCA, 0xD2, 0xA1, 0xC5, 0xC7, 0xE8, 0xD2, 0xB4, 0xE9, 0xC7, 0xC2, 0xCA, 0xD4,
      0xB7, 0xB8, 0xD4, 0xC1, 0xB9, 0xD8, 0xC9, 0xC2, 0xAA, 0xB9, 0x0A,
    ]
    #expect(try name([[UInt8]](repeating: bytes, count: 3).flatMap { $0 }) == Encoding.canonicalName(of: "tis-620"))
  }

  @Test("what is not sure is refused, with the guesses")
  func uncertain() {
    #expect {
      try EncodingDetection(
        sample: [0x6F, 0x6B, 0x20, 0xC0, 0xAF, 0x20, 0xED, 0xA0, 0x80, 0x20, 0xFF, 0x0A], isWhole: true, source: "f")
    } throws: { error in
      guard case .uncertainEncoding("f", let guesses)? = error as? TextError else { return false }
      return guesses.allSatisfy { $0.confidence < EncodingGuess.neededConfidence }
    }
  }
}
