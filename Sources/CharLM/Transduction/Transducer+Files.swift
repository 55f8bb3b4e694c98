extension Transducer {
  /// Reads a model and checks every part of it.
  /// - Throws: `CheckpointError`, also where the file holds a language model.
  public init(path: String) throws(CheckpointError) {
    let model = try Checkpoint.read(path: path).model
    guard let model = Transducer(model) else {
      throw .model(source: path, .wrongKind(expected: .transducer, found: model.kind))
    }
    self = model
  }

  /// Writes the model, wholly or not at all, in place of a file that is there.
  public func save(to path: String) throws(CheckpointError) { try Checkpoint.write(snapshot, to: path) }
}
