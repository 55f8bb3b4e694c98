import CharLMFiles
import CharLMText

/// One pass through a file: its text in pieces, and what is known of it at the end.
struct SourceReader: ~Copyable {
  /// How many bytes are read at once.
  private static let chunkSize = 1 << 20

  private let source: CorpusSource
  private let bytes: RawBytes
  private var reader: TextReader<FileError>
  /// Whether all that was decoded so far was ASCII.
  private var isASCII = true

  /// A reader at the beginning of a file.
  /// - Parameter settings: the encoding is that of the source where it has one.
  init(_ source: CorpusSource, settings: TextSettings) throws(CorpusError) {
    var settings = settings
    settings.encoding = source.encoding ?? settings.encoding
    let bytes = try RawBytes(source)
    reader = try SourceReader.textReader(bytes, settings, source: source.name)
    self.source = source
    self.bytes = bytes
  }

  private static func textReader(
    _ bytes: RawBytes, _ settings: TextSettings, source: String
  ) throws(CorpusError) -> TextReader<FileError> {
    do throws(TextError) {
      return try TextReader(settings: settings, source: source) { () throws(FileError) in try bytes.next() }
    } catch {
      throw .text(error)
    }
  }

  /// The next piece; nil at the end.
  /// - Throws: `CorpusError.file` and `.text`.
  mutating func next() throws(CorpusError) -> TextPiece? {
    do throws(TextReadingError<FileError>) {
      let piece = try reader.next()
      if let piece, isASCII { isASCII = piece.utf8.allSatisfy { $0 < 0x80 } }
      return piece
    } catch {
      switch error {
      case .reading(let error): throw .file(error)
      case .text(let error): throw .text(error)
      }
    }
  }

  /// What is known of the file once it was read to its end.
  var record: FileRecord {
    FileRecord(path: source.path, bytes: bytes.offset, sha256: bytes.sha256, encoding: reader.encoding)
  }

  /// How many bytes were read.
  var byteCount: Int { bytes.offset }

  /// The encoding of a file whose reading as UTF-8, which was assumed, failed; nil where it is UTF-8 all the same, as
  /// characters beyond ASCII before the failure show.
  /// - Parameter offset: where the byte is that is not UTF-8.
  /// - Throws: `TextError.uncertainEncoding` where there is nothing but ASCII before, and it is not sure what follows.
  func encodingInstead(ofUTF8At offset: Int) throws(TextError) -> EncodingDetection? {
    guard isASCII else { return nil }
    let start = max(0, offset - SourceReader.chunkSize / 2)
    guard let sample = try? bytes.file.bytes(at: start, upTo: SourceReader.chunkSize),
      sample[..<(offset - start)].allSatisfy({ $0 < 0x80 })
    else { return nil }
    let found = try EncodingDetection(sample: sample, isWhole: false, source: source.name, mayBeUTF8: false)
    return found.name == "utf-8" ? nil : found
  }

  /// The file's bytes in order, with their digest.
  private final class RawBytes {
    let file: InputFile
    private(set) var offset = 0
    private var digest = SHA256Digest()

    init(_ source: CorpusSource) throws(CorpusError) {
      do throws(FileError) { file = try source.open() } catch { throw .file(error) }
    }

    func next() throws(FileError) -> [UInt8] {
      let chunk = try file.bytes(at: offset, upTo: SourceReader.chunkSize)
      offset += chunk.count
      digest.update(chunk)
      return chunk
    }

    var sha256: String { digest.hexadecimal }
  }
}

extension CorpusSource {
  /// Finds the file's encoding from its beginning, where it is not known.
  /// - Returns: what was found; nil where the encoding was known.
  /// - Throws: `CorpusError.text` where the encoding is uncertain.
  mutating func detectEncoding(_ settings: TextSettings) throws(CorpusError) -> EncodingDetection? {
    guard encoding == nil, settings.encoding == "auto" else { return nil }
    let sampleSize = 1 << 20
    let sample: [UInt8]
    do throws(FileError) {
      sample = try open().bytes(at: 0, upTo: sampleSize)
    } catch {
      throw .file(error)
    }
    do throws(TextError) {
      let isWhole = sample.count < sampleSize
      let found = try EncodingDetection(sample: sample, isWhole: isWhole, source: name)
      encoding = found.name
      isAssumed = found.name == "utf-8" && found.confidence == nil && !found.hadByteOrderMark && !isWhole
      return found
    } catch {
      throw .text(error)
    }
  }

  /// The digest of the file's bytes.
  /// - Parameter observe: told how many bytes were read.
  func sha256(_ observe: (Int) -> Void) throws(FileError) -> String {
    try open().digest(observe: observe).hexadecimal
  }
}

/// A file's text, whole.
package struct SourceText: Sendable {
  package let record: FileRecord
  package let utf8: [UInt8]

  /// Reads and decodes a file, or standard input for `-`.
  package init(path: String, settings: TextSettings) throws(CorpusError) {
    let source: CorpusSource
    do throws(FileError) { source = try CorpusSource(path: path) } catch { throw .file(error) }
    try self.init(source, settings: settings)
  }

  private init(_ source: CorpusSource, settings: TextSettings) throws(CorpusError) {
    var source = source
    _ = try source.detectEncoding(settings)
    var reader = try SourceReader(source, settings: settings)
    var utf8: [UInt8] = []
    while let piece = try reader.next() { utf8 += piece.utf8 }
    if utf8.isEmpty { throw .text(.emptyText(source: source.name)) }
    self.utf8 = utf8
    record = reader.record
  }

  /// Reads a file of a record again.
  /// - Parameter folders: where a relative path is looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  package init(
    again file: FileRecord, settings: TextSettings, lookingIn folders: [String]
  ) throws(CorpusError) {
    let source: CorpusSource
    do throws(FileError) { source = try CorpusSource(again: file, lookingIn: folders) } catch { throw .file(error) }
    try self.init(source, settings: settings)
    guard record.sha256 == file.sha256 else {
      throw .changed(path: file.path, expectedSHA256: file.sha256, foundSHA256: record.sha256)
    }
  }
}
