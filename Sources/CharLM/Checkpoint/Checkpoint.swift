import CharLMFiles
import RecurrentNN

/// Reads and writes trained models: a safetensors file whose metadata says all that the tensors do not.
/// The rules are in `models/README.md`.
public enum Checkpoint {
  /// The format that this version writes and the highest that it reads.
  public static let format = 1

  /// A model and what reading it said of its checksum.
  public struct Loaded: Sendable {
    /// The model.
    public let model: ModelSnapshot
    /// `.absent` is worth a warning.
    public let checksum: Safetensors.Checksum
  }

  /// Writes a model, wholly or not at all. The parameters are not copied.
  /// - Parameter previous: where a file that is there already is kept.
  public static func write(
    _ model: ModelSnapshot, to path: String, keepingPreviousAs previous: String? = nil
  ) throws(CheckpointError) {
    try write(model.metadata, model.parameterStore, to: path, keepingPreviousAs: previous)
  }

  /// The same for parameters that somebody goes on writing afterwards.
  package static func write(
    _ metadata: ModelMetadata, _ parameters: ParameterStore, to path: String, keepingPreviousAs previous: String? = nil
  ) throws(CheckpointError) {
    try write(
      SafetensorsWriter(metadata: metadata.fields, tensors: parameters.tensors), to: path, keepingPreviousAs: previous)
  }

  package static func write(
    _ content: SafetensorsWriter, to path: String, keepingPreviousAs previous: String?
  ) throws(CheckpointError) {
    do throws(SafetensorsError) {
      try content.write(to: path, keepingPreviousAs: previous)
    } catch {
      throw CheckpointError(error)
    }
  }

  /// Reads a model and checks every part of it.
  ///
  /// Memory is that of the parameters. It is asked for only when the file's header has shown them to be there.
  public static func read(path: String) throws(CheckpointError) -> Loaded {
    let file = try CheckpointFile(path: path)
    let shapes = file.metadata.parameterShapes
    try file.check(shapes)
    let store = ParameterStore(shapes)
    let checksum = try file.read(into: store.targets)
    for layout in store.layouts where !store.flat[layout.range].isWithin(largestWeight) {
      let isFinite = store.flat[layout.range].isFinite
      throw .model(source: path, isFinite ? .tooLarge(name: layout.name) : .notFinite(name: layout.name))
    }
    return Loaded(model: ModelSnapshot(file.metadata, owning: store), checksum: checksum)
  }

  /// No network that learned anything has larger weights; with them a layer's sums would not be numbers.
  static let largestWeight: Float = 1e15

  /// The kind and time of a model, read from the file's header alone; nil where the file is not a model of charlm.
  public static func summary(path: String) -> (kind: ModelKind, created: String)? {
    guard let metadata = try? Safetensors.readMetadata(path: path), metadata["charlm_format"] != nil,
      let kind = metadata["kind"].flatMap(ModelKind.init), let created = metadata["created"]
    else { return nil }
    return (kind, created)
  }
}
