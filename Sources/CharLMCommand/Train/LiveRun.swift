import CharLM
import CharLMFiles
import CharLMTraining
import RecurrentNN
import TrainingWatch

/// A run, new or resumed, as it is carried out and shown: an introduction, training with displays and logs, a conclusion.
struct LiveRun {
  private let command: TrainCommand
  private let run: TrainingRun
  private let console: Console
  private let introduction: TrainingIntroduction
  private let stepsBefore: Int
  /// The model that an earlier run left at the path of this new one.
  private let earlier: EarlierModel?

  /// A new run. The folder of the model is created and checked here.
  init(_ plan: PlannedRun) throws {
    command = plan.command
    console = command.output.console
    run = plan.makeRun()
    try LiveRun.checkPlaces(command, modelPath: plan.modelPath, run.communicator)
    introduction = plan.introduction
    (stepsBefore, earlier) = (0, plan.earlier)
  }

  /// A run that continues from its state file.
  /// - Parameter communicator: the ranks that train together.
  init(resuming command: TrainCommand, _ communicator: Communicator = .alone) throws {
    self.command = command
    console = command.output.console
    let path = try LiveRun.resumedPath(command, communicator)
    earlier = nil
    let reading = CorpusDisplay(console)
    run = try LiveRun.resumed(command, modelPath: path, reading, communicator)
    stepsBefore = run.record.steps
    introduction = TrainingIntroduction(
      data: run.data, settings: RunSettings(network: run.trainer.network, training: run.record.settings),
      modelPath: path, threadCount: command.threads.count(communicator), reading: reading, stepsBefore: stepsBefore,
      hasBudget: command.length.budget != nil,
      rankNote: communicator.isAlone
        ? nil : run.record.settings.ranks.map { PlannedRun.note($0, measured: nil, communicator) })
    try FileUses(command, modelPath: path, corpus: run.record.corpus).check()
    try LiveRun.checkPlaces(command, modelPath: path, communicator)
    if command.watch.showSamples != nil, run.data.kind == .transducer {
      throw CommandFailure.usage("--show-samples has no meaning with pairs", next: "leave it out")
    }
  }

  /// Makes sure that what is written can be, by the rank that writes.
  private static func checkPlaces(_ command: TrainCommand, modelPath: String, _ communicator: Communicator) throws {
    try communicator.agreed {
      guard communicator.isFirst else { return }
      try command.watch.check()
      try Files.ensureWritableFolder(Files.folder(of: modelPath))
    }
  }

  /// The model whose run is to be resumed, as the first rank finds it: the others may have no such file.
  private static func resumedPath(_ command: TrainCommand, _ communicator: Communicator) throws -> String {
    let found = try communicator.agreed {
      guard communicator.isFirst else { return "" }
      let path = try ModelPath.resumed(command)
      let statePath = TrainingRun.statePath(forModel: path)
      for path in [path, statePath] { try FileUses.checkWritable(path) }
      guard Files.exists(statePath) else {
        throw CommandFailure(
          "\(statePath): no such file, so there is no run to resume",
          next: "name its model with --model, or train without --resume")
      }
      return path
    }
    return String(decoding: communicator.shared(Array(found.utf8)), as: UTF8.self)
  }

  private static func resumed(
    _ command: TrainCommand, modelPath: String, _ reading: CorpusDisplay, _ communicator: Communicator
  ) throws -> TrainingRun {
    defer { reading.finish() }
    return try TrainingRun(
      resuming: modelPath, corpusPaths: command.corpora.isEmpty ? nil : command.corpora,
      length: command.requested[\.training.length], threadCount: command.threads.count(communicator),
      storage: command.cache.storage, communicator: communicator, syncInterval: command.ranks.syncEvery,
      observe: reading.show)
  }

  /// Trains.
  func perform() throws {
    let recorder = command.watch.report.map { _ in ReportRecorder(run) }
    let display = TrainingDisplay(run, console: console)
    let watch = RunWatch(
      run, observers: [display] + (try fileObservers(recorder)), sampleCount: command.watch.showSamples,
      peakMegabytes: { ThisProcess.peakMegabytes })
    // Of a limited time, what the yardstick takes is spent at the start, where the run sees it.
    let yardstick = try limitedSeconds.flatMap { try measuredYardstick(recorder, seconds: $0 - Clock.seconds) }
    console.say(stepsBefore > 0 ? "resuming training" : "training")
    console.say(introduction.lines)
    if let change = run.rateChange, change.now > 1.01 * change.before {
      console.say(
        "the learning rate rises from \(Quantity.short(change.before)), where its schedule had stopped, to "
          + "\(Quantity.short(change.now)), because the schedule now ends later; --init-from MODEL begins a new one")
    }
    if let interval = command.saveEvery { run.saveInterval = interval }
    run.keptCount = command.keep ?? 0
    let end = try train(display, watch)
    guard run.communicator.isFirst else {
      if end == .interrupted { throw CommandFailure.interrupted }
      return
    }
    for warning in watch.warnings { console.warn(warning) }
    try conclude(end, recorder, yardstick)
  }

