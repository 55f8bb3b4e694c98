import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMData
@testable import CharLMFiles
@testable import CharLMTraining

@Suite("Means of models") struct ModelAverageTests {
  /// A model whose every parameter is a number, taken at a step.
  private func model(
    _ value: Float, step: Int, hidden: Int = 4, created: String = "2026-01-02T03:04:05Z", randomSeed: UInt64 = 1,
    layerNorm: Bool = false
  ) throws -> ModelSnapshot {
    let vocabulary = try Vocabulary(tokens: ["a", "b"].map { Token($0) })
    let tokenizer = Tokenizer(vocabulary: vocabulary, settings: TextSettings())
    let settings = NetworkSettings(hidden: hidden, embedding: 3, layerNorm: layerNorm)
    let store = NetworkWeights.emptyStore(settings, inputVocabulary: 2, outputVocabulary: 2)
    for layout in store.layouts {
      store.setValues([Float](repeating: value, count: layout.count), named: layout.name)
    }
    var record = TrainingRecord(
      settings: TrainingSettings(
        batch: 1, bptt: 1, length: .steps(9), schedule: LearningRateSchedule(peak: 0.1), randomSeed: randomSeed,
        validationInterval: 1), corpus: CorpusRecord())
    (record.steps, record.bestStep, record.bestValidNats) = (step, step, 1.5)
    return ModelSnapshot(
      kind: .language, created: created, settings: settings, tokenizer: tokenizer, outputTokenizer: tokenizer,
      training: record, parameters: store)
  }

  @Test("every parameter is the mean, and the record says of what")
  func mean() throws {
    let mean = try ModelSnapshot.average([
      ("a", try model(1, step: 10)), ("c", try model(6, step: 30)), ("b", try model(-1, step: 20)),
    ])
    for parameter in mean.parameters {
      #expect(mean.values(named: parameter.name).allSatisfy { $0 == 2 }, "\(parameter.name)")
    }
    #expect(mean.training.averagedSteps == [10, 20, 30])
    #expect(mean.training.steps == 30 && mean.training.bestStep == 30)
    #expect(mean.training.bestValidNats == nil)
  }

  @Test("the record of a mean goes through a file")
  func roundTrip() throws {
    let folder = try ScratchFolder()
    let mean = try ModelSnapshot.average([("a", try model(1, step: 10)), ("b", try model(6, step: 30))])
    try Checkpoint.write(mean, to: folder("mean.safetensors"))
    #expect(try Checkpoint.read(path: folder("mean.safetensors")).model.training == mean.training)
  }

  @Test("models of different runs are refused, unless they are to be averaged all the same")
  func runs() throws {
    let first = try model(1, step: 10)
    for (other, message) in [
      (try model(2, step: 10, created: "2026-02-02T03:04:05Z"), "begun 2026-01-02T03:04:05Z and 2026-02-02T03:04:05Z"),
      (try model(2, step: 10, randomSeed: 7), "with the random seeds 1 and 7"),
    ] {
      let error = #expect(throws: ModelMismatch.self) { _ = try ModelSnapshot.average([("a", first), ("b", other)]) }
      #expect(error?.description == "a and b differ: they are of different runs, " + message)
      let mean = try ModelSnapshot.average([("a", first), ("b", other)], acrossRuns: true)
      #expect(mean.values(named: "decoder.bias") == [1.5, 1.5])
    }
  }

  @Test("models of other sizes are refused in any case")
  func sizes() throws {
    let members = [("a", try model(1, step: 1)), ("b", try model(1, step: 2, hidden: 5))]
    let error = #expect(throws: ModelMismatch.self) { _ = try ModelSnapshot.average(members, acrossRuns: true) }
    #expect(error?.description == "a and b differ: the width of a layer is 4 in the one, 5 in the other")
  }

  @Test("models with and without normalized cells are refused, in both orders")
  func layerNorm() throws {
    let models = [("a", try model(1, step: 1)), ("b", try model(1, step: 2, layerNorm: true))]
    for members in [models, models.reversed()] {
      #expect(throws: ModelMismatch.self) { _ = try ModelSnapshot.average(members, acrossRuns: true) }
    }
  }

  @Test(
    "only the last models are kept, however the model's path is spelled",
    arguments: ["run.safetensors", "./run", "sub//run"])
  func kept(_ spelling: String) throws {
    let test = try TestRun()
    try Files.ensureWritableFolder(test.folder("sub"))
    let path = test.folder(spelling)
    let run = TrainingRun(test.data, network: test.model, settings: test.settings, modelPath: path, threadCount: 1)
    run.keptCount = 2
    try run.train()
    let kept = try Files.names(in: Files.folder(of: path), suffix: ".safetensors").filter { $0.contains(".step-") }
    #expect(kept == ["run.step-000050.safetensors", "run.step-000060.safetensors"])
    // Resumed from before, the run is on another branch than what was kept.
    let resumed = try TrainingRun(resuming: path, length: .steps(60), threadCount: 1)
    resumed.removeKeptModels(beyond: 55)
    #expect(
      KeptModels.paths(forModel: path, created: run.created).compactMap { KeptModels.origin(of: $0)?.step } == [50])
  }

  @Test("names of kept models say what they are of")
  func names() {
    let path = KeptModels.path(forModel: "models/x.safetensors", step: 120)
    #expect(path == "models/x.step-000120.safetensors")
    #expect(KeptModels.path(forModel: "x", step: 1_234_567) == "x.step-1234567.safetensors")
    #expect(KeptModels.pattern(forModel: "models/x.safetensors") == "models/x.step-*.safetensors")
    let origin = KeptModels.origin(of: path)
    #expect(origin?.modelPath == "models/x.safetensors" && origin?.step == 120)
    for other in ["x.safetensors", "x.step-12.safetensors", "x.step-000120.state", "step-000120.safetensors"] {
      #expect(KeptModels.origin(of: other) == nil, "\(other)")
    }
  }
}
