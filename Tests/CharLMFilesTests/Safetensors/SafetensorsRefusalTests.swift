import TestSupport
import Testing

@testable import CharLMFiles

@Suite("Safetensors, refused") struct SafetensorsRefusalTests {
  @Test("a file cut at any length is refused")
  func cuts() throws {
    let bytes = try RawFile.sample.serialized()
    for count in 0..<bytes.count {
      #expect(RawFile.flaw(Array(bytes[..<count])) != nil, "the first \(count) of \(bytes.count) bytes")
    }
  }

  @Test("a file with any byte changed is refused; renaming the key 'sha256' itself is reported as unverified")
  func changes() throws {
    let bytes = try RawFile.sample.serialized()
    let key = 8 + "{\"__metadata__\":{\"".utf8.count
    for position in bytes.indices {
      for change in [0x01, 0x20, 0x80] as [UInt8] {
        var damaged = bytes
        damaged[position] ^= change
        let read = try? Safetensors(parsing: damaged, source: "f")
        if key..<key + 6 ~= position {
          #expect(read?.checksum != .verified, "byte \(position) of the key, change \(change)")
        } else {
          #expect(read == nil, "byte \(position), change \(change)")
        }
      }
    }
  }

  @Test("two bytes exchanged anywhere side by side are refused")
  func exchanges() throws {
    let bytes = try RawFile.sample.serialized()
    for position in 1..<bytes.count where bytes[position] != bytes[position - 1] {
      var damaged = bytes
      damaged.swapAt(position, position - 1)
      #expect((try? Safetensors(parsing: damaged, source: "f"))?.checksum != .verified, "byte \(position)")
    }
  }

  @Test(
    "a header's length that lies has its own error",
    arguments: [
      (RawFile.bytes("{}", length: 9), SafetensorsFlaw.headerCutOff(byteCount: 9, available: 8)),
      (RawFile.bytes("{}", length: 100_000_000), .headerCutOff(byteCount: 100_000_000, available: 8)),
      (RawFile.bytes("{}", length: 100_000_001), .headerTooLarge(byteCount: 100_000_001, limit: 100_000_000)),
      (RawFile.bytes("{}", length: .max), .headerTooLarge(byteCount: .max, limit: 100_000_000)),
      (RawFile.bytes("{}", length: 1 << 63), .headerTooLarge(byteCount: 1 << 63, limit: 100_000_000)),
      (RawFile.bytes("{}", length: 0), .headerNotObject),
      (RawFile.bytes("{}", length: 1), .json(.unexpectedEnd, offset: 1)),
      (RawFile.bytes("{}", data: [1, 2]), .trailingBytes(count: 2)),
      ([], .tooShort(byteCount: 0)),
      ([0, 0, 0, 0, 0, 0, 0], .tooShort(byteCount: 7)),
      ([0, 0, 0, 0, 0, 0, 0, 0], .headerNotObject),
    ])
  func lengths(bytes: [UInt8], flaw: SafetensorsFlaw) {
    #expect(RawFile.flaw(bytes) == flaw)
  }

