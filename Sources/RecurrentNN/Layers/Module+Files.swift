import CharLMFiles

extension Module {
  /// Writes all parameters to a safetensors file, wholly or not at all, under the names that `namedParameters` gives.
  /// - Throws: `ModuleFileError.file` where the file cannot be written, `.module` where two parameters have one name.
  public func save(to path: String) throws(ModuleFileError) {
    let parameters = placedParameters()
    try distinct(parameters.map(\.layout), source: path)
    let tensors = parameters.map { layout, store in
      SafetensorsWriter.Tensor(name: layout.name, shape: layout.shape, elements: store.flat[layout.range])
    }
    do throws(SafetensorsError) {
      // PyTorch's own writer says this, and some readers ask for it.
      try SafetensorsWriter(metadata: ["format": "pt"], tensors: tensors).write(to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Takes all parameters from a safetensors file that `save(to:)` or PyTorch wrote. F16, BF16 and F64 become float32.
  /// - Throws: `ModuleFileError` where the file cannot be read, is damaged, or has other tensors than the module has
  ///   parameters; then the module is as it was.
  public func load(from path: String) throws(ModuleFileError) {
    let parameters = placedParameters()
    try distinct(parameters.map(\.layout), source: path)
    let reader = try opened(path)
    do throws(ModuleFlaw) {
      try reader.check(parameters.map(\.layout))
    } catch {
      throw .module(source: path, error)
    }
    do throws(SafetensorsError) {
      try reader.read(
        into: Dictionary(uniqueKeysWithValues: parameters.map { ($0.layout.name, $0.store.flat[$0.layout.range]) }))
    } catch {
      throw .file(error)
    }
    for (_, store) in parameters { store.noteChange() }
  }

  /// A file that is whole: it must be known before the module is changed.
  private func opened(_ path: String) throws(ModuleFileError) -> SafetensorsReader {
    do throws(SafetensorsError) {
      let reader = try SafetensorsReader(path: path)
      try reader.verify()
      return reader
    } catch {
      throw .file(error)
    }
  }

  private func distinct(_ layouts: [ParameterLayout], source: String) throws(ModuleFileError) {
    var names: Set<String> = []
    for layout in layouts where !names.insert(layout.name).inserted {
      throw .module(source: source, .duplicateName(layout.name))
    }
  }
}

extension SafetensorsReader {
  /// Checks that there is a tensor for each parameter, and no other.
  fileprivate func check(_ layouts: [ParameterLayout]) throws(ModuleFlaw) {
    let found = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for layout in layouts {
      guard let entry = found[layout.name] else { throw .missingTensor(layout.name, expected: layout.shape) }
      guard entry.shape == layout.shape else {
        throw .shape(layout.name, expected: layout.shape, found: entry.shape)
      }
      guard entry.type.isFloatingPoint else { throw .notFloating(layout.name, type: entry.type.rawValue) }
    }
    let names = Set(layouts.map(\.name))
    if let entry = entries.first(where: { !names.contains($0.name) }) {
      throw .unexpectedTensor(entry.name, found: entry.shape)
    }
  }
}
