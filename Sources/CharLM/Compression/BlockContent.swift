import CharLMText

/// What a block holds once it is found to be as it was written: tokens in one or several streams, and gaps.
///
///     | tokens 4 | bytes of gaps 4 | bytes of gaps as coded 4 | streams 2 | bytes of each stream 4 … |
///     | gaps, coded | stream 1 | stream 2 | …
///
/// Stream s has the tokens from ⌊s · tokens / streams⌋ on.
struct BlockContent {
  var tokenCount = 0
  var gaps: [ExactEncoding.Gap] = []
  var streams: [[UInt8]] = []

  static let largestStreamCount = 256

  /// The tokens of a stream.
  static func range(_ stream: Int, of streamCount: Int, tokenCount: Int) -> Range<Int> {
    stream * tokenCount / streamCount..<(stream + 1) * tokenCount / streamCount
  }

  var encoded: [UInt8] {
    var list = BytesWriter()
    var place = 0
    for gap in gaps {
      list.append(variable: gap.place - place)
      list.append(variable: gap.bytes.count)
      list.append(gap.bytes)
      place = gap.place
    }
    let coded = PlainBytes.encoded(list.bytes)
    var writer = BytesWriter()
    writer.append(number: UInt32(tokenCount))
    writer.append(number: UInt32(list.bytes.count))
    writer.append(number: UInt32(coded.count))
    writer.append(number: UInt16(streams.count))
    for stream in streams { writer.append(number: UInt32(stream.count)) }
    writer.append(coded)
    for stream in streams { writer.append(stream) }
    return writer.bytes
  }

  init() {}

  /// Reads a block's content; nil where it breaks a rule.
  /// - Parameter textCount: the size of the block's text: no token and no byte of a gap stands for less than a byte.
  init?(_ payload: [UInt8], textCount: Int) {
    var reader = BytesReader(payload[...])
    guard let tokens = reader.number(UInt32.self), let listCount = reader.number(UInt32.self),
      let codedCount = reader.number(UInt32.self), let streamCount = reader.number(UInt16.self),
      tokens <= textCount, listCount <= 12 * textCount, 1...BlockContent.largestStreamCount ~= Int(streamCount)
    else { return nil }
    var sizes: [Int] = []
    for _ in 0..<streamCount {
      guard let size = reader.number(UInt32.self) else { return nil }
      sizes.append(Int(size))
    }
    guard let coded = reader.take(Int(codedCount)) else { return nil }
    for size in sizes {
      guard let stream = reader.take(size) else { return nil }
      streams.append(Array(stream))
    }
    guard reader.isAtEnd else { return nil }
    tokenCount = Int(tokens)
    guard let gaps = BlockContent.gaps(PlainBytes.decoded(coded, count: Int(listCount)), tokenCount, textCount)
    else { return nil }
    self.gaps = gaps
  }

  private static func gaps(_ list: [UInt8], _ tokenCount: Int, _ textCount: Int) -> [ExactEncoding.Gap]? {
    var reader = BytesReader(list[...])
    var (gaps, place): ([ExactEncoding.Gap], Int) = ([], 0)
    while !reader.isAtEnd {
      guard let distance = reader.variable(), let count = reader.variable(), count > 0,
        let bytes = reader.take(count), gaps.isEmpty || distance > 0
      else { return nil }
      place += distance
      guard place <= tokenCount else { return nil }
      gaps.append(ExactEncoding.Gap(place: place, bytes: Array(bytes)))
    }
    return gaps
  }
}
