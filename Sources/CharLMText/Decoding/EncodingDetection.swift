/// Which encoding a text is in, as far as its bytes show it.
public struct EncodingDetection: Hashable, Sendable {
  /// The usual name of the encoding, in lower case.
  public let name: String
  /// How certain that is, from 0 to 100; `nil` where it is certain.
  public let confidence: Int?
  /// Whether a byte-order mark says so.
  public let hadByteOrderMark: Bool
  /// What the text might be, the likeliest first; empty where it is certain.
  public let guesses: [EncodingGuess]

  /// Detects an encoding: by a byte-order mark; by the zero bytes of UTF-16 and UTF-32 or the shifts of 7-bit encodings;
  /// as UTF-8, where the bytes are; by how Cyrillic reads; else by ICU's detector and the words that its guess gives.
  ///
  /// A guess is accepted only if the whole sample can be decoded by it, except UTF-8, which a damaged text may be.
  /// - Parameters:
  ///   - sample: The text, or its first part.
  ///   - isWhole: Whether the sample is the whole text; otherwise its last character may be cut.
  ///   - source: What the text is, for messages.
  ///   - mayBeUTF8: Whether the whole text may still be valid UTF-8.
  /// - Throws: `TextError.uncertainEncoding` where no guess is certain enough.
  public init(sample: [UInt8], isWhole: Bool, source: String, mayBeUTF8: Bool = true) throws(TextError) {
    if let mark = ByteOrderMark(sample) {
      self.init(name: mark.encoding, confidence: nil, hadByteOrderMark: true, guesses: [])
      return
    }
    let isUTF8 = Self.isUTF8(sample, isWhole: isWhole && !Self.isCutUTF8(sample))
    var guesses = Self.telltale(sample, mayBeASCII: isUTF8).filter { Self.decodes(sample, by: $0.name) }
    let isTelltale = guesses.contains { $0.confidence >= EncodingGuess.neededConfidence }
    if isUTF8, mayBeUTF8, !isTelltale {
      self.init(name: "utf-8", confidence: nil, hadByteOrderMark: false, guesses: [])
      return
    }
    if !isUTF8, !isTelltale, let share = Self.shareOfUTF8(sample), share >= Self.neededShareOfUTF8 {
      let guess = EncodingGuess(name: "utf-8", confidence: share)
      self.init(name: guess.name, confidence: share, hadByteOrderMark: false, guesses: [guess])
      return
    }
    let excerpt = Self.excerpt(sample)
    for guess in Self.guesses(excerpt) where !guesses.contains(where: { $0.name == guess.name }) {
      if guess.name == "utf-8" ? !isUTF8 : Self.decodes(sample, by: guess.name) { guesses.append(guess) }
    }
    guesses = Self.judged(guesses, excerpt)
    let byteCount = sample.count { $0 >= 0x80 }
    guard let best = guesses.first, EncodingGuess.isClear(guesses, byteCount: byteCount) else {
      throw .uncertainEncoding(source: source, guesses: Array(guesses.prefix(3)))
    }
    self.init(name: best.name, confidence: best.confidence, hadByteOrderMark: false, guesses: guesses)
  }

  private init(name: String, confidence: Int?, hadByteOrderMark: Bool, guesses: [EncodingGuess]) {
    self.name = name
    self.confidence = confidence
    self.hadByteOrderMark = hadByteOrderMark
    self.guesses = guesses
  }

  /// The part of its characters beyond ASCII, in percent, that makes a text damaged UTF-8: text in another encoding hardly
  /// ever has the bytes of one by chance, and never so often.
  private static let neededShareOfUTF8 = 80

  /// How many of what is not ASCII is well-formed UTF-8, in percent of characters and ill-formed bytes; nil without any.
  private static func shareOfUTF8(_ sample: [UInt8]) -> Int? {
    let utf8 = sample.span
    var (offset, wellFormedCount, illFormedCount) = (0, 0, 0)
    while offset < utf8.count {
      let length = UTF8Validation.sequenceLength(in: utf8, at: offset)
      if length > 1 { wellFormedCount += 1 }
      if length == 0 { illFormedCount += 1 }
      offset += max(length, 1)
    }
    let total = wellFormedCount + illFormedCount
    return total == 0 ? nil : wellFormedCount * 100 / total
  }

  /// Whether it is UTF-8 that ends in the middle of a character, as a tool that counts bytes cuts it. That the rest is
  /// UTF-8 shows only in characters beyond ASCII before the end.
  private static func isCutUTF8(_ sample: [UInt8]) -> Bool {
    guard let flaw = UTF8Validation.firstError(in: sample.span) else { return false }
    return UTF8Validation.mayBecomeScalar(sample[flaw...]) && sample[..<flaw].contains { $0 >= 0x80 }
  }

  private static func isUTF8(_ sample: [UInt8], isWhole: Bool) -> Bool {
    guard let flaw = UTF8Validation.firstError(in: sample.span) else { return true }
    return !isWhole && UTF8Validation.mayBecomeScalar(sample[flaw...])
  }

  /// Whether bytes mean something in an encoding throughout; a character at the end may be cut.
  private static func decodes(_ sample: [UInt8], by encoding: String) -> Bool {
    var decoder = TextDecoder(encoding: encoding, invalid: .error, source: "")
    do throws(TextError) {
      try decoder.append(sample, isEnd: false)
      return true
    } catch {
      return false
    }
  }
}
