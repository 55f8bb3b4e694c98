import Testing

@testable import TrainingWatch

/// The bytes of TensorBoard's files; `Scripts/check-tensorboard` reads whole files with TensorBoard itself.
@Suite struct TensorBoardTests {
  @Test(
    "CRC-32C gives the values of RFC 3720, B.4",
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA), ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      ([UInt8](0..<32), 0x46DD_794E), ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
      ([UInt8]("123456789".utf8), 0xE306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func check(_ bytes: [UInt8], _ expected: UInt32) {
    #expect(CRC32C.check(bytes) == expected)
  }

  @Test("a record is length, check, data, check")
  func framing() {
    let data = TensorBoardEvent.version(at: 1)
    let record = RecordFraming.record(data)
    #expect(Array(record.prefix(8)) == [UInt8(data.count), 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(record[12..<12 + data.count]) == data)
    #expect(record.count == data.count + 16)
    #expect(Array(record.suffix(4)) == RecordFraming.littleEndian(CRC32C.masked(data)))
    let (check, masked) = (CRC32C.check(data), CRC32C.masked(data))
    #expect(masked &- 0xA282_EAD8 == check >> 15 | check << 17)
  }

  @Test("events are these bytes")
  func events() {
    let time: [UInt8] = [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F]  // field 1, double 1.5
    #expect(TensorBoardEvent.version(at: 1.5) == time + [0x1A, 13] + Array("brain.Event:2".utf8))
    let value: [UInt8] = [0x0A, 1, 0x61, 0x15, 0, 0, 0x20, 0x40]  // tag "a", float 2.5
    #expect(
      TensorBoardEvent.scalars([("a", 2.5)], at: 1.5, step: 300)
        == time + [0x10, 0xAC, 0x02, 0x2A, 10, 0x0A, 8] + value)
    #expect(TensorBoardEvent.restart(at: 1.5, step: 7) == time + [0x10, 7, 0x3A, 2, 0x08, 1])
  }

  @Test(
    "text is indented line by line, whatever ends the lines",
    arguments: [("a\nb", "    a\n    b"), ("a\r\n\r\nb", "    a\r\n    \r\n    b"), ("", "    ")])
  func literal(_ text: String, _ expected: String) {
    #expect(Array(TensorBoardWriter.literal(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test("figures that were not measured have no tag")
  func tags() {
    var point = RunPoint(step: 3)
    point.trainNats = 2
    point.learningRate = 0.5
    #expect(TensorBoardWriter.scalars(point).map(\.tag) == ["loss/train", "learning_rate"])
  }
}
