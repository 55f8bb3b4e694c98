import RecurrentNN
import TestSupport
import Testing

@testable import CharLM
@testable import CharLMFiles
@testable import CharLMTraining

/// A run that was stopped and goes on ends with the bits of the one that was not.
@Suite struct ResumeTests {
  struct Variant: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let change: @Sendable (inout TestRun) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout TestRun) -> Void) {
      testDescription = name
      self.change = change
    }
  }

  static let variants =
    OptimizerKind.allCases.map { kind in
      Variant("\(kind)") { run in
        run.settings.optimizer = OptimizerSettings(kind: kind, beta2: 0.9, weightDecay: 0.01)
        if kind == .sgd { run.settings.schedule.peak = 0.5 }
      }
    } + [
      Variant("SGD with Nesterov's momentum") {
        $0.settings.optimizer = OptimizerSettings(kind: .sgd, momentum: 0.9, isNesterov: true)
      },
      Variant("RMSprop with momentum") { $0.settings.optimizer = OptimizerSettings(kind: .rmsprop, momentum: 0.5) },
      Variant("a moving mean") { $0.settings.averageDecay = 0.9 },
      Variant("jittered chunks") { $0.settings.isJittered = true },
      Variant("a rate that falls on plateaus") {
        $0.settings.schedule.kind = .plateau
        $0.settings.schedule.peak = 0.3
        $0.settings.validationInterval = 3
      },
      Variant("locked dropout") { $0.settings.regularization.isLocked = true },
      Variant("embedding dropout") { $0.settings.regularization.embeddingDropout = 0.2 },
      Variant("weight drop") { $0.settings.regularization.weightDrop = 0.3 },
      Variant("AR and TAR") {
        $0.settings.regularization.activation = 2
        $0.settings.regularization.temporal = 1
      },
      Variant("layer normalization") { $0.model.layerNorm = true },
      Variant("mogrifier rounds") { $0.model.mogrifierRounds = 2 },
      Variant("bfloat16 where there is any") {
        $0.settings.precision = Precision.bfloat16.isAvailable ? .bfloat16 : .float32
      },
      Variant("a tied GRU") { $0.model = NetworkSettings(cell: .gru, hidden: 16, embedding: 16, tied: true) },
      Variant("a number of epochs") { $0.settings.length = .epochs(1.6) },
    ]

  @Test("stopped in the middle of an epoch and resumed", arguments: variants)
  func resume(_ variant: Variant) throws {
    var run = try TestRun()
    variant.change(&run)
    let whole = run.make("whole")
    #expect(try whole.train() == .finished)
    // 23 steps are neither an epoch nor a number of validations.
    let first = run.make()
    #expect(try first.train(until: 23) == .interrupted)
    let second = try run.resume()
    #expect(try second.train() == .finished)
    #expect(second.trainer.bits == whole.trainer.bits)
    #expect(second.trainer.progress == whole.trainer.progress)
    #expect(second.record.history == whole.record.history)
    #expect(second.record.trainedTokens == whole.record.trainedTokens)
    let models = try ["run", "whole"].map { try Safetensors.read(path: run.path($0)).tensors }
    #expect(models[0] == models[1])
  }

  @Test("a run that was cut down at any moment goes on from its last save", arguments: [1, 6, 7, 8, 20, 21, 37, 59])
  func killed(_ moment: Int) throws {
    var run = try TestRun()
    run.settings.averageDecay = 0.95
    run.settings.regularization.weightDrop = 0.2
    let whole = run.make("whole")
    try whole.train()
    let cut = run.make()
    cut.saveInterval = .steps(7)
    // What is on disk when the process dies, before the next save.
    let paths = [run.path("run"), TrainingRun.statePath(forModel: run.path("run"))]
    var files: [[UInt8]?] = []
    try cut.train(until: moment) { event in
      if case .step(let report) = event, report.step == moment { files = paths.map { try? Files.read($0) } }
    }
    for (path, bytes) in zip(paths, files) {
      Files.remove(path)
      guard let bytes else { continue }
      try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    }
    let resumed = try run.resume()
    #expect(resumed.trainer.stepCount == (moment - 1) / 7 * 7, "the last save before")
    try resumed.train()
    #expect(resumed.trainer.bits == whole.trainer.bits)
    #expect(resumed.record.history == whole.record.history)
  }

  @Test(
    "a run that was killed between the two files of its last save has its model after a resume", arguments: [nil, 2])
  func killedInLastSave(patience: Int?) throws {
    var run = try TestRun()
    if let patience {
      run.settings.patience = patience
      run.settings.schedule = LearningRateSchedule(kind: .constant, peak: 1e-9)
      run.settings.optimizer = OptimizerSettings(kind: .sgd)
    }
    let cut = run.make()
    cut.saveInterval = .steps(7)
    var early: [UInt8]?
    let end = try cut.train { event in
      if case .saved = event, early == nil { early = try? Files.read(run.path("run")) }
    }
    #expect(end == (patience == nil ? .finished : .stoppedEarly))
    let model = try Safetensors.read(path: run.path("run")).tensors
    // The model of an earlier save, and none.
    for bytes in [early, nil] {
      Files.remove(run.path("run"))
      if let bytes {
        try Files.writeAtomically(run.path("run")) { (writer: inout FileWriter) throws(FileError) in
          try writer.write(bytes)
        }
      }
      let resumed = try run.resume()
      #expect(try resumed.train() == end)
      #expect(resumed.record.steps == cut.record.steps)
      #expect(try Safetensors.read(path: run.path("run")).tensors == model)
    }
  }

  @Test("patience that was requested begins anew with another length")
  func patienceAnew() throws {
    var run = try TestRun()
    run.settings.patience = 2
    run.settings.schedule = LearningRateSchedule(kind: .constant, peak: 1e-9)
    run.settings.optimizer = OptimizerSettings(kind: .sgd)
    #expect(try run.make().train() == .stoppedEarly)
    let resumed = try run.resume(length: .steps(200))
    #expect(try resumed.train() == .stoppedEarly)
    #expect(resumed.record.steps == 50)
  }

  @Test("a finished run goes on when it is given more steps")
  func longer() throws {
    var run = try TestRun()
    run.settings.schedule.kind = .constant
    run.settings.length = .steps(40)
    try run.make().train()
    let resumed = try run.resume(length: .steps(60))
    try resumed.train()
    run.settings.length = .steps(60)
    let whole = run.make("whole")
    try whole.train()
    #expect(resumed.trainer.bits == whole.trainer.bits)
  }

  @Test("a resumed budget remembers the time that was used")
  func budget() throws {
    var run = try TestRun()
    run.settings.length = .budget(seconds: 100)
    var seconds = 0.0
    func train(_ run: TrainingRun, until end: Double) throws -> TrainingEnd {
      try run.run(
        clock: { seconds }, isInterrupted: { seconds >= end }, observe: { if case .step = $0 { seconds += 1 } })
    }
    #expect(try train(run.make(), until: 40) == .interrupted)
    seconds = 0
    let resumed = try run.resume()
    #expect(try train(resumed, until: 1000) == .finished)
    #expect((95...100).contains(resumed.record.steps), "\(resumed.record.steps) steps of a second each in 100")
    #expect(resumed.record.seconds <= 100)
  }

  @Test("a model of another run is kept when the first save comes, also after a resume")
  func previous() throws {
    let run = try TestRun()
    try run.make().train()
    let (old, oldState) = (try Files.read(run.path("run")), try Files.read(run.folder("run.state")))
    // This one stops before its first save of a model; what there is then is the other's model and its own state.
    let second = run.make()
    try second.saveState(at: 0)
    #expect(try Files.read(run.path("run")) == old)
    try run.resume().train()
    #expect(try Files.read(run.path("run.1")) == old)
    #expect(try Files.read(run.folder("run.1.state")) == oldState)
  }

  @Test("a state whose tensors are not those of its settings is refused before memory is asked for")
  func promises() throws {
    let run = try TestRun()
    try run.make().train(until: 3)
    let path = run.folder("run.state")
    var state = try Safetensors.read(path: path)
    let found = try #require(state.tensor(named: "parameters")).values.count
    state.metadata["model"] = state.metadata["model"]?.replacing("\"hidden\":16", with: "\"hidden\":65536")
    try state.write(to: path)
    let error = #expect(throws: TrainingFailure.self) { try run.resume() }
    guard case .training(.stateMismatch("parameters", let expected, found)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(expected > 1 << 35)
  }

  @Test("a damaged state is refused before the corpus is read")
  func damagedState() throws {
    let run = try TestRun()
    try run.make().train(until: 3)
    let path = run.folder("run.state")
    var bytes = try Files.read(path)
    bytes[bytes.count - 100] ^= 1
    try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    Files.remove(run.folder("corpus.txt"))
    let error = #expect(throws: TrainingFailure.self) { try run.resume() }
    guard case .checkpoint(.invalid(_, .checksumMismatch)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
