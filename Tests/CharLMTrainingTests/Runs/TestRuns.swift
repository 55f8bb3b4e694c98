import CharLMText
import RecurrentNN
import TestSupport

@testable import CharLM
@testable import CharLMData
@testable import CharLMTraining

/// A small training of a text of a few words, saved in a folder.
struct TestRun {
  var model = NetworkSettings(cell: .lstm, layers: 2, hidden: 16, embedding: 8, dropout: 0.2)
  var settings = TrainingSettings(
    batch: 4, bptt: 12, length: .steps(60),
    optimizer: OptimizerSettings(kind: .adamw, beta2: 0.99, weightDecay: 0.01),
    schedule: LearningRateSchedule(peak: 0.01, warmupStepCount: 3), randomSeed: 7, validationInterval: 10)
  let folder: ScratchFolder
  var data: TrainingData

  init(validationFraction: Double = 0.1) throws {
    folder = try ScratchFolder()
    var random = RandomValues(seed: 3)
    let words = ["the ", "cat ", "sat ", "on ", "a ", "mat.\n", "dogs ", "run "]
    let text = (0..<400).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined()
    let path = try folder.file("corpus.txt", text)
    data = TrainingData(
      try Corpus(paths: [path], settings: TextSettings(unit: .scalar), validation: .fraction(validationFraction)))
  }

  /// The file that the run of this name writes.
  func path(_ name: String) -> String { folder(name + ".safetensors") }

  func make(_ name: String = "run") -> TrainingRun {
    TrainingRun(data, network: model, settings: settings, modelPath: path(name), threadCount: 1)
  }

  func resume(_ name: String = "run", length: TrainingLength? = nil) throws -> TrainingRun {
    try TrainingRun(resuming: path(name), length: length, threadCount: 1)
  }
}

extension TrainingRun {
  /// Trains with a clock that stands still, until some step; gives what happened beside steps.
  @discardableResult
  func train(until step: Int = .max, observe: (TrainingEvent) -> Void = { _ in }) throws -> TrainingEnd {
    try run(clock: { 0 }, isInterrupted: { trainer.stepCount >= step }, observe: observe)
  }
}
