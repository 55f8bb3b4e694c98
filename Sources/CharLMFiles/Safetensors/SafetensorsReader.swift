/// A safetensors file that is open for reading: its header, checked, and its tensors' data, which are read piece by piece.
///
/// With it tensors go from the file to where they belong without lying in memory twice. The file stays open, so that
/// it does not matter if another takes its name meanwhile.
package struct SafetensorsReader: Sendable {
  private enum Bytes {
    case file(InputFile)
    case memory([UInt8])
  }

  /// The bytes that are read at once: small enough to stay in the cache, a multiple of every element's size.
  private static let pieceSize = 1 << 20

  /// The file as messages name it.
  package let source: String
  private let bytes: Bytes
  private let header: SafetensorsHeader

  /// Opens the file at `path` and checks its header against its size.
  package init(path: String) throws(SafetensorsError) {
    let file: InputFile
    do throws(FileError) { file = try InputFile(reading: path) } catch { throw .file(error) }
    try self.init(.file(file), byteCount: file.byteCount, source: path)
  }

  /// The same of a file's bytes in memory.
  package init(_ bytes: [UInt8], source: String) throws(SafetensorsError) {
    try self.init(.memory(bytes), byteCount: bytes.count, source: source)
  }

  private init(_ bytes: Bytes, byteCount: Int, source: String) throws(SafetensorsError) {
    self.bytes = bytes
    self.source = source
    do throws(FileError) {
      let start = try bytes.bytes(0..<min(8, byteCount))
      do throws(SafetensorsFlaw) {
        let length = try SafetensorsHeader.length(start, fileSize: byteCount)
        do throws(FileError) {
          let beginning = try bytes.bytes(0..<8 + length)
          do throws(SafetensorsFlaw) {
            header = try SafetensorsHeader(beginning, fileSize: byteCount)
          } catch {
            throw .invalid(source: source, error)
          }
        }
      }
    }
  }
}
