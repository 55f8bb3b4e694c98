import CharLMFiles
import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMData
@testable import CharLMTraining

/// Networks that learn from others.
@Suite struct TeacherTests {
  /// A run with two teachers that were trained a little, and are at their paths.
  private func taughtRun(weight: Float = 0.9) throws -> TestRun {
    var run = try TestRun()
    run.settings.length = .steps(30)
    var teachers: [(path: String, model: LanguageModel)] = []
    for (number, cell) in [CellKind.lstm, .gru].enumerated() {
      var other = run
      other.model.cell = cell
      other.settings.randomSeed = UInt64(number + 100)
      try other.make("teacher\(number)").train()
      teachers.append((run.path("teacher\(number)"), try LanguageModel(path: run.path("teacher\(number)"))))
    }
    run.data = try run.data.taught(by: teachers, weight: weight, threadCount: 2)
    return run
  }

  @Test("the predictions are the likeliest tokens of the teachers' mean")
  func predictions() throws {
    let run = try taughtRun()
    let teacher = try #require(run.data.teacher)
    let text = try #require(run.data.trainingText)
    let tokens = Buffer<TokenID>(count: text.count)
    try tokens.view.copy(0..<text.count, of: text)
    let ensemble = try Ensemble(
      teacher.distillation.teachers.map { ($0.path, try LanguageModel(path: $0.path)) })
    var stream = ensemble.makeStream()
    let outcomes = Buffer<SoftTargets.Outcome>(count: teacher.outcomeCount)
    for place in 0..<text.count - 1 {
      stream.read(tokens.view[place])
      let probabilities = stream.logProbabilities.map { exponential($0) }
      teacher.copy(place, to: outcomes.view)
      let told = (0..<outcomes.count).map { outcomes.view[$0] }
      #expect(Set(told.map(\.token)).count == told.count)
      for outcome in told { #expect(abs(outcome.probability - probabilities[outcome.token]) < 1e-4, "token \(place)") }
      let least = try #require(told.map(\.probability).min())
      let others = probabilities.indices.filter { token in !told.contains { $0.token == token } }
      #expect(others.allSatisfy { probabilities[$0] < least + 1e-4 })
    }
  }

  @Test("a long text, which is read in several stretches at once, has its predictions in their places")
  func longText() throws {
    let run = try TestRun()
    try run.make("teacher").train()
    let model = try LanguageModel(path: run.path("teacher"))
    var random = RandomValues(seed: 5)
    let words = ["the ", "cat ", "sat ", "on ", "a ", "mat.\n", "dogs ", "run "]
    let long = (0..<25_000).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined()
    let tokens = try model.tokenizer.encode(long, source: "the text")
    let predictions = try TeacherPredictions(
      of: [("teacher", model)], weight: 1, in: TokenText(tokens), tokenizer: model.tokenizer, threadCount: 2)
    var stream = model.makeStream()
    let outcomes = Buffer<SoftTargets.Outcome>(count: predictions.outcomeCount)
    for (place, token) in tokens.enumerated() where place < tokens.count - 1 {
      stream.read(token)
      guard place % 101 == 0 else { continue }
      let probabilities = stream.logProbabilities.map { exponential($0) }
      predictions.copy(place, to: outcomes.view)
      for number in 0..<outcomes.count {
        let outcome = outcomes.view[number]
        #expect(abs(outcome.probability - probabilities[outcome.token]) < 0.01, "token \(place)")
      }
    }
  }

  @Test("a run with teachers that is stopped and resumed, on other threads, ends with the same bits")
  func resumed() throws {
    let run = try taughtRun()
    let whole = run.make("whole")
    try whole.train()
    let first = run.make()
    #expect(try first.train(until: 13) == .interrupted)
    let second = try TrainingRun(resuming: run.path("run"), threadCount: 2)
    try second.train()
    #expect(second.trainer.bits == whole.trainer.bits)
    #expect(second.record.settings.distillation == whole.record.settings.distillation)

    let alone = TrainingRun(
      try TestRun().data, network: run.model, settings: run.settings, modelPath: run.path("alone"), threadCount: 1)
    try alone.train()
    #expect(alone.trainer.bits != whole.trainer.bits, "the teachers change what is learned")
  }

  @Test("what the teachers hold likely, a student learns against its text")
  func obedient() throws {
    var run = try TestRun()
    let other = run.make("teacher")
    // Its every prediction is token 5.
    var biases = [Float](repeating: 0, count: run.data.tokenizer.vocabulary.count)
    biases[5] = 20
    other.trainer.parameters.setValues(biases, named: ParameterName.decoderBias)
    try Checkpoint.write(other.presentModel, to: run.path("teacher"))
    run.settings.schedule.peak = 0.1
    func shareOfToken5(weight: Float) throws -> Double {
      var taught = run
      taught.data = try run.data.taught(
        by: [(run.path("teacher"), try LanguageModel(path: run.path("teacher")))], weight: weight, threadCount: 1)
      let student = taught.make("student \(weight)")
      // Not a whole run, which goes back where the loss of the text grows so.
      for _ in 0..<60 { _ = try student.trainer.step() }
      var stream = try #require(LanguageModel(student.presentModel)).makeStream()
      stream.read(0)
      return Double(exponential(stream.logProbabilities[5]))
    }
    let (taught, alone) = try (shareOfToken5(weight: 1), shareOfToken5(weight: 0.01))
    #expect(taught > 0.8 && alone < 0.5)
  }

  @Test("a run whose teacher is gone, or another model now, is not resumed")
  func otherTeacher() throws {
    let run = try taughtRun()
    #expect(try run.make().train(until: 5) == .interrupted)
    let (first, second) = (run.path("teacher0"), run.path("teacher1"))
    let bytes = try Files.read(first)
    try Files.writeAtomically(first) { (writer: inout FileWriter) throws(FileError) in
      try writer.write(try Files.read(second))
    }
    #expect(throws: TrainingFailure.distillation(.otherModel(path: first))) { try run.resume() }
    Files.remove(first)
    #expect(throws: TrainingFailure.self) { try run.resume() }
    try Files.writeAtomically(first) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    #expect(try run.resume().train() == .finished)
  }

  @Test(
    "a state of no teachers, or of a weight that is none, is refused",
    arguments: [(0, 0.5), (1, .nan), (1, 1.5), (1, 0)])
  func hostile(_ teacherCount: Int, _ weight: Float) throws {
    var run = try taughtRun()
    let teacher = try #require(run.data.teacher?.distillation.teachers.first)
    run.settings.distillation = Distillation(
      teachers: Array(repeating: teacher, count: teacherCount), weight: weight)
    #expect(throws: OutOfRange.self) { try run.settings.checkRanges() }
    run.settings.distillation = Distillation(teachers: [teacher])
    #expect(throws: Never.self) { try run.settings.checkRanges() }
  }

  @Test("teachers of another vocabulary are refused")
  func otherVocabulary() throws {
    let run = try TestRun()
    try run.make().train(until: 1)
    let model = try LanguageModel(path: run.path("run"))
    let path = try run.folder.file("other.txt", String(repeating: "zebra quilt ", count: 60))
    let data = TrainingData(
      try Corpus(paths: [path], settings: TextSettings(unit: .scalar), validation: .fraction(0.1)))
    #expect(throws: DistillationError.vocabulary(teacher: "t")) {
      try data.taught(by: [("t", model)], threadCount: 1)
    }
  }
}
