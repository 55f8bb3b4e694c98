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

  @Test("Korean in pairs of bytes is not taken for Thai")
  func korean() throws {
    // 모든 인간은 태어날 때부터 자유로우며
    let bytes: [UInt8] = [
      0xB8, 0xF0, 0xB5, 0xE7, 0x20, 0xC0, 0xCE, 0xB0, 0xA3, 0xC0, 0xBA, 0x20, 0xC5, 0xC2, 0xBE, 0xEE, 0xB3, 0xAF, 0x20,
      0xB6, 0xA7, 0xBA, 0xCE, 0xC5, 0xCD, 0x20, 0xC0, 0xDA, 0xC0, 0xAF, 0xB7, 0xCE, 0xBF, 0xEC, 0xB8, 0xE7, 0x0A,
    ]
    #expect(try name([[UInt8]](repeating: bytes, count: 3).flatMap { $0 }) == "euc-kr")
  }

  @Test("UTF-8 that ends in the middle of a character is UTF-8; Latin 1 that ends in an accent is not")
  func cut() throws {
    let text = Array("Всем привет из Казани".utf8)
    #expect(try name(Array(text.dropLast())) == "utf-8")
    #expect(try name(Array("Tu as mange".utf8.dropLast()) + [0xE9]) != "utf-8")
  }

  /// Each byte's character in an encoding of single bytes, turned around.
  private func table(_ encoding: String) -> [Character: UInt8] {
    var table: [Character: UInt8] = [:]
    for byte in UInt8(0x80)...0xFF {
      var decoder = TextDecoder(encoding: encoding, invalid: .error, source: "f")
      guard (try? decoder.append([byte], isEnd: true)) != nil else { continue }
      table[Character(String(decoding: decoder.utf8, as: UTF8.self))] = byte
    }
    return table
  }

  @Test(
    "Cyrillic is found in each of its encodings",
    arguments: CyrillicReading.encodings,
    [
      "Вечером мы пили чай у открытого окна, и за рекой Пётр долго играл на гармони. Потом Маша уснула. Я тоже.",
      "Вечерта седяхме край отворения прозорец, а отвъд реката някой дълго свиреше. Стоян запя.",
    ])
  func cyrillic(encoding: String, text: String) throws {
    let table = table(encoding)
    let bytes = encoded(text, table)
    #expect(try name(bytes) == Encoding.canonicalName(of: encoding))
    #expect(try name(bytes + Array("\n<b>with some English</b>\n".utf8)) == Encoding.canonicalName(of: encoding))
  }

  @Test(
    "Ukrainian, Serbian and Macedonian are found where the encoding has their letters",
    arguments: ["windows-1251", "iso-8859-5", "x-mac-cyrillic", "ibm855"],
    [
      "Увечері ми пили чай біля відчиненого вікна, а за річкою хтось довго грав. Потім стало тихо і їхній кіт заснув.",
      "Увече смо пили чај крај отвореног прозора, а преко реке је неко дуго свирао. Онда је постало тихо, љубазно ћутање.",
      "Вечерта пиевме чај крај отворениот прозорец, а преку реката некој долго свиреше. Потоа стана тивко, ѓаволски тивко.",
    ])
  func otherCyrillic(encoding: String, text: String) throws {
    #expect(try name(encoded(text, table(encoding))) == Encoding.canonicalName(of: encoding))
  }

  @Test("Greek and Hebrew are not taken for Cyrillic")
  func notCyrillic() throws {
    let greek =
      "Το βράδυ πίναμε τσάι δίπλα στο ανοιχτό παράθυρο, και πέρα από το ποτάμι κάποιος έπαιζε για ώρα. Μετά ησυχία."
    let hebrew = "בערב שתינו תה ליד החלון הפתוח, ומעבר לנהר מישהו ניגן שעה ארוכה. אחר כך נהיה שקט."
    for (text, encoding) in [(greek, "iso-8859-7"), (greek, "windows-1253"), (hebrew, "windows-1255")] {
      let bytes = encoded(text, table(encoding))
      #expect(EncodingDetection.cyrillicGuess(bytes) == nil, "\(encoding)")
    }
  }

  @Test("texts of DOS and Macintosh are not taken for those of Windows; the code page is named first")
  func codePages() throws {
    let german =
      "Über den Dächern wurde es früh dunkel, und wir hörten die Züge. Später fiel Schnee, schöner weißer Schnee. "
    let polish =
      "Wieczorem piliśmy herbatę przy otwartym oknie, a za rzeką ktoś długo grał. Później zrobiło się cicho, też w środę. "
    for (text, encoding) in [(german, "ibm850"), (german, "macintosh"), (polish, "ibm852")] {
      let bytes = encoded(String(repeating: text, count: 5), table(encoding))
      let usual = try Encoding.canonicalName(of: encoding)
      #expect {
        try EncodingDetection(sample: bytes, isWhole: true, source: "f")
      } throws: { error in
        guard case .uncertainEncoding("f", let guesses)? = error as? TextError else { return false }
        return guesses.first?.name == usual
      }
    }
  }

  @Test("Slovak and Hungarian are found though ICU's detector is not sure", arguments: ["windows-1250", "iso-8859-2"])
  func centralEuropean(encoding: String) throws {
    let text = """
      Večer sme pili čaj pri otvorenom okne a za riekou niekto dlho hral na harmonike. Potom bolo ticho, len žaby kŕkali.
      Este teát ittunk a nyitott ablaknál, és a folyón túl valaki sokáig játszott. Aztán csend lett, csak a békák szóltak.
      """
    #expect(try name(encoded(text + text, table(encoding))) == encoding)
  }

  @Test("Hebrew is not taken for Latin, whatever ICU's detector says")
  func notLatin() throws {
    let hebrew = "בערב שתינו תה ליד החלון הפתוח, ומעבר לנהר מישהו ניגן שעה ארוכה."
    let reading = try #require(LatinReading(encoded(hebrew, table("windows-1255")), encoding: "iso-8859-1"))
    #expect(!reading.isPlausible && reading.misplacedCount == 0)
  }

  @Test("a guess is accepted for its lead, but not Latin 1, which fits everything")
  func lead() {
    func isClear(_ guesses: [(String, Int)], byteCount: Int = 50) -> Bool {
      EncodingGuess.isClear(guesses.map { EncodingGuess(name: $0, confidence: $1) }, byteCount: byteCount)
    }
    #expect(isClear([("koi8-r", 26), ("windows-1251", 10)]) && isClear([("windows-1251", 37), ("utf-16be", 10)]))
    #expect(!isClear([("koi8-r", 20), ("shift_jis", 5)]) && !isClear([("iso-8859-2", 32), ("iso-8859-1", 16)]))
    #expect(!isClear([("koi8-r", 26), ("windows-1251", 10)], byteCount: 5))
    #expect(!isClear([("windows-1252", 35), ("utf-16be", 10)]) && !isClear([]) && isClear([("windows-1252", 40)]))
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
