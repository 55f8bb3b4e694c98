import Testing

@testable import CharLM

@Suite("Memory that is a value") struct ValueBufferTests {
  @Test("a copy keeps what it had when the original is written, and the other way round")
  func copies() {
    var first = ValueBuffer([1, 2, 3] as [Int32])
    let second = first
    first.own()[1] = 7
    #expect((0..<3).map { first[$0] } == [1, 7, 3] && (0..<3).map { second[$0] } == [1, 2, 3])
    var third = first
    third.own()[0] = 9
    #expect(first[0] == 1 && third[0] == 9 && third[1] == 7 && third.count == 3)
  }

  @Test("it begins with zeros, and a sole owner writes in place")
  func place() {
    var buffer = ValueBuffer<Float>(count: 1000)
    let before = buffer.own()
    before[999] = 4
    #expect(buffer.own()[999] == 4 && buffer[0] == 0)
    buffer.prefetch(999)
  }
}
