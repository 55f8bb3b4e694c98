import Crypto
import Testing

@testable import CharLMFiles

/// Files written by hand, part by part, so that each can lie in one place.
enum RawFile {
  /// Length, header (padded with spaces to 8 bytes unless told otherwise) and data.
  static func bytes(_ header: String, data: [UInt8] = [], padded: Bool = true, length: UInt64? = nil) -> [UInt8] {
    var text = Array(header.utf8)
    while padded && text.count % 8 != 0 { text.append(0x20) }
    let length = length ?? UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + text + data
  }

  /// The flaw that reading `bytes` is refused with; nil where it is accepted.
  static func flaw(_ bytes: [UInt8]) -> SafetensorsFlaw? {
    do throws(SafetensorsError) {
      _ = try Safetensors(parsing: bytes, source: "f")
      return nil
    } catch {
      guard case .invalid("f", let flaw) = error else {
        Issue.record("refused with \(error)")
        return nil
      }
      return flaw
    }
  }

  /// A small file of every type and odd shapes.
  static let sample = Safetensors(
    metadata: [
      "": "empty key", "quotes": "\"\\/\u{8}\u{C}\n\r\t\0\u{1F}\u{7F}", "über": "e\u{301} é 👩‍👩‍👧 \u{10FFFF}",
      "empty": "",
    ],
    tensors: [
      .init(name: "wide", shape: [2], values: .float64([.pi, -.infinity])),
      .init(name: "long", shape: [1, 1, 2], values: .int64([.min, .max])),
      .init(
        name: "a \"b\"\n", shape: [2, 3],
        values: .float32([0, -0.0, 1, .greatestFiniteMagnitude, .infinity, .leastNonzeroMagnitude])),
      .init(name: "none", shape: [0, 5], values: .float32([])),
      .init(name: "int", shape: [3], values: .int32([.min, -1, .max])),
      .init(name: "scalar", shape: [], values: .uint8([7])),
      .init(name: "bytes", shape: [2], values: .uint8([0, 255])),
    ])
}
