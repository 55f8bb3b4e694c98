import CharLMFiles
import RecurrentNN

/// A file that is open for reading, with the metadata of a model: a model's, or the state of a run.
package struct CheckpointFile: Sendable {
  package let metadata: ModelMetadata
  /// The file as messages name it.
  package var source: String { reader.source }
  private let reader: SafetensorsReader

  /// Opens the file and reads its metadata; of the tensors only the header is read.
  package init(path: String) throws(CheckpointError) {
    try self.init(try mapError(CheckpointError.init, SafetensorsReader(path: path)))
  }

  /// The same for the bytes of a whole file, in memory.
  package init(_ bytes: [UInt8], source: String) throws(CheckpointError) {
    try self.init(try mapError(CheckpointError.init, SafetensorsReader(bytes, source: source)))
  }

  private init(_ reader: SafetensorsReader) throws(CheckpointError) {
    self.reader = reader
    do throws(CheckpointError) {
      metadata = try ModelMetadata(MetadataFields(reader.metadata, source: reader.source))
    } catch {
      throw CheckpointFile.cause(of: error, reader)
    }
  }

  /// A field of the metadata that only some of these files have.
  package func decoded<Value: Decodable>(_ name: String, as type: Value.Type) throws(CheckpointError) -> Value {
    try MetadataFields(reader.metadata, source: reader.source).decoded(name, as: type)
  }

  /// The number of elements of the tensor called `name`; nil where there is none, or none of floating-point numbers.
  package func count(of name: String) -> Int? {
    reader.entry(named: name).flatMap { $0.type.isFloatingPoint ? $0.count : nil }
  }

  /// Verifies the checksum and keeps nothing.
  package func verify() throws(CheckpointError) {
    do throws(SafetensorsError) { try reader.verify() } catch { throw CheckpointError(error) }
  }

  /// Reads tensors to where they belong and verifies the checksum; where this throws, the views hold anything.
  /// - Precondition: the views have the tensors' counts.
  @discardableResult
  package func read(into targets: [String: View<Float>]) throws(CheckpointError) -> Safetensors.Checksum {
    do throws(SafetensorsError) { return try reader.read(into: targets) } catch { throw CheckpointError(error) }
  }

  /// Checks by the header that there is a tensor for each parameter, and no other: it would be lost unseen.
  func check(_ shapes: [(name: String, shape: [Int])]) throws(CheckpointError) {
    do throws(ModelFlaw) {
      try CheckpointFile.check(reader.entries, shapes)
    } catch {
      throw CheckpointFile.cause(of: .model(source: reader.source, error), reader)
    }
  }

  private static func check(
    _ entries: [SafetensorsHeader.Entry], _ shapes: [(name: String, shape: [Int])]
  ) throws(ModelFlaw) {
    let found = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, shape) in shapes {
      guard let entry = found[name] else { throw .missingTensor(name: name) }
      guard entry.shape == shape, entry.type.isFloatingPoint, entry.type != .float64 else {
        throw .tensorShape(name: name, expected: shape, found: entry.shape)
      }
    }
    let names = Set(shapes.map(\.name))
    if let entry = entries.first(where: { !names.contains($0.name) }) { throw .unexpectedTensor(name: entry.name) }
  }

  /// Why a file is refused: where it is damaged, that is the reason, not what the damage made of it.
  private static func cause(of error: CheckpointError, _ reader: SafetensorsReader) -> CheckpointError {
    do throws(SafetensorsError) {
      try reader.verify()
      return error
    } catch {
      return CheckpointError(error)
    }
  }
}
