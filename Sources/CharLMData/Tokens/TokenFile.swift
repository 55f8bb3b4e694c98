import CharLMFiles
import CharLMText

/// A file of token numbers, which are read in pieces: memory is that of a piece, whatever the size of the file.
///
/// The format, all numbers little-endian:
///
///     offset           bytes  content
///     0                8      "charlmtk"
///     8                4      version, 1
///     12               4      w, bytes per token: 1, 2 or 4, the fewest that hold every number of the vocabulary
///     16               n·w    tokens
///     16 + n·w         d      description, JSON: see `TokenFileDescription`
///     16 + n·w + d     8      n, the number of tokens
///     24 + n·w + d     8      d, the length of the description
///     32 + n·w + d     32     SHA-256 of all that stands before
///
/// Sizes and digest stand at the end, so that a file is written in one go. A reader refuses a file whose sizes do not
/// add up, or whose digest is another, and checks every token that it reads.
final class TokenFile: Sendable {
  static let magic = Array("charlmtk".utf8)
  static let version = 1
  static let headerSize = 16
  static let trailerSize = 48

  /// The number of tokens.
  let tokenCount: Int
  /// What the tokens are of.
  let description: TokenFileDescription
  /// The file's path.
  var path: String { file.path }

  private let file: InputFile
  private let width: Int
  private let vocabularyCount: Int

  /// Opens a file and reads all but its tokens.
  /// - Throws: `TokenFileError` where it is not a token file, cut off, or of another version.
  init(_ path: String) throws(TokenFileError) {
    file = try mapError(TokenFileError.file, InputFile(path))
    let header = try TokenFile.bytes(of: file, at: 0, count: TokenFile.headerSize)
    let trailerOffset = file.byteCount - TokenFile.trailerSize
    guard trailerOffset >= TokenFile.headerSize, header.starts(with: TokenFile.magic) else {
      throw .invalid(path: path, .notTokens)
    }
    let found = TokenFile.number(header[8..<12])
    guard found == TokenFile.version else { throw .invalid(path: path, .version(found: found)) }
    let trailer = try TokenFile.bytes(of: file, at: trailerOffset, count: TokenFile.trailerSize)
    width = TokenFile.number(header[12..<16])
    tokenCount = TokenFile.number(trailer[..<8])
    let descriptionSize = TokenFile.number(trailer[8..<16])
    let (tokenSize, overflow) = tokenCount.multipliedReportingOverflow(by: width)
    let limit = trailerOffset - TokenFile.headerSize
    guard [1, 2, 4].contains(width), !overflow, 0...limit ~= tokenSize, descriptionSize == limit - tokenSize else {
      throw .invalid(path: path, .notTokens)
    }
    let text = try TokenFile.bytes(of: file, at: trailerOffset - descriptionSize, count: descriptionSize)
    do {
      description = try TokenFileDescription(json: text)
    } catch {
      throw .invalid(path: path, .description("\(error)"))
    }
    vocabularyCount = description.vocabulary.count
    guard width == TokenSequence(vocabularyCount: vocabularyCount).bytesPerToken,
      description.isPossible(tokenCount: tokenCount)
    else { throw .invalid(path: path, .notTokens) }
  }

  /// The file's size.
  var byteCount: Int { file.byteCount }

  /// Reads the whole file and compares its digest.
  /// - Parameter observe: receives the number of bytes read so far.
  /// - Throws: `TokenFileFlaw.checksum` where the content is not what was written.
  func verify(_ observe: (Int) -> Void = { _ in }) throws(TokenFileError) {
    let end = file.byteCount - 32
    let digest = try mapError(TokenFileError.file, file.digest(upTo: end, observe: observe))
    let stated = try TokenFile.bytes(of: file, at: end, count: 32)
    guard digest.bytes == stated else { throw .invalid(path: path, .checksum) }
  }

  /// Copies the tokens of `range`, which must be in the file, to the start of `target`, which must be long enough.
  ///
  /// The bytes are read to the end of the target's memory and widened in place, from the front: element i is written
  /// at 4i, and what is still to be read begins at 4n − (n − i)·w or later.
  func copy(_ range: Range<Int>, to target: inout MutableSpan<TokenID>) throws(TokenFileError) {
    let (count, width, file) = (range.count, width, file)
    let offset = TokenFile.headerSize + range.lowerBound * width
    var length = 0
    var highest: UInt32 = 0
    // Safe: all addresses lie in the first 4 · count bytes of the target, which has room for `count` tokens.
    unsafe target.withUnsafeMutableBufferPointer { tokens in
      let memory = unsafe UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: tokens[..<count]))
      let start = memory.count - count * width
      length = unsafe file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: memory[start...]))
      guard length == count * width else { return }
      highest =
        switch width {
        case 1: unsafe TokenFile.widen(UInt8.self, in: memory, from: start)
        case 2: unsafe TokenFile.widen(UInt16.self, in: memory, from: start)
        default: unsafe TokenFile.widen(UInt32.self, in: memory, from: start)
        }
    }
    guard length >= 0 else { throw .file(FileError(code: Int32(-length), .read, path: path)) }
    guard length == count * width else { throw .invalid(path: path, .shrunk(position: range.upperBound)) }
    guard count == 0 || Int(highest) < vocabularyCount else {
      throw .invalid(path: path, .unknownToken(position: range.lowerBound))
    }
  }

  /// Words that stand at the end of a memory as tokens from its start on; the highest.
  private static func widen<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _: Word.Type, in memory: UnsafeMutableRawBufferPointer, from start: Int
  ) -> UInt32 {
    var highest: UInt32 = 0
    var place = start
    var index = 0
    while place < memory.count {
      // Safe: within the memory, by the condition; a token never reaches a word that is still to be read.
      let word = UInt32(Word(littleEndian: unsafe memory.loadUnaligned(fromByteOffset: place, as: Word.self)))
      unsafe memory.storeBytes(of: word, toByteOffset: index * 4, as: UInt32.self)
      highest = max(highest, word)
      place += MemoryLayout<Word>.size
      index += 1
    }
    return highest
  }

  private static func bytes(of file: InputFile, at offset: Int, count: Int) throws(TokenFileError) -> [UInt8] {
    let bytes = try mapError(TokenFileError.file, file.bytes(at: offset, upTo: count))
    guard bytes.count == count else { throw .invalid(path: file.path, .notTokens) }
    return bytes
  }

  /// A little-endian number; -1 where it is larger than any size.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? -1
  }
}
