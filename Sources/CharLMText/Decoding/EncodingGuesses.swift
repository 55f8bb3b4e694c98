import CICU

// Guesses from bytes that have no byte-order mark and are not UTF-8, or not only.

extension EncodingDetection {
  /// ICU's guesses, the most certain first.
  static func guesses(_ sample: [UInt8]) -> [EncodingGuess] {
    var found = [cicu_guess](repeating: cicu_guess(), count: 32)
    // Safe: both arrays outlive the call, and CICU stays within the lengths given.
    let count = unsafe sample.withUnsafeBufferPointer { bytes in
      unsafe found.withUnsafeMutableBufferPointer { guesses in
        unsafe cicu_guess_encoding(bytes.baseAddress, Int32(bytes.count), guesses.baseAddress, Int32(guesses.count))
      }
    }
    var guesses: [EncodingGuess] = []
    for guess in found.prefix(Int(max(0, count))) {
      // Safe: the array of C is read while it lives, and its text ends with NUL within it.
      let name = unsafe withUnsafeBytes(of: guess.name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      // ICU has detectors for variants (IBM420_ltr) that it has no converter for.
      guard let usual = try? Encoding.canonicalName(of: name) else { continue }
      if !guesses.contains(where: { $0.name == usual }) {
        guesses.append(EncodingGuess(name: usual, confidence: Int(guess.confidence)))
      }
    }
    return guesses
  }

  /// The lines with bytes beyond ASCII, as many as ICU's detector looks at; without any, the beginning.
  static func excerpt(_ sample: [UInt8]) -> [UInt8] {
    let size = 8000
    var excerpt: [UInt8] = []
    for line in sample.split(separator: 0x0A, omittingEmptySubsequences: true) where excerpt.count < size {
      if line.contains(where: { $0 >= 0x80 }) { excerpt += line.prefix(size) + [0x0A] }
    }
    return excerpt.isEmpty ? Array(sample.prefix(size)) : excerpt
  }

  /// Encodings that show in a way of their own, which ICU's detector does not know.
  ///
  /// - Parameter mayBeASCII: Whether the text could be UTF-8, so that 7-bit encodings are possible.
  static func telltale(_ sample: [UInt8], mayBeASCII: Bool) -> [EncodingGuess] {
    if let wide = wideGuess(sample) { return [wide] }
    guard mayBeASCII else { return (thaiGuess(sample) ?? cyrillicGuess(sample)).map { [$0] } ?? [] }
    if sample.contains(0x1B) {
      return guesses(Array(sample.prefix(8000))).filter { $0.name.hasPrefix("iso-2022") }
    }
    return hzGuess(sample).map { [$0] } ?? []
  }

  /// UTF-16 and UTF-32 have zero bytes at the same place of most units, and hardly any elsewhere.
  private static func wideGuess(_ sample: [UInt8]) -> EncodingGuess? {
    let start = sample.prefix(4096)
    let unitCount = start.count / 4
    guard unitCount > 0 else { return nil }
    let shares = (0..<4).map { place in
      stride(from: place, to: unitCount * 4, by: 4).count { start[$0] == 0 } * 100 / unitCount
    }
    let (least, most) = (5, 70)
    let kinds: [(name: String, zeros: [Bool])] = [
      ("utf-32le", [false, false, true, true]), ("utf-32be", [true, true, false, false]),
      ("utf-16le", [false, true, false, true]), ("utf-16be", [true, false, true, false]),
    ]
    for (name, zeros) in kinds {
      let must = zip(shares, zeros).filter(\.1).map(\.0)
      let mustNot = zip(shares, zeros).filter { !$0.1 }.map(\.0)
      // UTF-32 has zeros in its other half, too, where the text is ASCII.
      let isWide = name.hasPrefix("utf-32")
      guard must.allSatisfy({ $0 >= (isWide ? 95 : most) }) else { continue }
      let others = isWide ? [name.hasSuffix("le") ? shares[0] : shares[3]] : mustNot
      if others.allSatisfy({ $0 <= least }) { return EncodingGuess(name: name, confidence: must.min() ?? 0) }
    }
    return nil
  }

  /// HZ is ASCII with GB 2312 between `~{` and `~}` (RFC 1843), two bytes a character.
  private static func hzGuess(_ sample: [UInt8]) -> EncodingGuess? {
    let tilde = UInt8(ascii: "~")
    var (openings, shifted, offset) = (0, 0, 0)
    while offset + 1 < sample.count {
      guard sample[offset] == tilde, sample[offset + 1] == UInt8(ascii: "{") else {
        offset += 1
        continue
      }
      let start = offset + 2
      offset = start
      while offset + 1 < sample.count, sample[offset] != tilde, sample[offset] > 0x20 { offset += 2 }
      // The last may be cut off.
      if offset + 1 >= sample.count { break }
      guard sample[offset] == tilde, sample[offset + 1] == UInt8(ascii: "}") else { return nil }
      openings += 1
      shifted += offset - start
    }
    // A program may have such pairs by chance, but hardly several with an even number of letters each and nothing else.
    guard openings >= 3, shifted >= 4 * openings || shifted >= 32 else { return nil }
    return EncodingGuess(name: "hz-gb-2312", confidence: 90)
  }

  /// EUC-KR: bytes beyond ASCII come in pairs, nearly all of which begin as Hangul syllables do. Thai letters are single
  /// bytes, most of them outside that range.
  private static func isKorean(_ sample: [UInt8]) -> Bool {
    var (pairCount, hangulCount, offset) = (0, 0, 0)
    while offset < sample.count {
      guard sample[offset] >= 0x80 else {
        offset += 1
        continue
      }
      // The last may be cut off.
      guard offset + 1 < sample.count else { break }
      guard sample[offset + 1] >= 0xA1 else { return false }
      pairCount += 1
      if 0xB0...0xC8 ~= sample[offset] { hangulCount += 1 }
      offset += 2
    }
    return pairCount > 0 && hangulCount * 100 >= pairCount * 85
  }

  /// TIS-620: marks above and below stand after a consonant, or after another mark.
  private static func thaiGuess(_ sample: [UInt8]) -> EncodingGuess? {
    if isKorean(sample) { return nil }
    let isConsonant = { (byte: UInt8) in 0xA1...0xCE ~= byte }
    let isMark = { (byte: UInt8) in byte == 0xD1 || 0xD4...0xDA ~= byte || 0xE7...0xEE ~= byte }
    var (letters, marks, placed) = (0, 0, 0)
    var last: UInt8 = 0
    for byte in sample {
      if 0xDB...0xDE ~= byte || byte > 0xFB || 0x80...0xA0 ~= byte { return nil }
      if byte >= 0x80 { letters += 1 }
      if isMark(byte) {
        marks += 1
        if isConsonant(last) || isMark(last) { placed += 1 }
      }
      last = byte
    }
    guard letters >= 50, marks * 10 >= letters, placed * 100 >= marks * 98 else { return nil }
    return (try? Encoding.canonicalName(of: "tis-620")).map { EncodingGuess(name: $0, confidence: 90) }
  }
}
