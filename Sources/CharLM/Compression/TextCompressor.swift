import CharLMText
import RecurrentNN

/// Compresses text, or any other bytes, by what a model or counts expect.
///
///     let compressor = TextCompressor(CompressionMethod(model, name: "shakespeare"))
///     var compressed = compressor.append(bytes)       // as often as bytes come
///     compressed += compressor.finish()
///
/// What is given back grows with what was given; memory does not.
public final class TextCompressor {
  private let method: CompressionMethod
  private let expectedByteCount: Int?
  private var coder: (any BlockCoder)?
  private var check = ChainedCheck()
  private var waiting: [UInt8] = []
  /// The header; nil before it was made.
  public private(set) var header: CompressedTextHeader?
  /// The bytes that were given.
  public private(set) var byteCount = 0

  /// So much of the beginning shows which characters a text has.
  private static let lookAhead = 1 << 24

  /// A compressor at the beginning of a text.
  /// - Parameter expectedByteCount: how long the text will be, for the size of the memory; nil where that is unknown.
  public init(_ method: CompressionMethod, expectedByteCount: Int? = nil) {
    (self.method, self.expectedByteCount) = (method, expectedByteCount)
  }

  /// Takes more of the text.
  /// - Returns: more of the compressed text, perhaps none.
  public func append(_ bytes: [UInt8]) -> [UInt8] {
    waiting += bytes
    byteCount += bytes.count
    var written: [UInt8] = []
    if header == nil {
      guard waiting.count >= TextCompressor.lookAhead else { return [] }
      written += begin(isWhole: false)
    }
    writeBlocks(&written, isLast: false)
    return written
  }

  /// Ends the text.
  /// - Returns: the rest of the compressed text.
  public func finish() -> [UInt8] {
    var written = header == nil ? begin(isWhole: true) : []
    writeBlocks(&written, isLast: true)
    var end = BytesWriter()
    end.append(number: BlockMark.end)
    end.append(number: UInt64(byteCount))
    return written + end.bytes + check.add(end.bytes)
  }

  private func begin(isWhole: Bool) -> [UInt8] {
    let expected = isWhole ? waiting.count : expectedByteCount ?? .max >> 8
    var counts: ContextMixerSize?
    if method.model == nil || method.usesCounts { counts = ContextMixerSize(tokenCount: expected) }
    let header = CompressedTextHeader(
      arithmetic: method.arithmetic,
      model: method.model.map { CompressedTextHeader.NeededModel(identity: $0.identity, name: method.modelName) },
      countsSize: counts, alphabet: method.model == nil ? TextAlphabet(of: waiting) : nil, rates: method.rates(for: waiting))
    self.header = header
    coder = method.coder(header)
    let bytes = header.encoded
    return bytes + check.add(bytes)
  }

  private func writeBlocks(_ written: inout [UInt8], isLast: Bool) {
    guard let coder else { return }
    var start = 0
    while waiting.count - start >= coder.blockSize || (isLast && start < waiting.count) {
      let text = Array(waiting[start..<min(start + coder.blockSize, waiting.count)])
      let content = coder.encode(text).encoded
      var block = BytesWriter()
      block.append(number: BlockMark.block)
      block.append(number: UInt32(text.count))
      block.append(number: UInt32(content.count))
      block.append(ChainedCheck.of(text))
      block.append(content)
      written += block.bytes + check.add(block.bytes)
      start += text.count
    }
    waiting.removeFirst(start)
  }
}

/// What a part of compressed text begins with.
enum BlockMark {
  static let block = UInt8(ascii: "B")
  static let end = UInt8(ascii: "E")
  /// Of a block, before its content: mark, size of the text, size of the content, checksum of the text.
  static let blockStartSize = 9 + ChainedCheck.size
  /// Of the end, without its checksum.
  static let endSize = 9
  /// The most bytes of text that a block stands for, and of content that it has.
  static let largestText = 1 << 22
  static let largestContent = 1 << 24
}
