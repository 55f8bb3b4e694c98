import CharLMText

/// The tokens of a text that is compressed without a model: its characters, and all bytes, so that nothing is unknown.
///
///     tokens   bytes that the text has, in order | longer characters that it has, in order | bytes that it lacks
///
/// A character that was not foreseen is spelled by its bytes. Each token has a class, about the binary logarithm of how
/// often it occurs, from which the decoder makes the same tree; bytes that are not expected lie together, far from the
/// root, and cost the others nothing.
struct TextAlphabet: Hashable, Sendable {
  /// The class of each byte; 0 for one that is not expected.
  private let byteClasses: [UInt8]
  /// The longer characters, as scalars, in order.
  private let scalars: [UInt32]
  private let scalarClasses: [UInt8]

  /// The bytes of each token.
  let tokens: [ArraySlice<UInt8>]
  /// How much each token weighs in the tree.
  let weights: [Double]
  private let byteTokens: [TokenID]
  private let scalarTokens: [UInt32: TokenID]

  private static let largestClass: UInt8 = 40
  /// A longer character pays for its place in the table when it occurs so often.
  private static let leastCount = 2
  /// A number that limits what a hostile file may ask for; Unicode has fewer.
  private static let largestScalarCount = 1 << 17

  private init?(byteClasses: [UInt8], scalars: [UInt32], scalarClasses: [UInt8]) {
    guard byteClasses.count == 256, scalars.count == scalarClasses.count, scalarClasses.allSatisfy({ $0 > 0 }),
      (byteClasses + scalarClasses).allSatisfy({ $0 <= TextAlphabet.largestClass })
    else { return nil }
    (self.byteClasses, self.scalars, self.scalarClasses) = (byteClasses, scalars, scalarClasses)
    var (tokens, weights): ([ArraySlice<UInt8>], [Double]) = ([], [])
    var byteTokens = [TokenID](repeating: 0, count: 256)
    var scalarTokens: [UInt32: TokenID] = [:]
    func add(_ bytes: [UInt8], _ weight: Double) {
      tokens.append(bytes[...])
      weights.append(weight)
    }
    func addByte(_ byte: Int, _ weight: Double) {
      byteTokens[byte] = TokenID(tokens.count)
      add([UInt8(byte)], weight)
    }
    for byte in 0..<256 where byteClasses[byte] > 0 { addByte(byte, TextAlphabet.weight(byteClasses[byte])) }
    for (value, weightClass) in zip(scalars, scalarClasses) {
      guard value >= 0x80, let scalar = Unicode.Scalar(value), scalarTokens[value] == nil else { return nil }
      scalarTokens[value] = TokenID(tokens.count)
      add(Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter), TextAlphabet.weight(weightClass))
    }
    let least = (weights.min() ?? 1) / 1024
    for byte in 0..<256 where byteClasses[byte] == 0 { addByte(byte, least) }
    (self.tokens, self.weights, self.byteTokens, self.scalarTokens) = (tokens, weights, byteTokens, scalarTokens)
  }

  /// The alphabet of a text, or of the beginning of a longer one.
  /// - Complexity: O(bytes).
  init(of text: [UInt8]) {
    var byteCounts = [Int](repeating: 0, count: 256)
    var counts: [UInt32: Int] = [:]
    TextAlphabet.forEachCharacter(of: text) { value, range in
      if value > 0 { counts[value, default: 0] += 1 } else { byteCounts[Int(text[range.lowerBound])] += 1 }
    }
    let kept = counts.filter { $0.value >= TextAlphabet.leastCount }.keys.sorted().prefix(
      TextAlphabet.largestScalarCount)
    let known = Set(kept)
    for (value, count) in counts where !known.contains(value) {
      for byte in Unicode.Scalar(value).flatMap(UTF8.encode).map(Array.init) ?? [] { byteCounts[Int(byte)] += count }
    }
    let alphabet = TextAlphabet(
      byteClasses: byteCounts.map(TextAlphabet.weightClass), scalars: Array(kept),
      scalarClasses: kept.map { TextAlphabet.weightClass(counts[$0] ?? 0) })
    guard let alphabet else { preconditionFailure("an alphabet of characters that are none") }
    self = alphabet
  }

  /// 0 for nothing, else 1 and the binary logarithm.
  private static func weightClass(_ count: Int) -> UInt8 {
    count == 0 ? 0 : UInt8(min(Int.bitWidth - count.leadingZeroBitCount, Int(largestClass)))
  }

  private static func weight(_ weightClass: UInt8) -> Double { Double(UInt64(3) << UInt64(weightClass)) / 4 }

  /// Calls `body` with each well-formed character of two bytes or more, as its value, and every other byte, as 0.
  private static func forEachCharacter(of text: [UInt8], _ body: (UInt32, Range<Int>) -> Void) {
    var offset = 0
    while offset < text.count {
      let length = UTF8Validation.sequenceLength(in: text.span, at: offset)
      var value: UInt32 = 0
      if length > 1 {
        value = UInt32(text[offset]) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for next in 1..<length { value = value << 6 | UInt32(text[offset + next] & 0x3F) }
      }
      body(value, offset..<offset + max(length, 1))
      offset += max(length, 1)
    }
  }
}

// MARK: Text

extension TextAlphabet {
  /// The tokens of bytes, which may be anything.
  func tokens(of text: [UInt8]) -> [TokenID] {
    var ids: [TokenID] = []
    ids.reserveCapacity(text.count)
    TextAlphabet.forEachCharacter(of: text) { value, range in
      if value > 0, let id = scalarTokens[value] {
        ids.append(id)
      } else {
        for offset in range { ids.append(byteTokens[Int(text[offset])]) }
      }
    }
    return ids
  }

  /// Counts that know nothing but the alphabet.
  func counts(_ size: ContextMixerSize) -> AdaptiveCountsStream {
    AdaptiveCountsStream(
      ContextMixer(tree: TokenTree(weights: weights), kinds: TokenKinds(tokens), size: size), documentID: nil)
  }
}

// MARK: As bytes

extension TextAlphabet {
  /// The classes of the bytes; how many longer characters there are; their distances, then their classes.
  var encoded: [UInt8] {
    var writer = BytesWriter()
    writer.append(byteClasses)
    writer.append(variable: scalars.count)
    var last: UInt32 = 0
    for scalar in scalars {
      writer.append(variable: Int(scalar - last))
      last = scalar
    }
    writer.append(scalarClasses)
    return writer.bytes
  }

  /// Reads an alphabet; nil where it is none.
  init?(encoded bytes: [UInt8]) {
    var reader = BytesReader(bytes[...])
    guard let byteClasses = reader.take(256), let count = reader.variable(), count <= TextAlphabet.largestScalarCount,
      2 * count <= reader.count
    else { return nil }
    var (scalars, last): ([UInt32], UInt32) = ([], 0)
    for _ in 0..<count {
      guard let distance = reader.variable(), distance > 0, distance <= 0x10FFFF else { return nil }
      last += UInt32(distance)
      guard last <= 0x10FFFF else { return nil }
      scalars.append(last)
    }
    guard let classes = reader.take(count), reader.isAtEnd else { return nil }
    self.init(byteClasses: Array(byteClasses), scalars: scalars, scalarClasses: Array(classes))
  }

  /// More bytes than any alphabet has.
  static let largestEncoding = 256 + 5 + 6 * largestScalarCount
}
