import CharLMFiles
import CharLMText

/// One pass through a source: its text in parts of documents, and the record of the file at the end.
final class SourceReader {
  /// How many bytes are read at once.
  private static let chunkSize = 1 << 20

  /// How many bytes of the file were read.
  var byteCount: Int { content.fileByteCount }
  /// How many bytes they are decompressed; as many where the file is not compressed.
  var contentByteCount: Int { content.byteCount }

  private let source: CorpusSource
  private let content: ContentReader
  private var digest = SHA256Digest()
  private var reader: TextReader
  private var cutter: DocumentCutter
  /// Parts that were cut and not yet given.
  private var parts: ArraySlice<DocumentPart> = []
  private var isAtEnd = false
  /// Whether all that was decoded so far was ASCII.
  private var isASCII = true

  /// A reader at the beginning of a source.
  /// - Parameters:
  ///   - settings: their encoding counts where that of the source is not known.
  ///   - separator: a text that stands between two documents; nil where the source is one document.
  init(_ source: CorpusSource, settings: TextSettings, separator: String? = nil) throws(CorpusError) {
    var settings = settings
    settings.encoding = source.encoding ?? settings.encoding
    self.source = source
    content = try source.content()
    reader = try mapError(CorpusError.text, TextReader(settings: settings, source: source.name))
    cutter = DocumentCutter(separator: separator, unit: settings.unit, normalization: settings.normalization)
  }

  /// The next part; nil at the end of the source.
  func next() throws(CorpusError) -> DocumentPart? {
    while parts.isEmpty {
      guard !isAtEnd else { return nil }
      if let piece = try nextPiece() {
        parts = cutter.append(piece)[...]
      } else {
        isAtEnd = true
        parts = cutter.finish()[...]
      }
    }
    return parts.popFirst()
  }

  private func nextPiece() throws(CorpusError) -> TextPiece? {
    do throws(TextReadingError<CorpusError>) {
      let piece = try reader.next { () throws(CorpusError) in try readChunk() }
      if let piece, isASCII { isASCII = piece.utf8.allSatisfy { $0 < 0x80 } }
      return piece
    } catch {
      switch error {
      case .reading(let error): throw error
      case .text(let error): throw .text(error)
      }
    }
  }

  private func readChunk() throws(CorpusError) -> [UInt8] {
    try mapError(CorpusError.init, content.next(upTo: SourceReader.chunkSize) { digest.update($0) })
  }

  /// The record of the file, once it was read to its end.
  var record: FileRecord {
    FileRecord(path: source.path, bytes: byteCount, sha256: digest.hexadecimal, encoding: reader.encoding)
  }

  /// The encoding of a file that was assumed to be UTF-8 and is not; nil where it is UTF-8 with invalid bytes, as
  /// characters beyond ASCII before them show.
  /// - Parameter offset: where the first byte is that is not UTF-8.
  /// - Throws: `TextError.uncertainEncoding` where all before is ASCII, and what follows gives no certain answer.
  func encodingInstead(ofUTF8At offset: Int) throws(TextError) -> EncodingDetection? {
    guard isASCII else { return nil }
    let start = max(0, offset - SourceReader.chunkSize / 2)
    // The file may have become shorter.
    guard let sample = try? source.content(from: start, upTo: SourceReader.chunkSize), sample.count >= offset - start,
      sample[..<(offset - start)].allSatisfy({ $0 < 0x80 })
    else { return nil }
    let found = try EncodingDetection(sample: sample, isWhole: false, source: source.name, mayBeUTF8: false)
    return found.name == "utf-8" ? nil : found
  }
}
