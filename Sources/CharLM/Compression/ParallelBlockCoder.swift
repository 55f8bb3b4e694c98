import CharLMText
import RecurrentNN

/// Text as a model's tokens in many streams side by side, and gaps: for a model that does not learn.
///
/// A step of many streams reads the weights once, and so takes little longer than a step of one. Each stream is a part of
/// the block and begins from the zero state: its first letters cost more, some ten bytes a stream. What a stream is coded
/// to does not depend on the others, nor on threads.
final class ParallelBlockCoder: BlockCoder {
  let blockSize = 1 << 22
  private let spelling: TokenSpelling
  private let model: LanguageModel
  private let options: StreamOptions
  private let tokensOfStream: Int
  private static let mostStreams = 64
  /// A part of the streams that has a thread and a copy of the weights of its own: with fewer, weights would be read for
  /// too little.
  private static let leastStreamsOfPart = 8

  /// - Parameter tokensOfStream: a stream has at least so many tokens, so that its beginning costs little of them.
  init(_ model: LanguageModel, _ options: StreamOptions, tokensOfStream: Int = 1 << 15) {
    spelling = TokenSpelling(model)
    (self.model, self.options, self.tokensOfStream) = (model, options, tokensOfStream)
  }

  func encode(_ text: [UInt8]) -> BlockContent {
    let exact = spelling.encoding(of: text)
    var content = BlockContent()
    (content.tokenCount, content.gaps) = (exact.tokens.count, exact.gaps)
    let coders = (0..<max(1, min(exact.tokens.count / tokensOfStream, ParallelBlockCoder.mostStreams))).map { _ in
      StreamEncoder()
    }
    code(exact.tokens.count, streamCount: coders.count) { stream, place, frequencies in
      frequencies.encode(exact.tokens[place], &coders[stream].encoder)
      return exact.tokens[place]
    }
    content.streams = coders.map { $0.encoder.finished() }
    return content
  }

  func decode(_ content: BlockContent, textCount: Int) -> [UInt8]? {
    let coders = content.streams.map { StreamDecoder($0) }
    let tokens = Buffer<TokenID>(count: content.tokenCount)
    let places = tokens.view
    code(content.tokenCount, streamCount: coders.count) { stream, place, frequencies in
      let token = frequencies.decode(&coders[stream].decoder)
      places[place] = token
      return token
    }
    guard coders.allSatisfy({ $0.decoder.isAtEnd }) else { return nil }
    return spelling.text(of: places.array, content.gaps, limit: textCount)
  }

  /// Goes through all streams, each part of them side by side and on threads of its own.
  /// - Parameter code: codes the token at a place under a distribution and gives it; called for different streams at the
  ///   same time.
  private func code(
    _ tokenCount: Int, streamCount: Int, _ code: (_ stream: Int, _ place: Int, TokenFrequencies) -> TokenID
  ) {
    let ranges = (0..<streamCount).map { BlockContent.range($0, of: streamCount, tokenCount: tokenCount) }
    let partCount = max(
      1, min(options.threadCount, streamCount / ParallelBlockCoder.leastStreamsOfPart))
    var partOptions = options
    partOptions.threadCount = max(1, options.threadCount / partCount)
    func read(_ part: Int) {
      let streams = part * streamCount / partCount..<(part + 1) * streamCount / partCount
      self.read(ranges[streams], partOptions, code)
    }
    // Parts never meet. A team within one step would, several times.
    if partCount > 1 { WorkerPool(threadCount: partCount).run(partCount, read) } else { read(0) }
  }

  /// Goes through streams side by side.
  /// - Parameter ranges: the tokens of each stream, by its number.
  private func read(
    _ ranges: ArraySlice<Range<Int>>, _ options: StreamOptions,
    _ code: (_ stream: Int, _ place: Int, TokenFrequencies) -> TokenID
  ) {
    let longest = ranges.map(\.count).max() ?? 0
    guard longest > 0 else { return }
    let group = model.makeStreams(count: ranges.count, options)
    let frequencies = ranges.map { _ in TokenFrequencies(count: model.tokenizer.vocabulary.count) }
    // A stream that is at its end reads on without being heard.
    let last = Buffer<TokenID>(count: ranges.count)
    last.view.fill(model.startToken)
    let (lastTokens, first) = (last.view, ranges.startIndex)
    for step in 0..<longest {
      group.read { lastTokens[$0] }
      group.forEachStream { number, logits in
        let range = ranges[first + number]
        guard step < range.count else { return }
        frequencies[number].set(logits)
        lastTokens[number] = code(first + number, range.lowerBound + step, frequencies[number])
      }
    }
  }
}

/// A stream's own encoder, which only one thread at a time uses.
private final class StreamEncoder {
  var encoder = RangeEncoder()
}

private final class StreamDecoder {
  var decoder: RangeDecoder
  init(_ bytes: [UInt8]) { decoder = RangeDecoder(bytes[...]) }
}
