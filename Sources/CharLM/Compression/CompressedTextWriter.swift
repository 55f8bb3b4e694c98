/// Lays out compressed text: the header, blocks and the end, each with its checksum.
struct CompressedTextWriter {
  private(set) var bytes: [UInt8] = []
  private var check = ChainedCheck()
  private var textByteCount = 0

  init(_ header: CompressedTextHeader) { write(header.encoded) }

  /// A block: its text, and what it holds.
  mutating func append(_ text: [UInt8], _ content: BlockContent) {
    let content = content.encoded
    var block = BytesWriter()
    block.append(number: BlockMark.block)
    block.append(number: UInt32(text.count))
    block.append(number: UInt32(content.count))
    block.append(ChainedCheck.of(text))
    block.append(content)
    write(block.bytes)
    textByteCount += text.count
  }

  /// The end.
  mutating func finish() {
    var end = BytesWriter()
    end.append(number: BlockMark.end)
    end.append(number: UInt64(textByteCount))
    write(end.bytes)
  }

  /// Gives what was written so far away.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  private mutating func write(_ part: [UInt8]) { bytes += part + check.add(part) }
}

/// What a part of compressed text begins with, and its limits.
enum BlockMark {
  static let block = UInt8(ascii: "B")
  static let end = UInt8(ascii: "E")
  /// Of a block, before its content: mark, size of the text, size of the content, checksum of the text.
  static let blockStartSize = 9 + ChainedCheck.size
  /// Of the end, without its checksum: mark, size of the whole text.
  static let endSize = 9
  /// The most bytes of text that a block stands for, and of content that it has.
  static let largestText = 1 << 22
  static let largestContent = 1 << 24
}
