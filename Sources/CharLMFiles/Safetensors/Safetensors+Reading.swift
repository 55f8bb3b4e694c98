extension Safetensors {
  /// The content of the file at `path`, checked in every part.
  ///
  /// Time is linear; memory is twice the file's size while it is read. Throws `.file` where the bytes cannot be had,
  /// `.invalid` where they break a rule or do not fit their checksum.
  public static func read(path: String) throws(SafetensorsError) -> Safetensors {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(path)
    } catch {
      throw .file(error)
    }
    return try Safetensors(parsing: bytes, source: path)
  }

  /// The metadata of the file at `path` (less the `sha256`) without reading its tensors: for listings of many files.
  ///
  /// The header is checked against the file's size, the checksum is not.
  public static func readMetadata(path: String) throws(SafetensorsError) -> [String: String] {
    do {
      let fileSize = try Files.size(path)
      let start = try Files.readPrefix(path, byteCount: 8)
      let length = try SafetensorsHeader.length(start, fileSize: fileSize)
      let bytes = try Files.readPrefix(path, byteCount: 8 + length)
      return try SafetensorsHeader(bytes, fileSize: fileSize).metadata
    } catch let error as FileError {
      throw .file(error)
    } catch let flaw as SafetensorsFlaw {
      throw .invalid(source: path, flaw)
    } catch {
      preconditionFailure("an error of no known type: \(error)")
    }
  }

  /// The content that `bytes`, those of a whole file, hold; `source` names them in errors.
  ///
  /// F16 and BF16 are widened to float32. Time is linear, memory the size of the tensors.
  public init(parsing bytes: [UInt8], source: String) throws(SafetensorsError) {
    do throws(SafetensorsFlaw) {
      try self.init(checking: bytes)
    } catch {
      throw .invalid(source: source, error)
    }
  }

  private init(checking bytes: [UInt8]) throws(SafetensorsFlaw) {
    let header = try SafetensorsHeader(bytes, fileSize: bytes.count)
    if let (stated, range) = header.checksum {
      let computed = StatedDigest.digits(of: bytes, statedIn: range)
      guard computed == stated else { throw .checksumMismatch(stated: stated, computed: computed) }
    }
    let tensors = header.entries.map { entry in
      let range = header.dataStart + entry.data.lowerBound..<header.dataStart + entry.data.upperBound
      return Tensor(name: entry.name, shape: entry.shape, values: Values(entry.type, bytes: bytes, in: range))
    }
    let checksum = header.checksum == nil ? Checksum.absent : .verified
    self.init(metadata: header.metadata, tensors: tensors, checksum: checksum)
  }
}
