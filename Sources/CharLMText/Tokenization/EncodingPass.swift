/// What one pass over a normalized text gives.
struct EncodedText {
  var tokens: TokenSequence
  /// How many tokens the vocabulary lacks, whatever became of them.
  var unknownCount: Int
  /// The byte ranges of tokens that were left out, in order.
  var skipped: [Range<Int>]
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

  private var words: [Word] = []
  private var unknownCount = 0
  private var skipped: [Range<Int>] = []
  private var firstEnd = 0
  private var refusedCount = 0
  private var refused: [UnknownToken] = []
  private var nearestKnown: [[UInt8]: TokenID?] = [:]

  init(vocabulary: Vocabulary, unit: TextUnit, onUnknown: Tokenizer.UnknownPolicy) {
    self.vocabulary = vocabulary
    self.unit = unit
    self.onUnknown = onUnknown
  }

  mutating func run(_ utf8: Span<UInt8>) {
    switch unit {
    case .byte: walk(utf8, tokenCount: utf8.count) { _, start in start + 1 }
    case .scalar:
      walk(utf8, tokenCount: UTF8Scalars.count(in: utf8)) { utf8, start in
        start + UTF8Scalars.scalar(in: utf8, at: start).count
      }
    case .grapheme:
      words.reserveCapacity(UTF8Scalars.count(in: utf8))
      Segmenter.forEachGrapheme(in: utf8) { encode(utf8, $0) }
    case .word: Segmenter.forEachWord(in: utf8) { encode(utf8, $0) }
    }
  }

  /// Encodes tokens that end where `end` says, at most about `tokenCount`, into room made beforehand: twice as fast as
  /// appending one by one.
  @inline(__always)
  private mutating func walk(_ utf8: Span<UInt8>, tokenCount: Int, _ end: (Span<UInt8>, Int) -> Int) {
    var room = [Word](repeating: 0, count: tokenCount)
    var target = room.mutableSpan
    var (start, used) = (0, 0)
    while start < utf8.count, used < target.count {
      let range = start..<end(utf8, start)
      var id = vocabulary.number(in: utf8, range)
      if id < 0 { id = replacement(utf8, range) }
      if id >= 0 {
        if used == 0 { firstEnd = range.upperBound }
        target[used] = Word(truncatingIfNeeded: id)
        used += 1
      }
      start = range.upperBound
    }
    room.removeLast(room.count - used)
    words = room
    // Ill-formed text has more tokens than scalars.
    while start < utf8.count {
      let range = start..<end(utf8, start)
      encode(utf8, range)
      start = range.upperBound
    }
  }

  consuming func result(_ wrap: ([Word]) -> TokenSequence) -> EncodedText {
    EncodedText(
      tokens: wrap(words), unknownCount: unknownCount, skipped: skipped, firstEnd: firstEnd,
      refusedCount: refusedCount, firstRefused: refused)
  }

  @inline(__always)
  private mutating func encode(_ utf8: Span<UInt8>, _ range: Range<Int>) {
    var id = vocabulary.number(in: utf8, range)
    if id < 0 {
      id = replacement(utf8, range)
      if id < 0 { return }
    }
    if words.isEmpty { firstEnd = range.upperBound }
    words.append(Word(truncatingIfNeeded: id))
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
