import Crypto
import TestSupport
import Testing

@testable import CharLMFiles

@Suite("Safetensors, written and read") struct SafetensorsRoundTripTests {
  @Test("what is written is read, with its checksum verified")
  func roundTrip() throws {
    let sample = RawFile.sample
    let read = try Safetensors(parsing: sample.serialized(), source: "f")
    #expect(read.metadata == sample.metadata)
    #expect(read.tensors == sample.tensors)
    #expect(read.checksum == .verified)
    // Equality of strings is blind to normalization: the scalars are what must survive.
    for (key, value) in sample.metadata {
      #expect(read.metadata[key].map { Array($0.unicodeScalars) } == Array(value.unicodeScalars))
    }
    #expect(try read.serialized() == sample.serialized())
  }

  @Test("values survive bit by bit, NaN's payload and the sign of zero too")
  func bits() throws {
    let floats = [0x7FC0_0001, 0xFF80_0001, 0x8000_0000, 1].map { Float(bitPattern: $0) }
    let doubles = [0x7FF8_0000_0000_0001, 0x8000_0000_0000_0000].map { Double(bitPattern: $0) }
    let content = Safetensors(tensors: [
      .init(name: "f", shape: [4], values: .float32(floats)), .init(name: "d", shape: [2], values: .float64(doubles)),
    ])
    let read = try Safetensors(parsing: content.serialized(), source: "f")
    guard case .float32(let readFloats) = read.tensor(named: "f")?.values,
      case .float64(let readDoubles) = read.tensor(named: "d")?.values
    else { throw FileError.notFound(path: "tensor") }
    #expect(readFloats.map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(readDoubles.map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(read.tensor(named: "g") == nil)
  }

  @Test("a file has the bytes of memory, keeps its predecessor, and gives its metadata alone")
  func files() throws {
    let folder = try ScratchFolder()
    let sample = RawFile.sample
    try sample.write(to: folder("m"))
    #expect(try Files.read(folder("m")) == sample.serialized())
    #expect(try Safetensors.read(path: folder("m")).tensors == sample.tensors)
    #expect(try Safetensors.readMetadata(path: folder("m")) == sample.metadata)
    try Safetensors(metadata: ["a": "b"]).write(to: folder("m"), keepingPreviousAs: folder("m.previous"))
    #expect(try Safetensors.readMetadata(path: folder("m")) == ["a": "b"])
    #expect(try Safetensors.read(path: folder("m.previous")).tensors == sample.tensors)
    #expect(folder.contents == ["m", "m.previous"])
  }

