import CharLMText
import RecurrentNN

/// Turns the text of one block after another into what the block holds, or back. Each has read the blocks before.
protocol BlockCoder: AnyObject {
  /// The most bytes of text in a block.
  var blockSize: Int { get }
  /// Encodes a block's text.
  func encode(_ text: [UInt8]) -> BlockContent
  /// Decodes a block's text; nil where the content stands for more bytes than `textCount`, or for no text.
  func decode(_ content: BlockContent, textCount: Int) -> [UInt8]?
}

/// Text of any bytes as tokens of an alphabet of its own, coded by counts.
final class CountsBlockCoder: BlockCoder {
  let blockSize = 1 << 20
  private let alphabet: TextAlphabet
  private var coder: CountsCoder

  /// - Parameter known: a text that the counts have read before.
  init(
    _ alphabet: TextAlphabet, _ size: ContextMixerSize, _ known: [UInt8] = [],
    _ isInterrupted: () -> Bool = { false }
  ) {
    self.alphabet = alphabet
    coder = CountsCoder(stream: alphabet.counts(size))
    coder.stream.read(alphabet.tokens(of: known), unless: isInterrupted)
  }

  func encode(_ text: [UInt8]) -> BlockContent {
    var content = BlockContent()
    let tokens = alphabet.tokens(of: text)
    content.tokenCount = tokens.count
    content.streams = [coder.encoded(tokens)]
    return content
  }

  func decode(_ content: BlockContent, textCount: Int) -> [UInt8]? {
    guard content.streams.count == 1, content.gaps.isEmpty else { return nil }
    var decoder = RangeDecoder(content.streams[0][...])
    var text: [UInt8] = []
    text.reserveCapacity(textCount)
    for _ in 0..<content.tokenCount {
      text += alphabet.tokens[Int(coder.decode(&decoder))]
      if text.count > textCount { return nil }
    }
    return decoder.isAtEnd ? text : nil
  }
}

/// Text as a model's tokens in one stream, and gaps: for all that learns while it reads.
final class StreamBlockCoder<Coder: TokenCoder>: BlockCoder {
  let blockSize = 1 << 20
  private let spelling: TokenSpelling
  private var coder: Coder

  init(_ spelling: TokenSpelling, _ coder: Coder) { (self.spelling, self.coder) = (spelling, coder) }

  func encode(_ text: [UInt8]) -> BlockContent {
    let exact = spelling.encoding(of: text)
    var content = BlockContent()
    (content.tokenCount, content.gaps) = (exact.tokens.count, exact.gaps)
    content.streams = [coder.encoded(exact.tokens)]
    return content
  }

  func decode(_ content: BlockContent, textCount: Int) -> [UInt8]? {
    guard content.streams.count == 1 else { return nil }
    var decoder = RangeDecoder(content.streams[0][...])
    let tokens = (0..<content.tokenCount).map { _ in coder.decode(&decoder) }
    return decoder.isAtEnd ? spelling.text(of: tokens, content.gaps, limit: textCount) : nil
  }
}

extension TokenCoder {
  fileprivate mutating func encoded(_ tokens: [TokenID]) -> [UInt8] {
    var encoder = RangeEncoder()
    for token in tokens { encode(token, &encoder) }
    return encoder.finished()
  }
}

/// How a model's tokens spell bytes.
struct TokenSpelling {
  private let tokenizer: Tokenizer
  private let separator: [UInt8]

  init(_ model: LanguageModel) {
    tokenizer = model.tokenizer
    separator = Array((model.documentSeparator ?? "").utf8)
  }

  func encoding(of text: [UInt8]) -> ExactEncoding { tokenizer.exactEncoding(text, separator: separator) }

  func text(of tokens: [TokenID], _ gaps: [ExactEncoding.Gap], limit: Int) -> [UInt8]? {
    tokenizer.bytes(of: tokens, gaps: gaps, separator: separator, limit: limit)
  }
}

extension AdaptiveCountsStream {
  /// Learns tokens and reads them; stops where that is interrupted.
  mutating func read(_ tokens: [TokenID], unless isInterrupted: () -> Bool) {
    for (place, token) in tokens.enumerated() {
      if place % 4096 == 0, isInterrupted() { return }
      read(token)
    }
  }
}
