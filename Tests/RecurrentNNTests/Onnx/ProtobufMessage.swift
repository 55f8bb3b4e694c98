/// The fields of a message in protobuf's wire format: as much as ONNX's test files need.
struct ProtobufMessage {
  enum Field: Sendable {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  /// In the message's order.
  private(set) var fields: [(number: Int, value: Field)] = []

  /// The message that some bytes hold; nil where they are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      guard let key = Self.number(&rest) else { return nil }
      switch key & 7 {
      case 0:
        guard let value = Self.number(&rest) else { return nil }
        fields.append((Int(key >> 3), .number(value)))
      case 2:
        guard let count = Self.number(&rest), count <= UInt64(rest.count) else { return nil }
        fields.append((Int(key >> 3), .bytes(rest.prefix(Int(count)))))
        rest = rest.dropFirst(Int(count))
      case 5 where rest.count >= 4:
        fields.append((Int(key >> 3), .fixed32(rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })))
        rest = rest.dropFirst(4)
      default: return nil
      }
    }
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var (value, shift) = (UInt64(0), UInt64(0))
    while let byte = bytes.popFirst(), shift < 64 {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  /// The whole numbers of a field, packed or one by one.
  func numbers(_ number: Int) -> [Int] {
    fields.filter { $0.number == number }.flatMap { field -> [Int] in
      switch field.value {
      case .number(let value): return [Int(truncatingIfNeeded: value)]
      case .bytes(var packed):
        var numbers: [Int] = []
        while let value = Self.number(&packed) { numbers.append(Int(truncatingIfNeeded: value)) }
        return numbers
      case .fixed32: return []
      }
    }
  }

  /// The bytes of every occurrence of a field.
  func bytes(_ number: Int) -> [ArraySlice<UInt8>] {
    fields.compactMap { field in
      if field.number == number, case .bytes(let bytes) = field.value { bytes } else { nil }
    }
  }

  /// Every occurrence of a field as text.
  func texts(_ number: Int) -> [String] { bytes(number).map { String(decoding: $0, as: UTF8.self) } }

  /// Every occurrence of a field as a message.
  func messages(_ number: Int) -> [ProtobufMessage] { bytes(number).compactMap { ProtobufMessage($0) } }
}
