/// Bytes read as Latin letters in one encoding, and whether the words look like words.
///
/// ICU's detector compares letters alone: it takes a text of a DOS or Macintosh code page for one of Windows, with signs or
/// capitals in the middle of words.
struct LatinReading {
  /// The encoding's usual name.
  let encoding: String
  /// The number of characters beyond ASCII beside a letter.
  private(set) var wordCharacterCount = 0
  /// How many of those are signs between letters, or capitals after a small letter.
  private(set) var misplacedCount = 0
  /// The letters of the words that have any beyond ASCII, and how many are ASCII.
  private var letterCount = 0
  private var plainLetterCount = 0

  /// - Returns: nil where the bytes mean nothing in the encoding.
  init?(_ bytes: [UInt8], encoding: String) {
    guard let text = TextDecoder.text(bytes, by: encoding) else { return nil }
    self.encoding = encoding
    for word in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace }) { add(Array(word)) }
  }

  private mutating func add(_ word: [Unicode.Scalar]) {
    let isLetter = word.map { $0.properties.isAlphabetic || $0.properties.generalCategory == .nonspacingMark }
    var isForeign = false
    for (place, scalar) in word.enumerated() where !scalar.isASCII && !Self.joiners.contains(scalar) {
      let (follows, precedes) = (place > 0 && isLetter[place - 1], place + 1 < word.count && isLetter[place + 1])
      guard follows || precedes else { continue }
      if isLetter[place] {
        isForeign = true
        wordCharacterCount += 1
        if follows, scalar.properties.isUppercase, word[place - 1].properties.isLowercase { misplacedCount += 1 }
      } else if follows, precedes {
        wordCharacterCount += 1
        misplacedCount += 1
      }
    }
    if isForeign {
      letterCount += isLetter.count { $0 }
      plainLetterCount += zip(word, isLetter).count { $0.isASCII && $1 }
    }
  }

  /// The share of what is misplaced.
  var misplacedShare: Double { Double(misplacedCount) / Double(max(wordCharacterCount, 1)) }

  /// Whether it is no text of another kind: its words are words, most of whose letters are ASCII.
  var isPlausible: Bool { misplacedCount * 20 <= wordCharacterCount && plainLetterCount * 5 >= letterCount * 2 }

  /// Signs that stand between letters: apostrophes, soft and non-breaking hyphens, Catalan's middle dot.
  private static let joiners: Set<Unicode.Scalar> = ["\u{2018}", "\u{2019}", "\u{AD}", "\u{2011}", "\u{B7}"]

  /// The encodings of Central Europe, whose letters are rare elsewhere.
  static let centralEuropean: Set = ["windows-1250", "iso-8859-2"]
  /// Those that ICU's detector does not know.
  static let unknown = ["ibm850", "ibm852", "macintosh"]
}

extension EncodingDetection {
  /// Guesses, the most certain first, where one of Latin letters leads, after a look at the words that it gives.
  ///
  /// One of Central Europe's is accepted for less where they are words. (Of 412 windows of 300 to 1,500 bytes in 24 languages
  /// and 15 encodings, none was wrongly accepted so.) Where they are none, it is not accepted, and what reads better comes
  /// first.
  /// - Parameter excerpt: what they are guessed from.
  static func judged(_ guesses: [EncodingGuess], _ excerpt: [UInt8]) -> [EncodingGuess] {
    guard let first = guesses.first, EncodingGuess.latin.contains(first.name),
      let reading = LatinReading(excerpt, encoding: first.name)
    else { return guesses }
    if reading.isPlausible {
      let lead = first.confidence - (guesses.dropFirst().first?.confidence ?? 0)
      guard LatinReading.centralEuropean.contains(first.name), 30..<EncodingGuess.neededConfidence ~= first.confidence,
        lead >= 5, reading.wordCharacterCount >= 20
      else { return guesses }
      return [EncodingGuess(name: first.name, confidence: EncodingGuess.neededConfidence)] + guesses.dropFirst()
    }
    let others = LatinReading.unknown.compactMap { LatinReading(excerpt, encoding: $0) }.filter(\.isPlausible)
      .sorted { $0.misplacedShare < $1.misplacedShare }
      .map { EncodingGuess(name: $0.encoding, confidence: 30) }
    return others
      + guesses.map { guess in
        let most = EncodingGuess.latin.contains(guess.name) ? 20 : EncodingGuess.leastConfidence
        return EncodingGuess(name: guess.name, confidence: min(guess.confidence, most))
      }
  }
}
