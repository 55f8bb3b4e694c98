/// A message in protocol buffers' wire format, written field by field.
struct ProtobufMessage {
  /// The bytes so far.
  private(set) var bytes: [UInt8] = []

  /// A whole number, or the number of an enumeration's case.
  mutating func set(_ field: Int, integer: Int) {
    key(field, wireType: 0)
    varint(UInt64(bitPattern: Int64(integer)))
  }

  mutating func set(_ field: Int, double: Double) {
    key(field, wireType: 1)
    bytes += RecordFraming.littleEndian(double.bitPattern)
  }

  mutating func set(_ field: Int, float: Float) {
    key(field, wireType: 5)
    bytes += RecordFraming.littleEndian(float.bitPattern)
  }

  mutating func set(_ field: Int, string: String) { set(field, data: Array(string.utf8)) }

  /// A nested message; set again, the field is repeated.
  mutating func set(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    fill(&message)
    set(field, data: message.bytes)
  }

  private mutating func set(_ field: Int, data: [UInt8]) {
    key(field, wireType: 2)
    varint(UInt64(data.count))
    bytes += data
  }

  private mutating func key(_ field: Int, wireType: Int) { varint(UInt64(field << 3 | wireType)) }

  /// Seven bits per byte, the lowest first; the top bit marks that more follow.
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
