/// Where a tensor's elements lie in memory.
package protocol TensorElements {
  var elementType: ElementType { get }
  var count: Int { get }
  /// Calls `body` with the elements' memory, which is little-endian.
  func withBytes<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure)
}

/// A safetensors file to be written, of tensors that lie anywhere in memory: they are neither copied nor kept.
package struct SafetensorsWriter {
  /// A named array of numbers.
  package struct Tensor {
    package var name: String
    package var shape: [Int]
    package var elements: any TensorElements

    package init(name: String, shape: [Int], elements: any TensorElements) {
      self.name = name
      self.shape = shape
      self.elements = elements
    }
  }

  package var metadata: [String: String]
  package var tensors: [Tensor]

  package init(metadata: [String: String] = [:], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The file's bytes.
  package func serialized(headerSizeLimit: Int = Safetensors.headerSizeLimit) throws(SafetensorsError) -> [UInt8] {
    let layout = try layout(for: "safetensors content", headerSizeLimit: headerSizeLimit)
    var bytes = layout.header
    bytes.reserveCapacity(layout.fileSize)
    for tensor in layout.tensors { tensor.elements.withBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// Writes the file, wholly or not at all.
  package func write(to path: String, keepingPreviousAs previous: String? = nil) throws(SafetensorsError) {
    let layout = try layout(for: path)
    do throws(FileError) {
      try Files.writeAtomically(path, keepingPreviousAs: previous) { (writer: inout FileWriter) throws(FileError) in
        try writer.write(layout.header)
        for tensor in layout.tensors {
          try tensor.elements.withBytes { (bytes) throws(FileError) in try writer.write(bytes) }
        }
      }
    } catch {
      throw .file(error)
    }
  }
}

// MARK: The layout

extension SafetensorsWriter {
  /// A file ready to be written: the header's bytes, checksum included, and the tensors in the order of their data.
  private struct Layout {
    var header: [UInt8]
    var tensors: [Tensor]
    var fileSize: Int
  }

  private func layout(
    for source: String, headerSizeLimit: Int = Safetensors.headerSizeLimit
  ) throws(SafetensorsError) -> Layout {
    do throws(SafetensorsFlaw) {
      return try checkedLayout(headerSizeLimit)
    } catch {
      throw .invalid(source: source, error)
    }
  }

  private func checkedLayout(_ headerSizeLimit: Int) throws(SafetensorsFlaw) -> Layout {
    let ordered = tensors.enumerated().sorted {
      (-$0.element.elements.elementType.width, $0.offset) < (-$1.element.elements.elementType.width, $1.offset)
    }.map(\.element)
    // The checksum comes first, so that its place does not depend on the content.
    let beginning = "{\"\(SafetensorsHeader.metadataName)\":{\"\(SafetensorsHeader.checksumName)\":\""
    let (members, dataSize) = try Self.members(ordered)
    var text = beginning + StatedDigest.placeholder + "\""
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != SafetensorsHeader.checksumName {
      text += ",\(key.quotedForJSON):\(value.quotedForJSON)"
    }
    text += "}" + members + "}"
    let padding = (8 - text.utf8.count % 8) % 8
    let length = text.utf8.count + padding
    guard length <= headerSizeLimit else {
      throw .headerTooLarge(byteCount: UInt64(length), limit: headerSizeLimit)
    }
    var header = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    header += Array(text.utf8) + [UInt8](repeating: 0x20, count: padding)
    var digest = SHA256Digest()
    digest.update(header)
    for tensor in ordered { tensor.elements.withBytes { digest.update($0) } }
    let place = 8 + beginning.utf8.count
    header.replaceSubrange(place..<place + StatedDigest.placeholder.utf8.count, with: digest.hexadecimal.utf8)
    return Layout(header: header, tensors: ordered, fileSize: header.count + dataSize)
  }

  /// The header's members for the tensors, each after a comma, and the size of all their data.
  private static func members(_ tensors: [Tensor]) throws(SafetensorsFlaw) -> (text: String, dataSize: Int) {
    var text = ""
    var end = 0
    var names: Set<String> = []
    for tensor in tensors {
      let name = tensor.name
      guard name != SafetensorsHeader.metadataName else { throw .reservedName(name) }
      guard names.insert(name).inserted else { throw .duplicateName(name) }
      guard tensor.shape.allSatisfy({ $0 >= 0 }) else { throw .tensor(name, .negativeNumber("shape")) }
      let type = tensor.elements.elementType
      guard let byteCount = type.byteCount(shape: tensor.shape) else { throw .tensor(name, .sizeOverflow) }
      let found = tensor.elements.count * type.width
      guard byteCount == found else { throw .tensor(name, .wrongSize(expected: byteCount, found: found)) }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      text += ",\(name.quotedForJSON):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],"
      text += "\"data_offsets\":[\(end),\(end + byteCount)]}"
      end += byteCount
    }
    return (text, end)
  }
}

extension String {
  /// The text as a JSON string: quotes, backslashes and control characters escaped, the rest as it is.
  fileprivate var quotedForJSON: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
