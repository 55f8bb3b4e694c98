import CharLM
import CharLMData
import CharLMTraining
import Foundation
import Testing

/// A model of text in an app: trained, watched, cancelled, sampled, measured, saved.
@Suite struct TextTests {
  private static let text = String(repeating: "the cat sat on the mat. a dog ran by the sea. ", count: 60)

  private static func requested(steps: Int) -> RequestedSettings {
    var requested = RequestedSettings()
    requested[\.training.length] = .steps(steps)
    requested[\.network.hidden] = 24
    return requested
  }

  private static let model = Result { try LanguageModel.train(on: text, requested: requested(steps: 60)) }

  private func temporaryPath(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID())-\(name)").path
  }

  @Test("a model is trained on a string, writes, measures, is saved and loaded")
  func firstSteps() throws {
    let model = try Self.model.get()
    let sample = try model.sample("the ", length: 30, randomSeed: 1)
    #expect(sample.hasPrefix("the ") && sample.count == 34)
    let evaluation = try model.evaluate("a cat sat by the sea.")
    #expect(evaluation.bitsPerByte < 4)
    let path = temporaryPath("cat.safetensors")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.save(to: path)
    #expect(try LanguageModel(path: path).evaluate("a cat sat by the sea.") == evaluation)
  }

  @Test("a training in the background shows its progress and gives its model")
  func training() async throws {
    let training = LanguageModel.trainingTask(on: Self.text, requested: Self.requested(steps: 20))
    var last: TrainingStatus?
    for await status in training.progress { last = status }
    #expect(last?.step == 20 && last?.stepCount == 20 && last?.trainNats != nil)
    #expect(try await training.model.evaluate("the cat").bitsPerByte > 0)
  }

  @Test("a training that is cancelled is resumed from its file")
  func resumed() async throws {
    let path = temporaryPath("m.safetensors")
    let source = temporaryPath("text.txt")
    defer {
      for file in [path, source, path.replacing(".safetensors", with: ".state")] {
        try? FileManager.default.removeItem(atPath: file)
      }
    }
    try Self.text.write(toFile: source, atomically: true, encoding: .utf8)
    let corpus = try Corpus(paths: [source])
    let first = LanguageModel.trainingTask(on: corpus, requested: Self.requested(steps: 200), modelPath: path)
    for await status in first.progress where status.step >= 2 { first.cancel() }
    await #expect(throws: CancellationError.self) { try await first.model }
    let second = TrainingTask { try TrainingRun(resuming: path, threadCount: 1) }
    var steps: [Int] = []
    for await status in second.progress { steps.append(status.step) }
    #expect(steps.last == 200)
    #expect(try await second.model.sample("the", length: 5, randomSeed: 1).hasPrefix("the"))
  }

  @Test("a sample comes piece by piece, and ends where its task is cancelled")
  func sampled() async throws {
    let model = try Self.model.get()
    var text = ""
    for await piece in try model.sampledText(continuing: "the ", length: 30, randomSeed: 1) { text += piece }
    #expect(text == (try model.sample("the ", length: 30, randomSeed: 1)))
    let endless = Task {
      var count = 0
      for await piece in try model.sampledText(length: .max) { count += piece.count }
      return count
    }
    try await Task.sleep(for: .milliseconds(50))
    endless.cancel()
    #expect(try await endless.value > 0)
  }

  @Test("many tasks share a model")
  func shared() async throws {
    let model = try Self.model.get()
    let texts = try await withThrowingTaskGroup(of: (UInt64, String).self) { group in
      for seed in UInt64(1)...8 {
        group.addTask { (seed, try model.sample("a ", length: 20, randomSeed: seed)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (seed, text) in texts { #expect(try model.sample("a ", length: 20, randomSeed: seed) == text) }
  }

  @Test("errors say what is wrong, with what")
  func errors() throws {
    let missing = #expect(throws: CheckpointError.self) { try LanguageModel(path: "/nowhere/m.safetensors") }
    #expect(missing?.description.contains("/nowhere/m.safetensors") == true)
    #expect(throws: (any Error).self) { try Self.model.get().sample("☃", length: 3) }
  }
}
