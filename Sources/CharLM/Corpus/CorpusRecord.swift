import CharLMText
import Crypto

/// A file that a model was trained on, as the checkpoint remembers it.
public struct FileRecord: Codable, Hashable, Sendable {
  /// The path as it was given; `-` for standard input.
  public var path: String
  /// Its size.
  public var bytes: Int
  /// The digest of its bytes, in hexadecimal.
  public var sha256: String
}

/// What a model was trained on, and what was kept for validation.
public struct CorpusRecord: Codable, Hashable, Sendable {
  /// The files, in order.
  public var files: [FileRecord]
  /// The part at the end that was kept for validation; 0 for none, or where there is a file for it.
  public var validationFraction: Double
  /// The file for validation, if there is one.
  public var validationFile: FileRecord?

  /// A record; without files, that of a model that was made elsewhere.
  public init(files: [FileRecord] = [], validationFraction: Double = 0, validationFile: FileRecord? = nil) {
    self.files = files
    self.validationFraction = validationFraction
    self.validationFile = validationFile
  }

  /// The size of all files.
  public var byteCount: Int { files.reduce(0) { $0 + $1.bytes } }
  /// The files' names for messages.
  public var name: String { files.map(\.path).joined(separator: ", ") }
}

/// A file's text with its record.
package struct SourceText: Sendable {
  package let record: FileRecord
  package let utf8: [UInt8]

  /// Reads and decodes a file, or standard input for `-`.
  /// - Parameter knownAs: the record's path, where the file was found somewhere else.
  package init(path: String, knownAs: String? = nil) throws(CorpusError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try path == "-" ? Files.readStandardInput() : Files.read(path)
    } catch {
      throw .file(error)
    }
    let digest = SHA256.hash(data: bytes).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    record = FileRecord(path: knownAs ?? path, bytes: bytes.count, sha256: digest.joined())
    do throws(TextError) {
      utf8 = try DecodedText(decoding: bytes, source: path == "-" ? "standard input" : path, allowsEmpty: false).utf8
    } catch {
      throw .text(error)
    }
  }

  /// Reads a file of a record again.
  /// - Parameter folders: where a relative path is looked for, in this order.
  /// - Throws: `CorpusError.file` where no file is found, `.changed` where it is not the one of the record.
  package init(again file: FileRecord, lookingIn folders: [String]) throws(CorpusError) {
    let places = file.path.hasPrefix("/") ? [file.path] : folders.map { Files.join($0, file.path) }
    try self.init(path: places.first(where: Files.exists) ?? file.path, knownAs: file.path)
    guard record.sha256 == file.sha256 else {
      throw .changed(path: file.path, expectedSHA256: file.sha256, foundSHA256: record.sha256)
    }
  }
}
