import CCompression

/// Decompresses data that comes in pieces.
///
/// `@safe` is Safe: the pointer is private, open from `init` to `deinit`.
@safe final class Decompressor {
  private let handle: OpaquePointer
  private var room = [UInt8](repeating: 0, count: 1 << 18)
  /// Whether the data may end here.
  private(set) var isComplete = false

  /// What went wrong.
  enum Failure: Error {
    case missing, memory
    /// Damage, so many bytes after the first that was given.
    case damaged(after: Int)
  }

  init(_ format: Compression) throws(Failure) {
    var status = CC_OK
    // Safe: CCompression fills the variable during the call.
    guard let handle = unsafe cc_open(format.code, &status) else { throw Failure(status, readCount: 0) }
    unsafe self.handle = handle
  }

  deinit {
    // Safe: opened in `init`, and nobody else closes it.
    unsafe cc_close(handle)
  }

  /// Decompresses bytes from `start` on, at most a buffer full.
  /// - Returns: what came out, and how many bytes went in; none and 0 where more bytes are needed.
  func decompress(_ bytes: [UInt8], from start: Int) throws(Failure) -> (out: ArraySlice<UInt8>, readCount: Int) {
    var progress = cc_progress()
    let source = bytes.span.extracting(droppingFirst: start)
    // Safe: both buffers outlive the call, CCompression stays within the lengths given and keeps neither.
    let status = unsafe source.withUnsafeBufferPointer { source in
      unsafe room.withUnsafeMutableBufferPointer { target in
        unsafe cc_decode(handle, source.baseAddress, source.count, target.baseAddress, target.count, &progress)
      }
    }
    guard status == CC_OK else { throw Failure(status, readCount: progress.read) }
    isComplete = progress.is_complete
    return (room[..<progress.written], progress.read)
  }
}

extension Decompressor.Failure {
  fileprivate init(_ status: cc_status, readCount: Int) {
    switch status {
    case CC_MISSING: self = .missing
    case CC_MEMORY: self = .memory
    default: self = .damaged(after: readCount)
    }
  }
}
