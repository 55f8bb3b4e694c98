import Testing

@testable import CharLMText

/// A small seeded generator (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A text that shows as its code points where a test names it.
struct TextSample: Sendable, CustomTestStringConvertible {
  let text: String
  var utf8: [UInt8] { Array(text.utf8) }
  var testDescription: String {
    let points = text.unicodeScalars.prefix(8).map(UnicodeNames.codePoint)
    return points.joined(separator: " ") + (text.unicodeScalars.count > 8 ? " …" : "")
  }
}

/// Texts that are hard to cut or to keep.
enum HardText {
  static let all: [TextSample] = [
    "", "a", "hello", "\r\n", "\r", "\n\r\n\r\r\n", "a\r\nb", "\u{0}", "a\u{0}\u{1}\u{7F}b", "\u{301}", "\u{301}e",
    "\u{E9}", "e\u{301}", "e\u{301}\u{E9}", "\u{378}\u{E0080}\u{10FFFF}", "\u{FEFF}a", "한국어",
    "\u{1112}\u{1161}\u{11AB}", "\u{1112}\u{1112}\u{1161}\u{1161}\u{11AB}", "가\u{11A8}", "각\u{11A8}",
    "👨‍👩‍👧‍👦", "👩🏽‍🚀 ok", "🇩🇪🇫🇷", "🇩🇪🇫", "a🇩b🇩🇪", "❤️‍🔥", "©\u{200D}©", "\u{200D}❤",
    "क्षत्रिय", "स्त्री नमस्ते", "ক্ষ", "ภาษาไทย", "\u{600}1", "\u{600}\r\n", "\u{600}क",
    "مَرْحَبًا", "תּוֹרָה", "がが", "か\u{3099}", "ǆ ﬁ ㎏ …", "\u{1F1E6}\u{301}\u{1F1E6}",
    "Z" + String(repeating: "\u{301}", count: 700), String(repeating: "🇪🇺", count: 400),
    "𝒳\u{20DD}", "\u{2028}\u{85}",
  ].map { TextSample(text: $0) }

  /// Scalars of every kind that the rules for graphemes and for normalization distinguish.
  static let kinds: [Unicode.Scalar] = Array(
    """
    aZ0 #\u{0}\u{7F}\r\n\u{85}\u{AD}©é\u{301}\u{327}\u{308}\u{315}\u{93E}क\u{94D}त\u{9CD}ক\u{200C}\u{200D}\u{600}\
    \u{110BD}\u{D4E}\u{1100}\u{1161}\u{11A8}가각字\u{1F1E6}\u{1F1FA}😀👩🚀❤\u{FE0F}\u{20E3}\u{1F3FD}\u{E0061}\u{E0100}\
    \u{20000}\u{378}\u{FFFF}\u{10FFFF}ﬁÅ\u{212B}\u{1D15E}\u{3099}か\u{E33}\u{E40}\u{FEFF}
    """.unicodeScalars)

  /// A text of `count` scalars: mostly of `kinds`, the rest from all of Unicode.
  static func random(count: Int, seed: Int) -> [UInt8] {
    var generator = SeededGenerator(state: UInt64(seed))
    var utf8: [UInt8] = []
    for _ in 0..<count {
      let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
      let kind = kinds[Int.random(in: 0..<kinds.count, using: &generator)]
      let scalar = Int.random(in: 0..<8, using: &generator) == 0 ? any ?? kind : kind
      utf8.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return utf8
  }
}

/// The tokens of a text.
func tokens(_ unit: TextUnit, _ utf8: [UInt8]) -> [[UInt8]] {
  var tokens: [[UInt8]] = []
  Segmenter(unit: unit).forEachToken(in: utf8.span) { tokens.append(Array(utf8[$0])) }
  return tokens
}

/// A tokenizer whose vocabulary is counted from the text itself.
func tokenizer(for utf8: [UInt8], _ settings: TextSettings) throws -> Tokenizer {
  var builder = VocabularyBuilder(settings: settings)
  builder.count(settings.normalization.normalized(utf8).span)
  return Tokenizer(vocabulary: try builder.vocabulary(), settings: settings)
}
