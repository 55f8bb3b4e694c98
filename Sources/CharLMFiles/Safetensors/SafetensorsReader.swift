/// A safetensors file that is open for reading: its header, checked, and its tensors' data, which are read piece by piece.
///
/// So tensors go from the file to where they belong without lying in memory twice. The file stays open: it does not
/// matter if another takes its name meanwhile.
package struct SafetensorsReader: Sendable {
  private enum Content: Sendable {
    case file(InputFile)
    case memory([UInt8])
  }

  /// The bytes that are read at once: small enough to stay in the cache, a multiple of every element's size.
  private static let pieceSize = 1 << 20

  /// The file as messages name it.
  package let source: String
  /// All metadata but the checksum.
  package var metadata: [String: String] { header.metadata }
  /// What the header says of each tensor, in the order of the data.
  package var entries: [SafetensorsHeader.Entry] { header.entries }

  private let content: Content
  private let header: SafetensorsHeader

  /// Opens the file at `path` and checks its header against its size.
  package init(path: String) throws(SafetensorsError) {
    let file: InputFile
    do throws(FileError) { file = try InputFile.whole(path) } catch { throw .file(error) }
    try self.init(.file(file), byteCount: file.byteCount, source: path)
  }

  /// The same for the bytes of a whole file.
  package init(_ bytes: [UInt8], source: String) throws(SafetensorsError) {
    try self.init(.memory(bytes), byteCount: bytes.count, source: source)
  }

  private init(_ content: Content, byteCount: Int, source: String) throws(SafetensorsError) {
    self.content = content
    self.source = source
    let start = try Self.bytes(0..<min(8, byteCount), of: content)
    let length = try Self.checked(source) { () throws(SafetensorsFlaw) in
      try SafetensorsHeader.length(start, fileSize: byteCount)
    }
    let beginning = try Self.bytes(0..<8 + length, of: content)
    header = try Self.checked(source) { () throws(SafetensorsFlaw) in
      try SafetensorsHeader(beginning, fileSize: byteCount)
    }
  }

  private static func checked<Value>(
    _ source: String, _ body: () throws(SafetensorsFlaw) -> Value
  ) throws(SafetensorsError) -> Value {
    do throws(SafetensorsFlaw) { return try body() } catch { throw .invalid(source: source, error) }
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
      try Self.bytes(0..<header.dataStart, of: content), statedIn: header.checksum?.bytes)
    for (number, entry) in entries.enumerated() {
      var start = entry.data.lowerBound
      while start < entry.data.upperBound {
        let end = start + min(pieceSize, entry.data.upperBound - start)
        let bytes = try Self.bytes(header.dataStart + start..<header.dataStart + end, of: content)
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

  /// The bytes of a range; fewer only where a file has become shorter since it was opened.
  private static func bytes(_ range: Range<Int>, of content: Content) throws(SafetensorsError) -> [UInt8] {
    switch content {
    case .memory(let bytes): return Array(bytes[range])
    case .file(let file):
      do throws(FileError) {
        return try file.bytes(at: range.lowerBound, upTo: range.count)
      } catch {
        throw .file(error)
      }
    }
  }
}
