import CharLMFiles
import CharLMText
import RecurrentNN

/// Decompresses what a `TextCompressor` made, block by block, each checked before it is given.
///
///     let decompressor = try TextDecompressor(source: path) { count in try input.read(upTo: count) }
///     try decompressor.begin(with: model)              // nil where `header.model` is
///     while let text = try decompressor.next() { … }
///
/// It trusts nothing: sizes are bounded before memory is asked for, and nothing is given that is not the text that was
/// compressed. Memory is that of a block and of the model or the counts.
public final class TextDecompressor {
  /// How the text was compressed.
  public let header: CompressedTextHeader
  /// The bytes read so far, and those of the text given so far.
  public private(set) var offset: Int
  /// The bytes of text that were given.
  public private(set) var textByteCount = 0

  private let source: String
  private let read: (Int) throws(FileError) -> [UInt8]
  private var check = ChainedCheck()
  private var coder: (any BlockCoder)?
  private var isAtEnd = false

  /// Reads the beginning.
  /// - Parameters:
  ///   - source: what the compressed text is called in errors.
  ///   - read: gives the next bytes, as many as are asked for but at the end.
  /// - Throws: `CompressedTextError` where this is no compressed text, or a damaged one.
  package init(source: String, read: @escaping (Int) throws(FileError) -> [UInt8]) throws(CompressedTextError) {
    (self.source, self.read) = (source, read)
    let start = try mapError(CompressedTextError.file, read(CompressedTextHeader.startSize))
    let magic = CompressedTextHeader.magic
    guard start.starts(with: magic) else {
      let isCut = !start.isEmpty && start.count < magic.count && magic.starts(with: start)
      throw isCut ? .truncated(source: source, offset: start.count) : .notCompressedText(source: source)
    }
    guard start.count == CompressedTextHeader.startSize else {
      throw .truncated(source: source, offset: start.count)
    }
    guard start[magic.count] == CompressedTextHeader.version else {
      throw .otherFormat(source: source, version: Int(start[magic.count]))
    }
    var reader = BytesReader(start.dropFirst(magic.count + 1))
    let size = Int(reader.number(UInt32.self) ?? .max)
    guard size <= CompressedTextHeader.largestSize else { throw .damaged(source: source, offset: 0, textOffset: 0) }
    let rest = try mapError(CompressedTextError.file, read(size + ChainedCheck.size))
    offset = start.count + rest.count
    guard rest.count == size + ChainedCheck.size else { throw .truncated(source: source, offset: offset) }
    let body = Array(rest.prefix(size))
    guard check.add(start + body).elementsEqual(rest.dropFirst(size)),
      let header = CompressedTextHeader(body: body[...])
    else { throw .damaged(source: source, offset: 0, textOffset: 0) }
    self.header = header
  }

  /// Reads compressed text in memory.
  public convenience init(_ bytes: [UInt8], source: String) throws(CompressedTextError) {
    var rest = bytes[...]
    try self.init(source: source) { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }

  /// Makes ready for the first block.
  /// - Parameters:
  ///   - model: the one that the header needs; nil for none.
  ///   - dictionary: the one that the header needs; nil for none.
  ///   - threadCount: changes nothing but the time.
  /// - Throws: where the model or the dictionary is missing or a different one, or this machine's arithmetic differs.
  /// - Complexity: O(bytes of the dictionary); reading it takes as long as decompressing it would.
  public func begin(
    with model: LanguageModel?, dictionary: CompressionDictionary? = nil, threadCount: Int = 1
  ) throws(CompressedTextError) {
    var method = CompressionMethod()
    if let needed = header.model {
      guard let model else { throw .noModel(source: source, needed) }
      guard model.identity == needed.identity else { throw .otherModel(source: source, needed) }
      method.model = model
    }
    if let needed = header.dictionary {
      guard let dictionary else { throw .noDictionary(source: source, needed) }
      guard dictionary.identity == needed.identity else { throw .otherDictionary(source: source, needed) }
      method.dictionary = dictionary
    }
    method.threadCount = threadCount
    (method.isDynamic, method.usesCounts) = (header.isDynamic, header.countsSize != nil)
    // The command makes no such file.
    guard method.fitsVocabulary else { throw .damaged(source: source, offset: 0, textOffset: 0) }
    method.precision = Arithmetic.precision(of: header.arithmetic)
    guard method.arithmetic == header.arithmetic else {
      throw .otherArithmetic(source: source, needed: header.arithmetic, present: method.arithmetic)
    }
    coder = method.coder(header)
  }

  /// The text of the next block; nil after the last one.
  /// - Precondition: `begin` was called.
  /// - Throws: `CompressedTextError`, for what is no longer the text that was compressed.
  public func next() throws(CompressedTextError) -> [UInt8]? {
    guard let coder else { preconditionFailure("a decompressor that was not told its model") }
    guard !isAtEnd else { return nil }
    let blockOffset = offset
    let mark = try take(1)
    if mark[0] == BlockMark.end {
      try readEnd(blockOffset)
      return nil
    }
    let start = mark + (mark[0] == BlockMark.block ? try take(BlockMark.blockStartSize - 1) : [])
    var reader = BytesReader(start.dropFirst())
    guard mark[0] == BlockMark.block, let textCount = reader.number(UInt32.self).map(Int.init),
      let contentCount = reader.number(UInt32.self).map(Int.init), 1...BlockMark.largestText ~= textCount,
      contentCount <= BlockMark.largestContent
    else { throw damaged(blockOffset) }
    let content = try take(contentCount)
    guard check.add(start + content) == (try take(ChainedCheck.size)) else { throw damaged(blockOffset) }
    // From here on the block is as it was written, or somebody has made it.
    guard let content = BlockContent(content, textCount: textCount),
      let text = coder.decode(content, textCount: textCount), text.count == textCount,
      ChainedCheck.of(text).elementsEqual(start.suffix(ChainedCheck.size))
    else { throw .otherText(source: source, offset: blockOffset, textOffset: textByteCount) }
    textByteCount += text.count
    return text
  }

  private func readEnd(_ blockOffset: Int) throws(CompressedTextError) {
    let end = [BlockMark.end] + (try take(BlockMark.endSize - 1))
    var reader = BytesReader(end.dropFirst())
    guard check.add(end) == (try take(ChainedCheck.size)), reader.number(UInt64.self) == UInt64(textByteCount)
    else { throw damaged(blockOffset) }
    guard try mapError(CompressedTextError.file, read(1)).isEmpty else {
      throw .trailingBytes(source: source, offset: offset)
    }
    isAtEnd = true
  }

  private func take(_ count: Int) throws(CompressedTextError) -> [UInt8] {
    let bytes = try mapError(CompressedTextError.file, read(count))
    offset += bytes.count
    guard bytes.count == count else { throw .truncated(source: source, offset: offset) }
    return bytes
  }

  private func damaged(_ offset: Int) -> CompressedTextError {
    .damaged(source: source, offset: offset, textOffset: textByteCount)
  }
}
