#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes read as Cyrillic in one encoding, and how much that looks like a language written with it.
///
/// Half a dozen encodings put the same letters in different places, so that a wrong one gives rare letters, capitals within
/// words, and signs in place of letters. ICU's detector knows three of them.
struct CyrillicReading {
  /// The encoding's usual name.
  let encoding: String
  /// The number of Cyrillic letters.
  let letterCount: Int
  /// How much the reading surprises, in bits: by how frequent letters are, and by signs and capitals within words.
  let bits: Double
  /// The same for each letter.
  var bitsPerLetter: Double { bits / Double(letterCount) }

  /// The encodings of Cyrillic in single bytes.
  static let encodings = ["windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic", "ibm855"]

  /// - Returns: nil where the bytes mean nothing in the encoding, or no Cyrillic letter.
  init?(_ bytes: [UInt8], encoding: String) {
    guard let text = TextDecoder.text(bytes, by: encoding) else { return nil }
    var (letterCount, bits) = (0, 0.0)
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if Self.isCyrillic(scalar) {
        letterCount += 1
        let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        bits += Self.surprise[lower] ?? Self.unknownSurprise
        if last.properties.isAlphabetic { bits += Self.surprise(of: scalar, after: last) }
      } else if scalar.properties.isAlphabetic, Self.isCyrillic(last) {
        bits += Self.misplacedSurprise
      } else if scalar.value >= 0x80 {
        bits += Self.signSurprise
      }
      last = scalar
    }
    guard letterCount > 0 else { return nil }
    (self.encoding, self.letterCount, self.bits) = (encoding, letterCount, bits)
  }

  /// A capital after a small letter is misplaced, as is a letter of another script; one after a capital is rare.
  private static func surprise(of letter: Unicode.Scalar, after last: Unicode.Scalar) -> Double {
    if !isCyrillic(last) { return misplacedSurprise }
    guard letter.properties.isUppercase else { return 0 }
    return last.properties.isLowercase ? misplacedSurprise : 1
  }

  private static let misplacedSurprise = 4.0
  private static let signSurprise = 8.0

  private static func isCyrillic(_ scalar: Unicode.Scalar) -> Bool { 0x400...0x45F ~= scalar.value }

  /// Of 139 web pages in Russian and Bulgarian none takes more than 4.8 bits a letter in its own encoding, nor do nineteen of
  /// twenty texts in Ukrainian, Serbian, Macedonian and Belarusian more than 5.15; of 250 pages in other languages none
  /// takes fewer than 5.3 in any of these.
  static let mostBitsPerLetter = 5.2
  /// How many bits in all the next best reading must take more.
  static let neededLead = 8.0

  /// About how often each letter comes in a thousand of a text in one of the languages that have it, Russian before others.
  private static let frequencies: [(letters: String, perThousand: Double)] = [
    ("о", 110), ("еа", 82), ("и", 74), ("нт", 65), ("с", 55), ("рвл", 46), ("к", 35), ("мдпу", 29), ("яы", 20),
    ("ьгзб", 17), ("чй", 13), ("іј", 25), ("хжъ", 10), ("шюц", 6), ("щэфїєљњћў", 6), ("ёґђџѓќѕ", 1),
  ]
  private static let total = frequencies.reduce(0) { $0 + $1.perThousand * Double($1.letters.unicodeScalars.count) }
  private static let unknownSurprise = -log2(0.1 / total)
  private static let surprise: [Unicode.Scalar: Double] = Dictionary(
    uniqueKeysWithValues: frequencies.flatMap { group in
      group.letters.unicodeScalars.map { ($0, -log2(group.perThousand / total)) }
    })
}

extension EncodingDetection {
  /// The encoding by which bytes read as a language in Cyrillic, better than by any other that gives another text.
  static func cyrillicGuess(_ sample: [UInt8]) -> EncodingGuess? {
    let excerpt = excerpt(sample)
    let readings = CyrillicReading.encodings.compactMap { CyrillicReading(excerpt, encoding: $0) }
      .sorted { $0.bits < $1.bits }
    guard let best = readings.first, best.bitsPerLetter <= CyrillicReading.mostBitsPerLetter else { return nil }
    let next = readings.dropFirst().first?.bits ?? .infinity
    guard next - best.bits >= CyrillicReading.neededLead else { return nil }
    return EncodingGuess(name: best.encoding, confidence: 90)
  }
}
