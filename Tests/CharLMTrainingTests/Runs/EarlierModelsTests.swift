import CharLM
import TestSupport
import Testing

@testable import CharLMFiles
@testable import CharLMTraining

@Suite("Models of earlier runs") struct EarlierModelsTests {
  @Test("ten tries in one place leave ten models, each with its state, and each can be resumed")
  func tenTries() throws {
    let test = try TestRun()
    var models: [[UInt8]] = []
    for step in 1...10 {
      // Some reach their end, some are interrupted.
      try test.make().train(until: step % 2 == 0 ? step : .max)
      models.append(try Files.read(test.path("run")))
    }
    #expect(Set(models).count == 10)
    for (number, model) in models.dropLast().enumerated() {
      #expect(try Files.read(test.path("run.\(number + 1)")) == model)
      let resumed = try test.resume("run.\(number + 1)")
      #expect(Checkpoint.summary(path: test.path("run.\(number + 1)"))?.created == resumed.created)
    }
    #expect(folderCount(test, ".state") == 10 && folderCount(test, ".lock") == 0)
  }

  private func folderCount(_ test: TestRun, _ suffix: String) -> Int {
    test.folder.contents.count { $0.hasSuffix(suffix) }
  }

  @Test("a run that is killed before its first save leaves the model in its place")
  func killed() throws {
    let test = try TestRun()
    try test.make().train()
    let model = try Files.read(test.path("run"))
    for _ in 0..<3 { try test.make().saveState(at: 0) }
    #expect(try Files.read(test.path("run")) == model)
    // Its state has a number already, which the model gets, too; the states of no step are not kept.
    try test.make().train()
    #expect(try Files.read(test.path("run.1")) == model)
    #expect(test.folder.contents == ["corpus.txt", "run.1.safetensors", "run.1.state", "run.safetensors", "run.state"])
    #expect(try test.resume("run.1").record.steps == 60)
  }

  @Test("a file that is no model is kept, too, and one of no step is not")
  func others() throws {
    let test = try TestRun()
    try test.folder.file("run.safetensors", "a letter")
    let first = test.make()
    #expect(EarlierModel(atModelPath: test.path("run"))?.keptPath == test.path("run.1"))
    try first.train(until: 0)
    #expect(try text(of: test.path("run.1")) == "a letter")
    #expect(EarlierModel(atModelPath: test.path("run")) == nil)
    try test.make().train()
    #expect(test.folder.contents == ["corpus.txt", "run.1.safetensors", "run.safetensors", "run.state"])
  }

  @Test("the models that a run kept get its number, with their steps")
  func keptModels() throws {
    let test = try TestRun()
    for _ in 0..<3 {
      let run = test.make()
      run.keptCount = 2
      try run.train()
    }
    for name in ["run", "run.1", "run.2"] {
      let created = try #require(Checkpoint.summary(path: test.path(name))?.created)
      #expect(
        KeptModels.paths(forModel: test.path(name), created: created)
          == [test.path(name + ".step-000050"), test.path(name + ".step-000060")])
    }
  }

  @Test("an overwriting run keeps nothing")
  func overwriting() throws {
    let test = try TestRun()
    try test.make().train()
    let run = test.make()
    run.isOverwriting = true
    try run.train()
    #expect(test.folder.contents == ["corpus.txt", "run.safetensors", "run.state"])
  }

  @Test("which model is better is seen by the loss on the same text, else by the tokens trained")
  func advantage() throws {
    let test = try TestRun()
    let first = test.make()
    try first.train()
    let earlier = try #require(EarlierModel(atModelPath: test.path("run")))
    let second = test.make()
    try second.train(until: 15)
    let (old, new) = try (#require(first.record.bestValidNats), #require(second.record.bestValidNats))
    #expect(earlier.advantage(over: second) == .loss(earlier: old, this: new))
    #expect(EarlierModel(atModelPath: test.path("run"))?.advantage(over: first) == nil)
    let otherTest = try TestRun(validationFraction: 0.2)
    let other = otherTest.make()
    try other.train(until: 5)
    #expect(
      earlier.advantage(over: other)
        == .tokens(earlier: first.record.trainedTokens, this: other.record.trainedTokens))
  }

  @Test("a model that could not be kept is reported, and the run goes on")
  func keepFails() throws {
    let test = try TestRun()
    // A folder where the model of step 20 belongs.
    try Files.ensureWritableFolder(KeptModels.path(forModel: test.path("run"), step: 20))
    let run = test.make()
    run.keptCount = 10
    var failures: [TrainingFailure] = []
    let end = try run.train { if case .saveFailed(let error) = $0 { failures.append(error) } }
    #expect(end == .finished)
    #expect(
      failures == [.checkpoint(.file(.isFolder(path: KeptModels.path(forModel: test.path("run"), step: 20))))])
    #expect(KeptModels.paths(forModel: test.path("run"), created: run.created).count == 5)
  }
}
