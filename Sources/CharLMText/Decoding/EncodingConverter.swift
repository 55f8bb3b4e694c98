import CICU

/// The handle of one of ICU's converters to UTF-8, in the middle of a text: the only place in the decoding that holds a
/// pointer.
///
/// `@safe` is Safe: the pointer is private, open from `init` to `deinit`.
@safe final class EncodingConverter {
  private let handle: OpaquePointer
  private var room = [UInt8](repeating: 0, count: 1 << 16)

  /// A converter from the encoding of this name, which ICU knows.
  init(encoding: String) {
    var opened: OpaquePointer?
    // Safe: CICU fills the variable during the call; the name ends with NUL.
    let result = unsafe cicu_converter_open(encoding, &opened)
    guard let opened = unsafe opened else {
      fatalError("ICU cannot open its converter of \(encoding): " + errorName(result))
    }
    unsafe handle = opened
  }

  deinit {
    // Safe: opened in `init`, and nobody else closes it.
    unsafe cicu_converter_close(handle)
  }

  /// Bytes that are invalid in the encoding.
  struct Invalid {
    let bytes: [UInt8]
    /// Where they begin, relative to the bytes that were given; negative where they came before.
    let start: Int
    /// Where to go on.
    let end: Int
  }

  /// Converts bytes from `start` on and adds them to `utf8`, up to the end or to invalid bytes.
  ///
  /// - Parameter isEnd: Whether no more bytes follow; a truncated character is then invalid.
  /// - Returns: `nil` at the end of the bytes.
  func convert(_ bytes: Span<UInt8>, from start: Int, isEnd: Bool, into utf8: inout [UInt8]) -> Invalid? {
    var offset = start
    while true {
      var progress = cicu_progress()
      let result = read(bytes.extracting(offset..<bytes.count), isEnd, &progress)
      guard result == 0 else { fatalError("ICU cannot convert text: " + errorName(result)) }
      utf8.append(contentsOf: room[..<Int(progress.written)])
      offset += Int(progress.read)
      if progress.invalid_count > 0 {
        // Safe: the array of C is read while it lives, and CICU's count is within it.
        let invalid = unsafe withUnsafeBytes(of: progress.invalid) {
          unsafe Array($0.prefix(Int(progress.invalid_count)))
        }
        return Invalid(bytes: invalid, start: offset - Int(progress.ahead_count) - invalid.count, end: offset)
      }
      if progress.is_done, offset == bytes.count { return nil }
    }
  }

  private func read(_ bytes: Span<UInt8>, _ isEnd: Bool, _ progress: inout cicu_progress) -> Int32 {
    let part = bytes.extracting(first: 1 << 30)
    let isLast = isEnd && part.count == bytes.count
    // Safe: both buffers outlive the call, CICU stays within the lengths given and keeps neither.
    return unsafe part.withUnsafeBufferPointer { source in
      unsafe room.withUnsafeMutableBufferPointer { target in
        unsafe cicu_converter_read(
          handle, source.baseAddress, Int32(source.count), isLast, target.baseAddress, Int32(target.count), &progress)
      }
    }
  }
}
