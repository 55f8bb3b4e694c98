extension FieldValues {
  /// The fields that follow a path.
  /// - Throws: `RequestError`, which names the field.
  init(query: String?, _ fields: [Field]) throws(RequestError) {
    var members: [String: JSONValue] = [:]
    for pair in (query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts[0].percentDecoded, let value = parts.count > 1 ? parts[1].percentDecoded : "" else {
        throw RequestError(status: .badRequest, message: "the query is not percent-encoded UTF-8")
      }
      if members.updateValue(.text(value), forKey: name) != nil {
        throw .wrong(String(name.prefix(40)), "is given twice")
      }
    }
    try self.init(members, fields)
  }
}

extension Substring {
  /// The text that a part of a query stands for; nil where it is malformed.
  fileprivate var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2)
        guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), let text = String(digits),
          let value = UInt8(text, radix: 16)
        else { return nil }
        rest = rest.dropFirst(2)
        bytes.append(value)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
