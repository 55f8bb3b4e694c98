import CharLM
import CharLMText
import RecurrentNN
import Testing

@Suite("A sample as an asynchronous sequence") struct SampledTextTests {
  @Test("its pieces are those of the stream, each time")
  func pieces() async throws {
    let model = try TestModel.language(.gru)
    let text = SampledText(model, length: 80, randomSeed: 4)
    let expected = Array(TextStream(model, length: 80, randomSeed: 4))
    for _ in 0..<2 {
      var pieces: [String] = []
      for await piece in text { pieces.append(piece) }
      #expect(pieces == expected && !pieces.isEmpty)
    }
  }

  @Test("it ends where its task is cancelled")
  func cancelled() async throws {
    let text = SampledText(try TestModel.language(.gru), length: .max, randomSeed: 4)
    let task = Task {
      var count = 0
      for await _ in text {
        count += 1
        if count == 5 { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
      }
      return count
    }
    #expect(await task.value == 5)
  }

  @Test("it may be read on the main actor, which it leaves for its work")
  @MainActor func mainActor() async throws {
    let text = SampledText(try TestModel.language(.lstm), length: 10, randomSeed: 4)
    var written = ""
    for await piece in text { written += piece }
    #expect(written == TextStream(try TestModel.language(.lstm), length: 10, randomSeed: 4).joined())
  }
}
