/// What one pass over a normalized text gives.
struct EncodedText {
  var tokens: TokenSequence
  /// How many tokens the vocabulary lacks, however they were handled.
  var unknownCount: Int
  /// The byte ranges of tokens that were left out, in order.
  var skipped: [Range<Int>]
  /// The byte ranges of tokens in whose place another stands, in order.
  var substituted: [Range<Int>]
  /// The end of the first token that was not left out; 0 where there is none.
  var firstEnd: Int
  /// How many tokens could not be encoded, and the first five different ones.
  var refusedCount: Int
  var firstRefused: [UnknownToken]
}

/// One pass over a text: cuts it into tokens and looks each up. `Word` is the width in which numbers are stored.
struct EncodingPass<Word: FixedWidthInteger> {
  private let vocabulary: Vocabulary
  private let unit: TextUnit
  private let onUnknown: Tokenizer.UnknownPolicy

  private let fallback: Fallback
  private var words: [Word] = []
  private var unknownCount = 0
  private var skipped: [Range<Int>] = []
  private var substituted: [Range<Int>] = []
  private var firstEnd = 0
  private var refusedCount = 0
  private var refused: [UnknownToken] = []
  private var nearestKnown: [[UInt8]: TokenID?] = [:]

  init(vocabulary: Vocabulary, settings: TextSettings, onUnknown: Tokenizer.UnknownPolicy) {
    self.vocabulary = vocabulary
    unit = settings.unit
    fallback = settings.fallback
    self.onUnknown = onUnknown
  }

  mutating func run(_ utf8: Span<UInt8>) {
    // Safe: each token stands for a byte or more, so that there is room for all; the first `count` are set.
    words = unsafe [Word](unsafeUninitializedCapacity: utf8.count) { room, count in
      var target = unsafe Target(room: room)
      unsafe walk(utf8, &target)
      count = unsafe target.count
    }
  }

  /// Room for the numbers of tokens, and how many are there.
  @unsafe private struct Target {
    let room: UnsafeMutableBufferPointer<Word>
    var count = 0

    @inline(__always)
    mutating func append(_ id: TokenID) {
      // Safe: the room was made for as many tokens as the text has bytes.
      unsafe room[count] = Word(truncatingIfNeeded: id)
      unsafe count &+= 1
    }
  }

  @inline(__always)
  private mutating func walk(_ utf8: Span<UInt8>, _ target: inout Target) {
    switch unit {
    case .byte: unsafe encodeSingles(utf8, utf8.indices, &target)
    case .scalar:
      Segmenter.forEachScalar(in: utf8, singles: { unsafe encodeSingles(utf8, $0, &target) }) {
        unsafe encode(utf8, $0, &target)
      }
    case .grapheme:
      Segmenter.forEachGrapheme(in: utf8, singles: { unsafe encodeSingles(utf8, $0, &target) }) {
        unsafe encode(utf8, $0, &target)
      }
    case .word: Segmenter.forEachWord(in: utf8) { unsafe encode(utf8, $0, &target) }
    }
  }

  /// Encodes bytes each of which is a token.
  @inline(__always)
  private mutating func encodeSingles(_ utf8: Span<UInt8>, _ run: Range<Int>, _ target: inout Target) {
    var offset = run.lowerBound
    while offset < run.upperBound, firstEnd == 0 {
      unsafe encode(utf8, offset..<offset + 1, &target)
      offset += 1
    }
    let singleBytes = vocabulary.singleBytes
    let ids = singleBytes.span
    while offset < run.upperBound {
      // Safe: runs are within the text, and there is a number for each byte.
      let id = unsafe ids[unchecked: Int(utf8[unchecked: offset])]
      if id >= 0 { unsafe target.append(id) } else { unsafe replace(utf8, offset..<offset + 1, &target) }
      offset &+= 1
    }
  }

  @inline(__always)
  private mutating func encode(_ utf8: Span<UInt8>, _ range: Range<Int>, _ target: inout Target) {
    let id = vocabulary.number(in: utf8, range)
    if id >= 0 {
      unsafe take(id, range.upperBound, &target)
    } else {
      unsafe replace(utf8, range, &target)
    }
  }

  @inline(__always)
  private mutating func take(_ id: TokenID, _ end: Int, _ target: inout Target) {
    if firstEnd == 0 { firstEnd = end }
    unsafe target.append(id)
  }

  /// Spells a token that the vocabulary lacks, or does with it what the policy says.
  @inline(never)
  private mutating func replace(_ utf8: Span<UInt8>, _ range: Range<Int>, _ target: inout Target) {
    let first = UTF8Scalars.scalar(in: utf8, at: range.lowerBound).count
    if fallback != .none, first < range.count {
      var start = range.lowerBound
      while start < range.upperBound {
        let end = min(start + UTF8Scalars.scalar(in: utf8, at: start).count, range.upperBound)
        unsafe encode(utf8, start..<end, &target)
        start = end
      }
    } else if fallback == .byte, range.count > 1 {
      for offset in range { unsafe encode(utf8, offset..<offset + 1, &target) }
    } else {
      let id = replacement(utf8, range)
      if id >= 0 {
        substituted.append(range)
        unsafe take(id, range.upperBound, &target)
      }
    }
  }

  consuming func result(_ wrap: ([Word]) -> TokenSequence) -> EncodedText {
    EncodedText(
      tokens: wrap(words), unknownCount: unknownCount, skipped: skipped, substituted: substituted,
      firstEnd: firstEnd, refusedCount: refusedCount, firstRefused: refused)
  }

  /// The token in place of an unknown one, or -1 for none.
  @inline(never)
  private mutating func replacement(_ utf8: Span<UInt8>, _ range: Range<Int>) -> TokenID {
    unknownCount += 1
    switch onUnknown {
    case .skip:
      if let last = skipped.last, last.upperBound == range.lowerBound {
        skipped[skipped.count - 1] = last.lowerBound..<range.upperBound
      } else {
        skipped.append(range)
      }
      return -1
    case .nearest:
      if let near = nearest(to: range.map { utf8[$0] }) { return near }
    case .error: break
    }
    if let unknown = vocabulary.unknownID { return unknown }
    refuse(range.map { utf8[$0] }, at: range.lowerBound)
    return -1
  }

  private mutating func nearest(to bytes: [UInt8]) -> TokenID? {
    if let known = nearestKnown[bytes] { return known }
    let near = vocabulary.nearest(to: bytes)
    nearestKnown[bytes] = .some(near)
    return near
  }

  private mutating func refuse(_ bytes: [UInt8], at offset: Int) {
    refusedCount += 1
    guard refused.count < 5, !refused.contains(where: { $0.bytes == bytes }) else { return }
    let names = scalars(of: bytes).map { $0.map(UnicodeNames.name(of:)) } ?? []
    let near = vocabulary.nearest(to: bytes).map { Array(vocabulary.bytes(of: $0)) }
    refused.append(UnknownToken(bytes: bytes, scalarNames: names, offset: offset, nearest: near))
  }
}