  @Test(
    "a header that breaks a rule of the whole has its own error",
    arguments: [
      (#"[]"#, SafetensorsFlaw.headerNotObject), (#" {}"#, .headerNotObject), (#""a""#, .headerNotObject),
      (#"{"__metadata__":[]}"#, .metadataNotObject), (#"{"__metadata__":"a"}"#, .metadataNotObject),
      (#"{"__metadata__":{"a":1}}"#, .metadataNotString(key: "a")),
      (#"{"__metadata__":{"a":{}}}"#, .metadataNotString(key: "a")),
      (#"{"__metadata__":{"a":"1","a":"1"}}"#, .duplicateName("a")),
      (#"{"__metadata__":{"a":"1","\u0061":"1"}}"#, .duplicateName("a")),
      (#"{"__metadata__":{"é":"1","é":"1"}}"#, .duplicateName("é")),
      (#"{"__metadata__":{},"__metadata__":{}}"#, .duplicateName("__metadata__")),
      (#"{"__metadata__":{"sha256":"00"}}"#, .malformedChecksum("00")),
      (#"{"__metadata__":{"sha256":1}}"#, .metadataNotString(key: "sha256")),
      (#"{} {}"#, .json(.unexpectedByte(UInt8(ascii: "{")), offset: 3)),
      (#"{"a":[[[[[[[[1]]]]]]]]}"#, .json(.tooDeep(limit: 8), offset: 12)),
    ])
  func wholes(header: String, flaw: SafetensorsFlaw) {
    #expect(RawFile.flaw(RawFile.bytes(header)) == flaw)
  }

  @Test(
    "an entry that breaks a rule names its tensor",
    arguments: [
      (#"1"#, TensorFlaw.entryNotObject), (#"[]"#, .entryNotObject),
      (#"{"shape":[],"data_offsets":[0,4]}"#, .missingField("dtype")),
      (#"{"dtype":"F32","data_offsets":[0,4]}"#, .missingField("shape")),
      (#"{"dtype":"F32","shape":[]}"#, .missingField("data_offsets")),
      (#"{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}"#, .unknownField("x")),
      (#"{"dtype":1,"shape":[],"data_offsets":[0,4]}"#, .wrongField("dtype")),
      (#"{"dtype":"F32","shape":4,"data_offsets":[0,4]}"#, .wrongField("shape")),
      (#"{"dtype":"F32","shape":["4"],"data_offsets":[0,4]}"#, .wrongField("shape")),
      (#"{"dtype":"F32","shape":[],"data_offsets":{}}"#, .wrongField("data_offsets")),
      (#"{"dtype":"F32","shape":[],"data_offsets":[0]}"#, .wrongField("data_offsets")),
      (#"{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}"#, .wrongField("data_offsets")),
      (#"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#, .negativeNumber("shape")),
      (#"{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}"#, .negativeNumber("shape")),
      (#"{"dtype":"F32","shape":[],"data_offsets":[-4,0]}"#, .negativeNumber("data_offsets")),
      (#"{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}"#, .unknownType("F8_E4M3")),
      (#"{"dtype":"f32","shape":[1],"data_offsets":[0,4]}"#, .unknownType("f32")),
      (#"{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}"#, .sizeOverflow),
      (#"{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,4]}"#, .sizeOverflow),
      (#"{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#, .offsetsReversed),
      (#"{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#, .wrongSize(expected: 8, found: 4)),
      (#"{"dtype":"F32","shape":[0],"data_offsets":[0,4]}"#, .wrongSize(expected: 0, found: 4)),
      (#"{"dtype":"F64","shape":[],"data_offsets":[0,4]}"#, .wrongSize(expected: 8, found: 4)),
      (#"{"dtype":"F32","shape":[],"data_offsets":[4,8]}"#, .hole(expected: 0, found: 4)),
    ])
  func entries(entry: String, flaw: TensorFlaw) {
    let bytes = RawFile.bytes("{\"t\":\(entry)}", data: [0, 0, 0, 0])
    #expect(RawFile.flaw(bytes) == .tensor("t", flaw))
  }

  @Test(
    "tensors must cover the data without holes, overlaps and rest",
    arguments: [
      ([0, 4], [4, 8], 8, nil), ([4, 8], [0, 4], 8, nil),
      ([4, 8], [0, 8], 8, .tensor("b", .wrongSize(expected: 4, found: 8))),
      ([0, 4], [0, 4], 4, .tensor("b", .overlap(expected: 4, found: 0))),
      ([0, 4], [2, 6], 6, .tensor("b", .overlap(expected: 4, found: 2))),
      ([2, 6], [0, 4], 6, .tensor("a", .overlap(expected: 4, found: 2))),
      ([0, 4], [5, 9], 9, .tensor("b", .hole(expected: 4, found: 5))),
      ([0, 4], [4, 8], 7, .dataCutOff(expected: 8, found: 7)), ([0, 4], [4, 8], 9, .trailingBytes(count: 1)),
      (
        [0, 4], [9_223_372_036_854_775_803, 9_223_372_036_854_775_807], 8,
        .tensor("b", .hole(expected: 4, found: 9_223_372_036_854_775_803))
      ),
    ] as [([Int], [Int], Int, SafetensorsFlaw?)])
  func coverage(a: [Int], b: [Int], dataSize: Int, flaw: SafetensorsFlaw?) {
    let entries = [("a", a), ("b", b)].map { name, offsets in
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":\(offsets)}"
    }
    let bytes = RawFile.bytes("{\(entries.joined(separator: ","))}", data: [UInt8](repeating: 0, count: dataSize))
    #expect(RawFile.flaw(bytes) == flaw)
  }

  @Test("a name that occurs twice is refused, and not the last one taken")
  func duplicates() {
    let entry = #""t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#
    #expect(RawFile.flaw(RawFile.bytes("{\(entry),\(entry)}", data: [1])) == .duplicateName("t"))
    let field = #"{"t":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    #expect(RawFile.flaw(RawFile.bytes(field, data: [1])) == .duplicateName("dtype"))
  }

  @Test("a checksum that does not fit tells both digests; uppercase or escaped digits are refused")
  func checksums() {
    let zeros = String(repeating: "0", count: 64)
    let header = { (digits: String) in RawFile.bytes("{\"__metadata__\":{\"sha256\":\"\(digits)\"}}") }
    guard case .checksumMismatch(zeros, let computed)? = RawFile.flaw(header(zeros)) else {
      Issue.record("\(String(describing: RawFile.flaw(header(zeros))))")
      return
    }
    #expect(RawFile.flaw(header(computed)) == nil)
    #expect(computed.contains { $0.isLetter })
    #expect(RawFile.flaw(header(computed.uppercased())) == .malformedChecksum(computed.uppercased()))
    let escaped = "\\u003" + String(computed.prefix(1)) + computed.dropFirst()
    #expect(RawFile.flaw(header(escaped)) != nil)
    #expect(RawFile.flaw(header("\\u0030" + zeros.dropFirst())) == .malformedChecksum(zeros))
  }

  @Test("whatever random damage leaves readable can be written and read again", arguments: 1...8 as ClosedRange<UInt64>)
  func randomDamage(seed: UInt64) throws {
    let entries =
      #""b":{"dtype":"U8","shape":[1,3],"data_offsets":[8,11]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
    let bytes = RawFile.bytes(#"{"__metadata__":{"k":"\u0041\n"},\#(entries)}"#, data: Array(0..<11))
    var state = seed
    for attempt in 0..<500 {
      var damaged = bytes
      for _ in 0...attempt % 3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        damaged[Int(state >> 33) % bytes.count] = bytes[Int(state >> 40) % bytes.count]
      }
      guard let read = try? Safetensors(parsing: damaged, source: "f") else { continue }
      let again = try Safetensors(parsing: read.serialized(), source: "f")
      #expect(again.metadata == read.metadata, "attempt \(attempt)")
      #expect(again.tensors.count == read.tensors.count, "attempt \(attempt)")
    }
  }

  @Test(
    "what the reader would refuse is not written",
    arguments: [
      ([.init(name: "t", shape: [2], values: .float32([1]))], .tensor("t", .wrongSize(expected: 8, found: 4))),
      ([.init(name: "t", shape: [-1], values: .uint8([]))], .tensor("t", .negativeNumber("shape"))),
      ([.init(name: "t", shape: [.max, 2], values: .uint8([]))], .tensor("t", .sizeOverflow)),
      ([.init(name: "__metadata__", shape: [], values: .uint8([1]))], .reservedName("__metadata__")),
      (
        [.init(name: "é", shape: [0], values: .uint8([])), .init(name: "e\u{301}", shape: [0], values: .uint8([]))],
        .duplicateName("é")
      ),
    ] as [([Safetensors.Tensor], SafetensorsFlaw)])
  func writing(tensors: [Safetensors.Tensor], flaw: SafetensorsFlaw) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("m", "old")
    let content = Safetensors(tensors: tensors)
    #expect(throws: SafetensorsError.invalid(source: path, flaw)) { try content.write(to: path) }
    #expect(throws: SafetensorsError.self) { try content.serialized() }
    #expect(try text(of: path) == "old")
  }

  @Test("too large a header is not written")
  func largeHeader() throws {
    // {"__metadata__":{"sha256":"…64…","k":"v"}} has 102 bytes, padded to 104.
    let content = Safetensors(metadata: ["k": "v"])
    #expect(try content.serialized(headerSizeLimit: 104).count == 112)
    let flaw = SafetensorsFlaw.headerTooLarge(byteCount: 104, limit: 103)
    #expect(throws: SafetensorsError.invalid(source: "safetensors content", flaw)) {
      try content.serialized(headerSizeLimit: 103)
    }
  }

  @Test(
    "each error names the file and what is wrong",
    arguments: [
      (SafetensorsError.file(.notFound(path: "m")), "m: no such file or folder"),
      (.invalid(source: "m", .tooShort(byteCount: 3)), "m: not a safetensors file: only 3 bytes"),
      (.invalid(source: "m", .trailingBytes(count: 3)), "m: 3 bytes follow the last tensor"),
      (
        .invalid(source: "m", .tensor("w", .unknownType("F8"))),
        "m: tensor 'w': elements of type 'F8' are not read (F64, F32, F16, BF16, I64, I32 and U8 are)"
      ),
      (.invalid(source: "m", .json(.unexpectedByte(0), offset: 2)), "m: the header, byte 2: unexpected byte 0x0"),
      (.invalid(source: "m", .json(.unexpectedByte(0x7D), offset: 2)), "m: the header, byte 2: unexpected '}'"),
    ])
  func descriptions(error: SafetensorsError, expected: String) {
    #expect(error.description == expected)
  }
}
