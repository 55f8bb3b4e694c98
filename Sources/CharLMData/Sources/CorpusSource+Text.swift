import CharLMFiles
import CharLMText

extension CorpusSource {
  /// Finds the encoding from the beginning of the source, where it is not known.
  /// - Returns: what was found; nil where the encoding was known.
  /// - Throws: `CorpusError.notText` where it is another kind of file, `.text` where the encoding is uncertain.
  mutating func detectEncoding(_ settings: TextSettings) throws(CorpusError) -> EncodingDetection? {
    guard encoding == nil, settings.encoding == "auto" else { return nil }
    let sampleSize = 1 << 20
    let sample = try beginning(upTo: sampleSize)
    if let kind = kind(of: sample, acceptsMarkup: false) { throw .notText(path: name, kind) }
    let isWhole = sample.count < sampleSize
    let found = try mapError(
      CorpusError.text, EncodingDetection(sample: sample, isWhole: isWhole, source: name))
    encoding = found.name
    isAssumed = found.name == "utf-8" && found.confidence == nil && !found.hadByteOrderMark && !isWhole
    return found
  }

  /// The whole text, decoded, with the record of the file.
  /// - Throws: `TextError.emptyText` where there is none; `FileError.memory` where it, decompressed, would fill the memory
  ///   with what is made of it, about eight times its size.
  func wholeText(_ settings: TextSettings) throws(CorpusError) -> (utf8: [UInt8], record: FileRecord) {
    var source = self
    _ = try source.detectEncoding(settings)
    let reader = try SourceReader(source, settings: settings)
    var utf8: [UInt8] = []
    let available = MachineMemory.byteCount
    while let part = try reader.next() {
      utf8 += part.piece.utf8
      guard utf8.count <= available / 8 else {
        throw .file(.memory(path: name, needed: max(8 * utf8.count, 8 * byteCount), available: available))
      }
    }
    if utf8.isEmpty { throw .text(.emptyText(source: name)) }
    return (utf8, reader.record)
  }
}

extension FileRecord {
  /// Throws `CorpusError.changed` unless a file that was read again has the digest of this record.
  func check(sha256 found: String, path: String) throws(CorpusError) {
    if found != sha256 { throw .changed(path: path, expectedSHA256: sha256, foundSHA256: found) }
  }
}
