/// What JSON from elsewhere may have, before a decoder makes values of it.
///
/// Swift brings a text to its normal form to hash it, in time that grows with the square of the marks on one letter: a name
/// of 64 KB could take five seconds, one of a megabyte half an hour. And Foundation's decoder takes seconds for a few
/// kilobytes of objects in one another where what they hold is found out by trying. It also reads UTF-16 and UTF-32, whose
/// bytes would be counted wrongly here: nothing that charlm reads is in them, and all of them have bytes of 0.
package enum JSONLimits {
  /// Bytes of a member's name, as it is written.
  package static let nameLimit = 255
  /// Objects and arrays in one another.
  package static let depthLimit = 32

  /// Whether it is in UTF-8, no name is longer, and nothing deeper. What is no JSON has any answer.
  /// - Complexity: O(bytes).
  package static func areKept(by json: some Sequence<UInt8>) -> Bool {
    var (length, depth, isInText, isEscaped) = (0, 0, false, false)
    for byte in json {
      if byte == 0 { return false }
      if isInText {
        isInText = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        if isInText { length += 1 }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): (length, isInText) = (0, true)
      case UInt8(ascii: ":"): if length > nameLimit { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        if depth > depthLimit { return false }
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
    }
    return true
  }
}
