import CICU

/// What a C function writes into a buffer of `capacity` bytes and tells the length of.
func textOfC(capacity: Int, _ write: (UnsafeMutablePointer<CChar>?, Int32) -> Int32) -> String {
  var characters = [CChar](repeating: 0, count: capacity)
  // Safe: the array outlives the call.
  let length = unsafe characters.withUnsafeMutableBufferPointer { buffer in
    unsafe write(buffer.baseAddress, Int32(capacity))
  }
  return String(decoding: characters.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A failure that CICU returned, in words or by ICU's name.
func errorName(_ result: Int32) -> String {
  // Safe: CICU returns a constant string that ends with NUL, never NULL.
  unsafe String(cString: cicu_error_name(result))
}
