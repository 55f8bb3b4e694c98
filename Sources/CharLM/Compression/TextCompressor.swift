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
  private var writer: CompressedTextWriter?
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
    if header == nil {
      guard waiting.count >= TextCompressor.lookAhead else { return [] }
      begin(isWhole: false)
    }
    writeBlocks(isLast: false)
    return writer?.take() ?? []
  }

  /// Ends the text.
  /// - Returns: the rest of the compressed text.
  public func finish() -> [UInt8] {
    if header == nil { begin(isWhole: true) }
    writeBlocks(isLast: true)
    writer?.finish()
    return writer?.take() ?? []
  }

  private func begin(isWhole: Bool) {
    let dictionary = method.hasCounts ? method.dictionary : nil
    let expected = (isWhole ? waiting.count : expectedByteCount ?? .max >> 8) + (dictionary?.bytes.count ?? 0)
    let hasAlphabet = method.model == nil && dictionary == nil
    let header = CompressedTextHeader(
      arithmetic: method.arithmetic,
      model: method.model.map { CompressedTextHeader.Requirement(identity: $0.identity, name: method.modelName) },
      dictionary: dictionary.map { CompressedTextHeader.Requirement(identity: $0.identity, name: $0.name) },
      countsSize: method.hasCounts ? ContextMixerSize(tokenCount: expected) : nil,
      alphabet: hasAlphabet ? TextAlphabet(of: waiting) : nil, rates: method.rates(for: waiting))
    self.header = header
    coder = method.coder(header)
    writer = CompressedTextWriter(header)
  }

  private func writeBlocks(isLast: Bool) {
    guard let coder else { return }
    var start = 0
    while waiting.count - start >= coder.blockSize || (isLast && start < waiting.count) {
      let text = Array(waiting[start..<min(start + coder.blockSize, waiting.count)])
      writer?.append(text, coder.encode(text))
      start += text.count
    }
    waiting.removeFirst(start)
  }
}
