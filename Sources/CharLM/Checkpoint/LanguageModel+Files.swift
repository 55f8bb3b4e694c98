extension LanguageModel {
  /// Reads a model and checks every part of it.
  ///
  ///     let model = try LanguageModel(path: "models/hello-harbour.safetensors")
  ///
  /// - Throws: `CheckpointError`, also where the file holds a transducer. A missing checksum is no error; `Checkpoint.read`
  ///   tells of it.
  public init(path: String) throws(CheckpointError) {
    let model = try Checkpoint.read(path: path).model
    guard let model = LanguageModel(model) else {
      throw .model(source: path, .wrongKind(expected: .language, found: model.kind))
    }
    self = model
  }

  /// Writes the model, wholly or not at all, in place of a file that is there.
  public func save(to path: String) throws(CheckpointError) { try Checkpoint.write(snapshot, to: path) }
}
