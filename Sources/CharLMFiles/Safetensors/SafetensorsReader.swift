/// A safetensors file that is open for reading: its header, checked, and its tensors' data, which are read piece by piece.
///
/// So tensors go from the file to where they belong without lying in memory twice. The file stays open: it does not
/// matter if another takes its name meanwhile.
package struct SafetensorsReader: Sendable {
  /// The bytes that are read at once: small enough to stay in the cache, a multiple of every element's size.
  private static let pieceSize = 1 << 20

  /// The file as messages name it.
  package var source: String { file.path }
  /// All metadata but the checksum.
  package var metadata: [String: String] { header.metadata }
  /// What the header says of each tensor, in the order of the data.
  package var entries: [SafetensorsHeader.Entry] { header.entries }

  private let file: InputFile
  private let header: SafetensorsHeader

  /// Opens the file at `path` and checks its header against its size.
  package init(path: String) throws(SafetensorsError) {
    let file = try mapError(
      SafetensorsError.file,
      InputFile.whole(path) { beginning in (try? SafetensorsHeader.length(beginning, fileSize: .max)) != nil })
    try self.init(file)
  }

  /// The same for the bytes of a whole file.
  package init(_ bytes: [UInt8], source: String) throws(SafetensorsError) {
    try self.init(InputFile(bytes, path: source))
  }

  private init(_ file: InputFile) throws(SafetensorsError) {
    self.file = file
    let start = try Self.bytes(0..<min(8, file.byteCount), of: file)
    let invalid = { (flaw: SafetensorsFlaw) in SafetensorsError.invalid(source: file.path, flaw) }
    let length = try mapError(invalid, SafetensorsHeader.length(start, fileSize: file.byteCount))
    let beginning = try Self.bytes(0..<8 + length, of: file)
    header = try mapError(invalid, SafetensorsHeader(beginning, fileSize: file.byteCount))
  }

  /// What the header says of the tensor called `name`; O(tensors).
  package func entry(named name: String) -> SafetensorsHeader.Entry? { entries.first { $0.name == name } }

  /// Reads all data once, in order, and verifies the checksum.
  ///
  /// What `body` was given may be used only when this returns.
  /// - Parameters:
  ///   - pieceSize: the most bytes of a piece; a multiple of 8.
  ///   - body: takes some elements of the tensor of a number, from its element `first` on. F16 and BF16 come as float32.
  /// - Throws: `.invalid` where the data do not fit the checksum, `.file` where they cannot be read.
  @discardableResult
  package func read(
    pieceSize: Int = pieceSize, _ body: (_ tensor: Int, _ first: Int, _ values: Safetensors.Values) -> Void
  ) throws(SafetensorsError) -> Safetensors.Checksum {
    try forEachPiece(pieceSize) { tensor, offset, bytes in
      let type = entries[tensor].type
      body(tensor, offset / type.width, Safetensors.Values(type, bytes: bytes, in: 0..<bytes.count))
    }
  }

  /// Verifies the checksum and keeps nothing.
  @discardableResult
  package func verify() throws(SafetensorsError) -> Safetensors.Checksum {
    header.checksum == nil ? .absent : try forEachPiece(Self.pieceSize) { _, _, _ in }
  }

  private func forEachPiece(
    _ pieceSize: Int, _ body: (_ tensor: Int, _ offset: Int, _ bytes: [UInt8]) -> Void
  ) throws(SafetensorsError) -> Safetensors.Checksum {
    var digest = StatedDigest(
      try Self.bytes(0..<header.dataStart, of: file), statedIn: header.checksum?.bytes)
    for (number, entry) in entries.enumerated() {
      var start = entry.data.lowerBound
      while start < entry.data.upperBound {
        let end = start + min(pieceSize, entry.data.upperBound - start)
        let bytes = try Self.bytes(header.dataStart + start..<header.dataStart + end, of: file)
        guard bytes.count == end - start else {
          let expected = entries.last?.data.upperBound ?? 0
          throw .invalid(source: source, .dataCutOff(expected: expected, found: start + bytes.count))
        }
        digest?.update(bytes)
        body(number, start - entry.data.lowerBound, bytes)
        start = end
      }
    }
    guard let digest, let stated = header.checksum?.digits else { return .absent }
    let computed = digest.hexadecimal
    guard computed == stated else {
      throw .invalid(source: source, .checksumMismatch(stated: stated, computed: computed))
    }
    return .verified
  }

  /// The bytes of a range; fewer only where the file has become shorter since it was opened.
  private static func bytes(_ range: Range<Int>, of file: InputFile) throws(SafetensorsError) -> [UInt8] {
    try mapError(SafetensorsError.file, file.bytes(at: range.lowerBound, upTo: range.count))
  }
}
