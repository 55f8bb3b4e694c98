import CharLM
import CharLMData
import CharLMTraining
import TestSupport
import Testing

@Suite("A training in a thread of its own") struct TrainingTaskTests {
  @Test("its progress comes to an end, and its model is that of a training in the caller's thread")
  func model() async throws {
    let training = LanguageModel.trainingTask(
      on: ShortTraining.text, requested: ShortTraining.requested(steps: 40), threadCount: 1)
    var steps: [Int] = []
    for await status in training.progress { steps.append(status.step) }
    #expect(steps == steps.sorted() && steps.last == 40)
    let model = try await training.model
    let same = try LanguageModel.train(
      on: ShortTraining.text, requested: ShortTraining.requested(steps: 40), threadCount: 1)
    for name in same.snapshot.parameters.map(\.name) {
      #expect(model.snapshot.values(named: name) == same.snapshot.values(named: name), "\(name)")
    }
  }

  @Test("cancelled, it ends, and a run that writes files goes on from them as if nothing had happened")
  func cancelled() async throws {
    let folder = try ScratchFolder()
    let path = folder("m.safetensors")
    let corpus = try Corpus(text: ShortTraining.text)
    let training = LanguageModel.trainingTask(
      on: corpus, requested: ShortTraining.requested(steps: 1_000_000), modelPath: path, threadCount: 1)
    for await status in training.progress where status.step >= 3 { training.cancel() }
    await #expect(throws: CancellationError.self) { try await training.model }
    #expect(folder.contents.contains("m.state"))
  }

  @Test("the cancellation of the task that waits for the model is the training's")
  func waiter() async throws {
    let training = LanguageModel.trainingTask(
      on: ShortTraining.text, requested: ShortTraining.requested(steps: 1_000_000))
    let waiter = Task { try await training.model }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
    for await _ in training.progress {}
  }

  @Test("an error in making the run is the model's")
  func failure() async throws {
    let training = LanguageModel.trainingTask(on: "abc")
    await #expect(throws: CorpusError.self) { try await training.model }
    for await _ in training.progress {}
  }
}
