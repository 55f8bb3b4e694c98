import CharLMFiles

extension View: TensorElements where Element == Float {
  package var elementType: ElementType { .float32 }

  package func withBytes<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure) {
    // Safe: the view's memory lives as long as its owner, floats have no padding.
    try unsafe body(UnsafeBufferPointer(start: base, count: count).span.bytes)
  }

  /// Takes a tensor's elements from element `first` on, rounded to float32 where they are wider.
  /// - Precondition: they are floating-point numbers, and within the view.
  fileprivate func take(_ values: Safetensors.Values, from first: Int) {
    let target = self[first..<first + values.count]
    switch values {
    case .float32(let values): target.copy(from: values)
    case .float64(let values): for (index, value) in values.enumerated() { target[index] = Float(value) }
    case .int32, .int64, .uint8: preconditionFailure("elements of type \(values.type.rawValue) for floats")
    }
  }
}

extension SafetensorsReader {
  /// Reads tensors to where they belong, and verifies the checksum.
  ///
  /// Where this throws, the views hold anything.
  /// - Parameter targets: by the tensors' names; tensors of other names are read past.
  /// - Precondition: a tensor with a target is of floating-point numbers, as many as the view has.
  @discardableResult
  package func read(into targets: [String: View<Float>]) throws(SafetensorsError) -> Safetensors.Checksum {
    let places = entries.map { targets[$0.name] }
    for (entry, place) in zip(entries, places) {
      guard let place else { continue }
      precondition(entry.count == place.count, "\(entry.count) values of \(entry.name) for \(place.count)")
    }
    return try read { number, first, values in places[number]?.take(values, from: first) }
  }
}

extension ParameterStore {
  /// The parameters as tensors to be written, which must be done before the store changes or goes.
  package var tensors: [SafetensorsWriter.Tensor] {
    layouts.map { SafetensorsWriter.Tensor(name: $0.name, shape: $0.shape, elements: flat[$0.range]) }
  }

  /// The parameters by their names, to be read into; `noteChange` belongs after it.
  package var targets: [String: View<Float>] {
    Dictionary(uniqueKeysWithValues: layouts.map { ($0.name, flat[$0.range]) })
  }
}
