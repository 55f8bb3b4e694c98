import CharLMFiles
import CharLMText

/// Writes a token file in one go, under a name of its own; it gets its real name when it is whole.
final class TokenFileWriter {
  /// The number of tokens so far.
  private(set) var tokenCount = 0

  private var file: FileWriter?
  private let temporaryPath: String
  private var digest = SHA256Digest()
  private var pending: [UInt8]
  private static let bufferSize = 1 << 20

  /// Begins a file in a folder, which is made where missing.
  /// - Parameter vocabularyCount: decides the width of a token.
  init(in folder: String, vocabularyCount: Int) throws(TokenFileError) {
    try mapError(TokenFileError.file, Files.ensureWritableFolder(folder))
    FileWriter.removeAbandoned(in: folder)
    let file = try mapError(TokenFileError.file, FileWriter(in: folder, for: folder))
    temporaryPath = file.temporaryPath
    self.file = consume file
    let width = TokenSequence(vocabularyCount: vocabularyCount).bytesPerToken
    pending = TokenFile.magic + TokenFileWriter.bytes(TokenFile.version, 4) + TokenFileWriter.bytes(width, 4)
  }

  deinit { if file != nil { Files.remove(temporaryPath) } }

  /// Appends tokens.
  func append(_ tokens: TokenSequence) throws(TokenFileError) {
    pending.append(contentsOf: tokens.littleEndianBytes)
    tokenCount += tokens.count
    guard pending.count >= TokenFileWriter.bufferSize else { return }
    try mapError(TokenFileError.file, flush())
  }

  private func flush() throws(FileError) {
    digest.update(pending)
    try file?.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  private func end(_ description: TokenFileDescription) throws(FileError) {
    let json = description.json
    pending += json + TokenFileWriter.bytes(tokenCount, 8) + TokenFileWriter.bytes(json.count, 8)
    try flush()
    try file?.write(digest.bytes)
  }

  /// Completes the file and gives it its name.
  func finish(_ description: TokenFileDescription, as path: String) throws(TokenFileError) -> TokenFile {
    do throws(FileError) {
      try end(description)
      try file.take()?.finish(renamedTo: path)
    } catch {
      Files.remove(temporaryPath)
      throw .file(error)
    }
    return try TokenFile(path)
  }

  /// Completes the file without giving it a name: the system removes it when it is closed, however the process ends.
  func finishUnnamed(_ description: TokenFileDescription) throws(TokenFileError) -> TokenFile {
    try mapError(TokenFileError.file, end(description))
    return try TokenFile(temporaryPath)
  }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
