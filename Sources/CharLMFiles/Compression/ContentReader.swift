/// Reads the content of a file from its beginning: as it is, or decompressed where it is compressed.
///
/// Memory is that of a piece, however much a compressed file holds.
package final class ContentReader {
  /// How many bytes of the file were read.
  package private(set) var fileByteCount = 0
  /// How many bytes of content were given.
  package private(set) var byteCount = 0
  /// How the file is compressed; nil where it is not.
  package let compression: Compression?

  private let file: InputFile
  private let decompressor: Decompressor?
  /// Bytes of the file that are not decompressed yet, from `offset` on.
  private var input: [UInt8] = []
  private var offset = 0

  /// How many bytes of a compressed file are read at once.
  private static let inputSize = 1 << 18

  /// A reader at the beginning of a file.
  package init(_ file: InputFile) throws(ContentError) {
    self.file = file
    compression = Compression(beginning: try mapError(ContentError.file, file.bytes(at: 0, upTo: 6)))
    do throws(Decompressor.Failure) {
      if let compression { decompressor = try Decompressor(compression) } else { decompressor = nil }
    } catch {
      throw .compression(ContentReader.error(error, file, compression ?? .gzip, offset: 0))
    }
  }

  /// The next bytes of the content; none at its end.
  /// - Parameters:
  ///   - limit: the most bytes to give; fewer come only at the end.
  ///   - observe: receives the bytes of the file as they are read, for a digest.
  package func next(
    upTo limit: Int, observe: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws(ContentError) -> [UInt8] {
    var content: [UInt8] = []
    if let compression, let decompressor {
      while content.count < limit, try decompress(compression, decompressor, into: &content, observe) {}
    } else {
      content = try mapError(ContentError.file, file.bytes(at: byteCount, upTo: limit))
      fileByteCount += content.count
      observe(content[...])
    }
    byteCount += content.count
    return content
  }

  private static func error(
    _ failure: Decompressor.Failure, _ file: InputFile, _ format: Compression, offset: Int
  ) -> CompressionError {
    switch failure {
    case .missing: .missingLibrary(path: file.path, format)
    case .memory: .memory(path: file.path, format)
    case .damaged(let count): .damaged(path: file.path, format, offset: offset + count)
    }
  }

  /// Decompresses some more.
  /// - Returns: whether there may be more.
  private func decompress(
    _ format: Compression, _ decompressor: Decompressor, into content: inout [UInt8],
    _ observe: (ArraySlice<UInt8>) -> Void
  ) throws(ContentError) -> Bool {
    let part: (out: ArraySlice<UInt8>, readCount: Int)
    do throws(Decompressor.Failure) {
      part = try decompressor.decompress(input, from: offset)
    } catch {
      throw .compression(ContentReader.error(error, file, format, offset: fileByteCount - input.count + offset))
    }
    content += part.out
    offset += part.readCount
    guard part.out.isEmpty, offset == input.count || part.readCount == 0 else { return true }
    input = Array(input[offset...])
    offset = 0
    let more = try mapError(
      ContentError.file, file.bytes(at: fileByteCount, upTo: ContentReader.inputSize))
    guard !more.isEmpty else {
      if decompressor.isComplete { return false }
      throw .compression(.truncated(path: file.path, format, byteCount: fileByteCount))
    }
    observe(more[...])
    fileByteCount += more.count
    input += more
    return true
  }
}

/// Why the content of a file cannot be read.
package enum ContentError: Error, Equatable, Sendable {
  case file(FileError)
  case compression(CompressionError)
}
