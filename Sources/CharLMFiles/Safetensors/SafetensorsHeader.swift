/// The header of a safetensors file, checked in itself and against the file's size.
package struct SafetensorsHeader: Sendable {
  static let metadataName = "__metadata__"
  static let checksumName = "sha256"

  /// What the header says of a tensor.
  package struct Entry: Sendable {
    package var name: String
    package var type: ElementType
    package var shape: [Int]
    /// Its place, counted from the end of the header.
    var data: Range<Int>

    /// The number of elements.
    package var count: Int { data.count / type.width }
  }

  /// All metadata but the checksum.
  private(set) var metadata: [String: String] = [:]
  /// In the order of the data.
  private(set) var entries: [Entry] = []
  /// The stated checksum: 64 lowercase hexadecimal digits, and where they stand in the file.
  private(set) var checksum: (digits: String, bytes: Range<Int>)?
  /// Where the tensors' data begins in the file.
  let dataStart: Int

  /// The length of the header, from the first 8 bytes of a file of `fileSize` bytes.
  static func length(_ bytes: [UInt8], fileSize: Int) throws(SafetensorsFlaw) -> Int {
    guard bytes.count >= 8 else { throw .tooShort(byteCount: bytes.count) }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = Safetensors.headerSizeLimit
    guard length <= UInt64(limit) else { throw .headerTooLarge(byteCount: length, limit: limit) }
    guard length <= fileSize - 8 else { throw .headerCutOff(byteCount: Int(length), available: fileSize - 8) }
    return Int(length)
  }

  /// Reads the header from `bytes`, the beginning of a file of `fileSize` bytes with at least the whole header.
  init(_ bytes: [UInt8], fileSize: Int) throws(SafetensorsFlaw) {
    dataStart = try 8 + Self.length(bytes, fileSize: fileSize)
    // Of a file that was replaced between two reads, `bytes` may hold less than its own header says.
    guard dataStart <= bytes.count else { throw .headerCutOff(byteCount: dataStart - 8, available: bytes.count - 8) }
    guard dataStart > 8, bytes[8] == UInt8(ascii: "{"),
      case .object(let members) = try HeaderParser.parse(bytes, in: 8..<dataStart)
    else { throw .headerNotObject }
    for member in members {
      if member.name == Self.metadataName {
        try readMetadata(member.value)
      } else {
        entries.append(try Entry(member))
      }
    }
    try orderEntries(dataSize: fileSize - dataStart)
  }

  private mutating func readMetadata(_ value: HeaderValue) throws(SafetensorsFlaw) {
    guard case .object(let members) = value else { throw .metadataNotObject }
    for member in members {
      guard case .string(let text, let range) = member.value else { throw .metadataNotString(key: member.name) }
      if member.name == Self.checksumName {
        // Escapes make the range longer than the text; uppercase digits would be a second spelling of the same file.
        let isPlain = range.count == 64 && text.utf8.count == 64
        guard isPlain, text.utf8.allSatisfy("0123456789abcdef".utf8.contains) else { throw .malformedChecksum(text) }
        checksum = (text, range)
      } else {
        metadata[member.name] = member.value.text
      }
    }
  }

  /// Puts the entries in the data's order and checks that they cover the data exactly.
  private mutating func orderEntries(dataSize: Int) throws(SafetensorsFlaw) {
    // Tensors without elements lie where another begins: by end second; the header's order decides the rest.
    entries = entries.enumerated().sorted {
      ($0.element.data.lowerBound, $0.element.data.upperBound, $0.offset)
        < ($1.element.data.lowerBound, $1.element.data.upperBound, $1.offset)
    }.map(\.element)
    var end = 0
    for entry in entries {
      let start = entry.data.lowerBound
      guard start <= end else { throw .tensor(entry.name, .hole(expected: end, found: start)) }
      guard start == end else { throw .tensor(entry.name, .overlap(expected: end, found: start)) }
      end = entry.data.upperBound
    }
    guard end <= dataSize else { throw .dataCutOff(expected: end, found: dataSize) }
    guard end == dataSize else { throw .trailingBytes(count: dataSize - end) }
  }
}

extension SafetensorsHeader.Entry {
  /// Checks one member of the header that describes a tensor.
  init(_ member: HeaderValue.Member) throws(SafetensorsFlaw) {
    let name = member.name
    guard case .object(let fields) = member.value else { throw .tensor(name, .entryNotObject) }
    let known = ["dtype", "shape", "data_offsets"]
    for field in fields where !known.contains(field.name) { throw .tensor(name, .unknownField(field.name)) }
    var values: [HeaderValue] = []
    for field in known {
      guard let value = fields.first(where: { $0.name == field })?.value else {
        throw .tensor(name, .missingField(field))
      }
      values.append(value)
    }
    guard let typeName = values[0].text else { throw .tensor(name, .wrongField("dtype")) }
    guard let type = ElementType(rawValue: typeName) else { throw .tensor(name, .unknownType(typeName)) }
    let shape = try values[1].sizes(tensor: name, field: "shape")
    let offsets = try values[2].sizes(tensor: name, field: "data_offsets")
    guard offsets.count == 2 else { throw .tensor(name, .wrongField("data_offsets")) }
    guard offsets[0] <= offsets[1] else { throw .tensor(name, .offsetsReversed) }
    guard let byteCount = type.byteCount(shape: shape) else { throw .tensor(name, .sizeOverflow) }
    let found = offsets[1] - offsets[0]
    guard byteCount == found else { throw .tensor(name, .wrongSize(expected: byteCount, found: found)) }
    self.init(name: name, type: type, shape: shape, data: offsets[0]..<offsets[1])
  }
}

extension HeaderValue {
  /// The text of a string.
  fileprivate var text: String? {
    if case .string(let text, _) = self { text } else { nil }
  }

  /// The numbers ≥ 0 of an array of such.
  fileprivate func sizes(tensor: String, field: String) throws(SafetensorsFlaw) -> [Int] {
    guard case .array(let elements) = self else { throw .tensor(tensor, .wrongField(field)) }
    var sizes: [Int] = []
    for element in elements {
      guard case .integer(let size) = element else { throw .tensor(tensor, .wrongField(field)) }
      guard size >= 0 else { throw .tensor(tensor, .negativeNumber(field)) }
      sizes.append(size)
    }
    return sizes
  }
}
