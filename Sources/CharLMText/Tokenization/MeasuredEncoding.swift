import CICU
/// The size of a part of a text.
public struct TextExtent: Hashable, Sendable {
  /// Bytes of UTF-8.
  public var byteCount: Int
  /// Grapheme clusters that begin in the part.
  public var graphemeCount: Int

  /// An extent.
  public init(byteCount: Int, graphemeCount: Int) {
    self.byteCount = byteCount
    self.graphemeCount = graphemeCount
  }

  /// What is left of an extent without a part of it.
  public static func - (whole: Self, part: Self) -> Self {
    Self(byteCount: whole.byteCount - part.byteCount, graphemeCount: whole.graphemeCount - part.graphemeCount)
  }
}

/// The tokens of a text, and how much of the text (as it was before normalization) they stand for.
///
/// Where normalization changed the text, a byte of the result belongs to the stretch of the original that it came
/// from; a token that ends inside a stretch has none of its bytes, so that the bytes of all tokens add up.
public struct MeasuredEncoding: Sendable {
  /// The tokens.
  public let tokens: TokenSequence
  /// How many tokens of the text the vocabulary lacks: skipped, replaced by a near one or by the unknown token.
  public let unknownCount: Int
  /// The text that the tokens stand for: all but what was skipped.
  public let extent: TextExtent
  /// The text of the first token alone, which a model gets as context and does not predict.
  public let firstExtent: TextExtent
  /// The byte ranges of the normalized text that no token stands for, in order.
  package let skipped: [Range<Int>]
  /// The byte ranges of the normalized text that another token, such as the unknown one, stands for, in order.
  package let substituted: [Range<Int>]

  /// The text that a model predicts when it reads the tokens as one stream: all but the first.
  public var predictedExtent: TextExtent { extent - firstExtent }

  init(_ encoded: EncodedText, source: [UInt8], normalized: [UInt8], normalization: Normalization) {
    let bounds = encoded.skipped.flatMap { [$0.lowerBound, $0.upperBound] }
    var offsets = Set(bounds + [encoded.firstEnd]).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(offsets, offsets.indices))
    if let form = normalization.form, source != normalized {
      Self.map(&offsets, to: source, form: form)
    }
    let original = { (offset: Int) in places[offset].map { offsets[$0] } ?? 0 }
    let skipped = encoded.skipped.map { original($0.lowerBound)..<original($0.upperBound) }
    (extent, firstExtent) = Self.measure(source, without: skipped, firstEnd: original(encoded.firstEnd))
    tokens = encoded.tokens
    (self.skipped, substituted) = (encoded.skipped, encoded.substituted)
    unknownCount = encoded.unknownCount
  }

  /// Replaces rising offsets in the normalized text by those in the original.
  private static func map(_ offsets: inout [Int], to source: [UInt8], form: cicu_form) {
    let normalizer = Normalizer(form: form)
    var (start, normalizedStart, next) = (0, 0, 0)
    while start < source.count, next < offsets.count {
      let end = normalizer.nextBoundary(in: source.span, from: start + 1)
      let length = normalizer.normalizedPiece(source.span, start..<end)?.count ?? end - start
      while next < offsets.count, offsets[next] < normalizedStart + length {
        offsets[next] = start
        next += 1
      }
      (start, normalizedStart) = (end, normalizedStart + length)
    }
    for index in next..<offsets.count { offsets[index] = source.count }
  }

  /// The extents of the text without the skipped ranges, and of its part before `firstEnd`.
  private static func measure(
    _ source: [UInt8], without skipped: [Range<Int>], firstEnd: Int
  ) -> (whole: TextExtent, first: TextExtent) {
    var whole = TextExtent(byteCount: source.count, graphemeCount: 0)
    var first = TextExtent(byteCount: firstEnd, graphemeCount: 0)
    for range in skipped {
      whole.byteCount -= range.count
      if range.upperBound <= firstEnd { first.byteCount -= range.count }
    }
    var next = 0
    Segmenter(unit: .grapheme).forEachToken(in: source.span) { grapheme in
      while next < skipped.count, skipped[next].upperBound <= grapheme.lowerBound { next += 1 }
      if next < skipped.count, skipped[next].contains(grapheme.lowerBound) { return }
      whole.graphemeCount += 1
      if grapheme.lowerBound < firstEnd { first.graphemeCount += 1 }
    }
    return (whole, first)
  }
}
