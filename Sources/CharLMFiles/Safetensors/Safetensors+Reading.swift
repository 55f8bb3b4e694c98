extension Safetensors {
  /// The content of the file at `path`, checked in every part.
  ///
  /// Time is linear; memory is the file's size and that of its largest tensor. Throws `.file` where the bytes cannot be
  /// had, `.invalid` where they break a rule or do not fit their checksum.
  public static func read(path: String) throws(SafetensorsError) -> Safetensors {
    try Safetensors(reading: SafetensorsReader(path: path))
  }

  /// The metadata of the file at `path` (less the `sha256`) without reading its tensors: for listings of many files.
  ///
  /// The header is checked against the file's size, the checksum is not.
  public static func readMetadata(path: String) throws(SafetensorsError) -> [String: String] {
    try SafetensorsReader(path: path).metadata
  }

  /// The content that `bytes`, those of a whole file, hold; `source` names them in errors.
  ///
  /// F16 and BF16 are widened to float32. Time is linear, memory the size of the tensors.
  public init(parsing bytes: [UInt8], source: String) throws(SafetensorsError) {
    try self.init(reading: SafetensorsReader(bytes, source: source))
  }

  /// All that a reader has.
  package init(reading reader: SafetensorsReader) throws(SafetensorsError) {
    var tensors = reader.entries.map { entry in
      Tensor(name: entry.name, shape: entry.shape, values: Values(entry.type, bytes: [], in: 0..<0))
    }
    let checksum = try reader.read(pieceSize: .max) { number, _, values in tensors[number].values = values }
    self.init(metadata: reader.metadata, tensors: tensors, checksum: checksum)
  }
}