  /// A log and a report of an earlier run are kept under numbers, as its model is. A resumed run continues its own.
  private func keepEarlierFiles() throws {
    if command.resume || command.overwrite { return }
    for (name, path) in [("log", command.watch.log), ("report", command.watch.report)] {
      guard let path, let kept = try Files.moveAside(path) else { continue }
      console.say("the existing \(name) is kept as \(kept)")
    }
  }

  /// The time that the run is to take at most.
  private var limitedSeconds: Double? {
    if case .budget(let seconds) = run.record.settings.length { return seconds }
    return run.record.settings.timeLimit
  }

  /// What simple predictors make of the validation text, where somebody will see it.
  /// - Parameter seconds: the time that is left to the run, of which a few hundredths are used; nil for no limit.
  private func measuredYardstick(_ recorder: ReportRecorder?, seconds: Double? = nil) throws -> Yardstick? {
    guard !console.isQuiet || recorder != nil, let text = run.data.validationText else { return nil }
    let affordable = seconds.map { max($0, 0) * LiveRun.yardstickTokensPerSecond } ?? .infinity
    let limit = Int(min(affordable, Double(Yardstick.usualLimit)))
    // Where there is no time, only guessing is known, which needs none.
    let training = limit < LiveRun.leastYardstick ? nil : run.data.trainingText
    return try Yardstick(of: text, training: training, tokenizer: run.data.tokenizer, limit: limit)
  }

  /// So many tokens for each second of a limited run are read for the yardstick: some hundredths of its time.
  private static let yardstickTokensPerSecond = 20_000.0
  private static let leastYardstick = 5000

  /// The observers that write files; the report's among them where one is wanted.
  private func fileObservers(_ recorder: ReportRecorder?) throws -> [any RunObserver] {
    try keepEarlierFiles()
    let log = try command.watch.log.map { try RunLogWriter(path: $0, isAppending: command.resume) }
    let tensorboard = try command.watch.tensorboard.map { try TensorBoardWriter(run, in: $0) }
    return ([log, tensorboard, recorder] as [(any RunObserver)?]).compactMap(\.self)
  }

  private func train(_ display: TrainingDisplay, _ watch: RunWatch) throws -> TrainingEnd {
    Interruption.beginCounting()
    let description = RunDescription(
      run, program: "charlm \(Version.number)", command: CommandLine.arguments,
      threads: command.threads.count(run.communicator))
    watch.begin(run, description, clock: Clock.seconds)
    let end: TrainingEnd
    do throws(TrainingFailure) {
      end = try run.run(
        clock: { Clock.seconds }, isInterrupted: { display.noteInterruption() },
        observe: { watch.note($0, of: run, clock: Clock.seconds) })
    } catch {
      display.finish(run)
      watch.fail(error.description, of: run, clock: Clock.seconds)
      throw error
    }
    Interruption.endCounting()
    watch.end(end, of: run, clock: Clock.seconds)
    display.finish(run)
    return end
  }

  private func conclude(_ end: TrainingEnd, _ recorder: ReportRecorder?, _ early: Yardstick?) throws {
    if end == .finished, run.record.steps == stepsBefore, stepsBefore > 0 {
      console.say(
        "this run is already finished, after \(Quantity.count(stepsBefore, "step")); give a higher --steps to continue")
    }
    if command.output.json || !console.isQuiet || recorder != nil {
      let model = run.model
      let report = try TrainingReport(run, model, threadCount: command.threads.count)
      let yardstick = try early ?? (end == .interrupted ? nil : measuredYardstick(recorder))
      let conclusion = TrainingConclusion(
        command: command, report: report, run: run, earlier: earlier, end: end, yardstick: yardstick)
      conclusion.show(on: console)
      if command.output.json { try StandardOutput.print(json: report) }
      if let path = command.watch.report, let recorder {
        let page = TrainingPage(
          report: report, run: run, model: model, end: end, introduction: introduction, recorder: recorder,
          conclusion: conclusion)
        try page.make().write(to: path)
        console.say("report: \(path)")
      }
    }
    if end == .interrupted { throw CommandFailure.interrupted }
  }
}
