extension Safetensors {
  /// The bytes of a file of this content, with a checksum; see `write` for their order.
  ///
  /// Throws `.invalid` where the reader would refuse the result; memory is the file's size.
  public func serialized() throws(SafetensorsError) -> [UInt8] { try writer.serialized() }

  /// Writes `serialized()`'s bytes to `path`, wholly or not at all; see `Files.writeAtomically` for how.
  ///
  /// The same content always gives the same bytes: wider element types come first, so that each tensor begins at a
  /// multiple of its element's size, and within a width the tensors keep their order. A `sha256` in `metadata` is
  /// replaced. An existing file is replaced, or kept as `previous`. The tensors are not copied: memory is the header's
  /// size.
  public func write(to path: String, keepingPreviousAs previous: String? = nil) throws(SafetensorsError) {
    try writer.write(to: path, keepingPreviousAs: previous)
  }

  /// The same with another limit, for tests.
  func serialized(headerSizeLimit: Int) throws(SafetensorsError) -> [UInt8] {
    try writer.serialized(headerSizeLimit: headerSizeLimit)
  }

  private var writer: SafetensorsWriter {
    SafetensorsWriter(
      metadata: metadata,
      tensors: tensors.map { SafetensorsWriter.Tensor(name: $0.name, shape: $0.shape, elements: $0.values) })
  }
}

extension Safetensors.Values: TensorElements {
  package var elementType: ElementType { type }

  package func withBytes<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure) {
    // Safe: numbers without padding.
    switch self {
    case .float32(let values): try unsafe body(values.span.bytes)
    case .int32(let values): try unsafe body(values.span.bytes)
    case .int64(let values): try unsafe body(values.span.bytes)
    case .uint8(let values): try unsafe body(values.span.bytes)
    case .float64(let values): try unsafe body(values.span.bytes)
    }
  }
}
