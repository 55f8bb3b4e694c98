extension InputFile {
  /// The SHA-256 of the file's first bytes.
  /// - Parameters:
  ///   - end: how many bytes; nil for all that there are when they are read.
  ///   - observe: receives the number of bytes read so far.
  package func digest(upTo end: Int? = nil, observe: (Int) -> Void = { _ in }) throws(FileError) -> SHA256Digest {
    var digest = SHA256Digest()
    var offset = 0
    while true {
      let chunk = try bytes(at: offset, upTo: min(1 << 20, (end ?? .max) - offset))
      if chunk.isEmpty { return digest }
      digest.update(chunk)
      offset += chunk.count
      observe(offset)
    }
  }
}