  @Test("the errors of files are passed on")
  func fileErrors() throws {
    let folder = try ScratchFolder()
    let path = folder("m")
    #expect(throws: SafetensorsError.file(.notFound(path: path))) { try Safetensors.read(path: path) }
    #expect(throws: SafetensorsError.file(.notFound(path: path))) { try Safetensors.readMetadata(path: path) }
    #expect(throws: SafetensorsError.file(.notFound(path: path))) { try RawFile.sample.write(to: path + "/m") }
    #expect(throws: SafetensorsError.file(.isFolder(path: folder.path))) { try Safetensors.read(path: folder.path) }
    try folder.file("m", "short")
    #expect(throws: SafetensorsError.invalid(source: path, .tooShort(byteCount: 5))) {
      try Safetensors.readMetadata(path: path)
    }
  }

  @Test("wider elements come first, each tensor at a multiple of its element's size, else in the given order")
  func alignment() throws {
    let tensors = ["b", "a"].flatMap { name in
      [
        Safetensors.Tensor(name: name + "1", shape: [1], values: .uint8([1])),
        .init(name: name + "4", shape: [1], values: .float32([1])),
        .init(name: name + "8", shape: [1], values: .int64([1])),
      ]
    }
    let bytes = try Safetensors(tensors: tensors).serialized()
    let header = try SafetensorsHeader(bytes, fileSize: bytes.count)
    #expect(header.entries.map(\.name) == ["b8", "a8", "b4", "a4", "b1", "a1"])
    #expect(header.dataStart % 8 == 0)
    for entry in header.entries { #expect(entry.data.lowerBound % entry.type.width == 0, "\(entry.name)") }
  }

  @Test("the checksum is the SHA-256 of the file with its digits as zeros, and replaces any given one")
  func checksum() throws {
    let bytes = try Safetensors(metadata: ["sha256": "a lie", "k": "v"]).serialized()
    let read = try Safetensors(parsing: bytes, source: "f")
    #expect(read.metadata == ["k": "v"])
    let place = 8 + Array("{\"__metadata__\":{\"sha256\":\"".utf8).count
    var zeroed = bytes
    zeroed.replaceSubrange(place..<place + 64, with: [UInt8](repeating: UInt8(ascii: "0"), count: 64))
    var hash = SHA256()
    // Safe: the bytes of a live array.
    unsafe zeroed.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    let digits = hash.finalize().map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined()
    #expect(bytes[place..<place + 64].elementsEqual(digits.utf8))
  }

  @Test("a file without a checksum is read, and says so", arguments: ["{}", #"{"__metadata__":{"k":"v"}}"#])
  func withoutChecksum(header: String) throws {
    let read = try Safetensors(parsing: RawFile.bytes(header), source: "f")
    #expect(read.checksum == .absent)
    #expect(read.tensors.isEmpty)
  }

  /// Byte by byte what the Python package `safetensors` 0.8.0 writes for a = [[1, -2]] (F32), b = 7 (U8), {"k": "v"}.
  private let golden: [UInt8] =
    [0x88, 0, 0, 0, 0, 0, 0, 0]
    + Array(
      (#"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}"#).utf8)
    + [0x20, 0x20, 0x20, 0x20]
    + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 7]

  @Test("the reference's bytes are read")
  func goldenFile() throws {
    let read = try Safetensors(parsing: golden, source: "f")
    #expect(read.metadata == ["k": "v"])
    #expect(
      read.tensors == [
        .init(name: "a", shape: [1, 2], values: .float32([1, -2])), .init(name: "b", shape: [], values: .uint8([7])),
      ])
  }

  @Test("the written bytes are the reference's, with the checksum added")
  func goldenWriting() throws {
    let read = try Safetensors(parsing: golden, source: "f")
    let bytes = try read.serialized()
    let header = try #require(String(validating: bytes[8..<bytes.count - 9], as: UTF8.self))
    let digits = header.dropFirst(27).prefix(64)
    #expect(
      header.prefix { $0 != " " }
        == #"{"__metadata__":{"sha256":"\#(digits)","k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}"#)
    #expect(bytes.suffix(9) == golden.suffix(9))
    #expect(header.utf8.count % 8 == 0)
  }

  @Test("F16 and BF16 are widened to float32, exactly")
  func halves() throws {
    let header =
      #"{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[6,10]}}"#
    let bytes = RawFile.bytes(header, data: [0x00, 0x3C, 0x01, 0x80, 0x00, 0xFC, 0x80, 0x3F, 0x49, 0xC0])
    let read = try Safetensors(parsing: bytes, source: "f")
    #expect(read.tensor(named: "h")?.values == .float32([1, -0x1p-24, -.infinity]))
    #expect(read.tensor(named: "b")?.values == .float32([1, -3.140625]))
  }

  #if !(os(macOS) && arch(x86_64))
    @Test("each of the 65,536 half floats is widened as the processor does it")
    func everyHalf() {
      for bits in UInt16.min ... .max {
        let (widened, expected) = (Float(float16Bits: bits), Float(Float16(bitPattern: bits)))
        // The processor makes a signalling NaN quiet; here the payload stays.
        if expected.isNaN {
          #expect(widened.isNaN && widened.sign == expected.sign, "\(bits)")
        } else {
          #expect(widened.bitPattern == expected.bitPattern, "\(bits)")
        }
      }
    }
  #endif
}
