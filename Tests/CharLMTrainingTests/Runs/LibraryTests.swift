import CharLM
import CharLMData
import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLMTraining

@Suite("First steps with the library") struct LibraryTests {
  @Test("a model is trained on a string, writes, measures, is saved and loaded")
  func firstSteps() throws {
    var statuses: [TrainingStatus] = []
    let model = try LanguageModel.train(
      on: ShortTraining.text, requested: ShortTraining.requested(steps: 60), threadCount: 1
    ) {
      statuses.append($0)
    }
    #expect(statuses.map(\.step) == Array(1...60) && statuses.allSatisfy { $0.stepCount == 60 })
    let (first, last) = (try #require(statuses.first?.trainNats), try #require(statuses.last?.trainNats))
    #expect(last < first - 0.3)
    let sample = try model.sample("the ", length: 20, randomSeed: 3)
    #expect(sample.hasPrefix("the ") && sample.count == 24)
    #expect(try model.sample("the ", length: 20, randomSeed: 3) == sample)
    let evaluation = try model.evaluate("a cat sat by the sea.")
    #expect(evaluation.sums.tokenCount == 20 && evaluation.bitsPerByte < 4)
    let folder = try ScratchFolder()
    try model.save(to: folder("cat.safetensors"))
    let loaded = try LanguageModel(path: folder("cat.safetensors"))
    #expect(try loaded.evaluate("a cat sat by the sea.") == evaluation)
    #expect(
      throws: CheckpointError.model(
        source: folder("cat.safetensors"), .wrongKind(expected: .transducer, found: .language))
    ) {
      try Transducer(path: folder("cat.safetensors"))
    }
  }

  @Test("a run in memory trains the model of a run that writes files, and writes none")
  func inMemory() throws {
    let folder = try ScratchFolder()
    let corpus = try Corpus(text: ShortTraining.text)
    let requested = ShortTraining.requested(steps: 25)
    let inMemory = try LanguageModel.train(on: corpus, requested: requested, threadCount: 2)
    #expect(folder.contents.isEmpty)
    let written = try LanguageModel.train(
      on: corpus, requested: requested, modelPath: folder("m.safetensors"), threadCount: 1)
    #expect(folder.contents.contains("m.safetensors") && folder.contents.contains("m.state"))
    for name in inMemory.snapshot.parameters.map(\.name) {
      #expect(inMemory.snapshot.values(named: name) == written.snapshot.values(named: name), "\(name)")
    }
  }

  @Test("a run in memory goes back to its last saved state where training diverges")
  func rollback() throws {
    let data = TrainingData(try Corpus(text: ShortTraining.text))
    let settings = try AutomaticSettings.settings(for: data, requested: ShortTraining.requested(steps: 40))
    let run = TrainingRun(data, network: settings.network, settings: settings.training, threadCount: 1)
    run.saveInterval = .steps(10)
    var isPoisoned = false
    run.trainer.onGradients = { step, gradients in
      // Six steps in a row, once: the run goes back and passes the place the second time.
      if step >= 20, step < 26, !isPoisoned { gradients.flat[0] = .nan }
      if step == 26 { isPoisoned = true }
    }
    var rollbacks: [Int] = []
    let end = try run.run { event in
      if case .rolledBack(_, let step, _) = event {
        rollbacks.append(step)
        isPoisoned = true
      }
    }
    #expect(end == .finished && rollbacks == [20])
  }

  @Test("cancelling the task ends the training")
  func cancelled() async throws {
    let text = ShortTraining.text
    let task = Task {
      try LanguageModel.train(on: text, requested: ShortTraining.requested(steps: 1_000_000), threadCount: 1) {
        status in
        if status.step == 3 { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

@Suite("Requested settings") struct RequestedSettingsTests {
  private static let data: Result<TrainingData, any Error> = Result {
    TrainingData(try Corpus(text: String(repeating: "the cat sat on the mat. a dog ran by the sea. ", count: 60)))
  }

  private func settings(_ request: (inout RequestedSettings) -> Void) throws -> RunSettings {
    var requested = RequestedSettings()
    request(&requested)
    return try AutomaticSettings.settings(for: Self.data.get(), requested: requested)
  }

  @Test("what is requested is what is trained with, also what follows from other settings")
  func kept() throws {
    let settings = try settings {
      $0[\.training.shards] = 1
      $0[\.training.validationInterval] = 7
      $0[\.training.batch] = 5
      $0[\.training.bptt] = 9
    }
    #expect(settings.training.shards == 1 && settings.training.validationInterval == 7)
    #expect(settings.training.batch == 5 && settings.training.bptt == 9)
  }

  @Test("settings that no run can have are refused, by name")
  func refused() {
    #expect(throws: SettingsError.outOfRange(OutOfRange(name: "layers", value: "0", range: "from 1 to 1000"))) {
      try settings { $0[\.network.layers] = 0 }
    }
    for (path, name) in [(\RunSettings.network.layers, "layers"), (\.network.hidden, "hidden")] {
      for value in [-1, 1 << 62] {
        let error = #expect(throws: SettingsError.self) { try settings { $0[path] = value } }
        #expect(error?.description.hasPrefix("\(name) is \(value); ") == true, "\(error as Any)")
      }
    }
    #expect(throws: SettingsError.outOfRange(OutOfRange(name: "batch", value: "0", range: "from 1 to 65536"))) {
      try settings { $0[\.training.batch] = 0 }
    }
    #expect(throws: SettingsError.bidirectionalLanguageModel) { try settings { $0[\.network.bidirectional] = true } }
  }
}
