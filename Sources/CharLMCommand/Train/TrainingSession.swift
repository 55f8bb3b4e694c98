import CharLM
import CharLMText

/// Carries a training out: says what comes, trains with a display and a log, says what came.
struct TrainingSession {
  private let command: TrainCommand
  private let run: TrainingRun
  private let console: Console
  private let secondsBefore: Double
  private let stepsBefore: Int
  private let log: TrainingLog?
  private let reading: CorpusDisplay

  /// A new run. The models folder is made and checked here.
  init(_ plan: TrainingPlan) throws {
    command = plan.command
    console = plan.command.output.console
    try plan.command.log.map(TrainingLog.check)
    try Files.ensureWritableFolder(Files.folder(of: plan.modelPath))
    log = try plan.command.log.map { try TrainingLog(path: $0, isAppending: false) }
    run = plan.makeRun()
    reading = plan.reading
    (secondsBefore, stepsBefore) = (0, 0)
  }

  /// A run that goes on from its state file.
  init(resuming command: TrainCommand) throws {
    self.command = command
    console = command.output.console
    try command.log.map(TrainingLog.check)
    let path = try TrainingSession.modelPath(resuming: command)
    let statePath = TrainingRun.statePath(forModel: path)
    guard Files.exists(statePath) else {
      throw CommandFailure(
        "\(statePath): there is no state of a run to resume",
        next: "give its model with --model, or train without --resume")
    }
    reading = CorpusDisplay(console)
    do throws(TrainingFailure) {
      run = try TrainingRun(
        resuming: path, corpusPaths: command.corpora.isEmpty ? nil : command.corpora, length: command.length.length,
        threadCount: command.threads.count, storage: command.cache.storage, observe: reading.show)
      reading.finish()
    } catch {
      reading.finish()
      throw error
    }
    (secondsBefore, stepsBefore) = (run.record.seconds, run.record.steps)
    try Files.ensureWritableFolder(Files.folder(of: path))
    log = try command.log.map { try TrainingLog(path: $0, isAppending: true) }
  }

  private static func modelPath(resuming command: TrainCommand) throws -> String {
    if let path = command.model { return path }
    if !command.corpora.isEmpty { return try TrainingPlan.defaultModelPath(corpora: command.corpora) }
    guard let state = try? ModelLookup.newest(kind: nil, suffix: ".state") else {
      throw CommandFailure(
        "no state of a run to resume in the folder '\(ModelLookup.folder)'",
        next: "give its model with --model, or train without --resume")
    }
    return state.dropLast(".state".count) + ".safetensors"
  }

  /// Trains.
  func perform() throws {
    console.say(stepsBefore > 0 ? "training goes on" : "training")
    console.say(introduction.text)
    run.keptCount = command.keep ?? 0
    let display = TrainingDisplay(run, console: console)
    display.begin()
    Interruption.beginCounting()
    let end: TrainingEnd
    do throws(TrainingFailure) {
      end = try run.run(
        clock: { Clock.seconds }, isInterrupted: { display.noteInterruption() },
        observe: { event in
          display.show(event)
          log?.note(event, run: run, seconds: secondsBefore + Clock.seconds)
        })
    } catch {
      display.finish()
      throw error
    }
    Interruption.endCounting()
    display.finish()
    if let error = log?.error { console.say("warning: \(error.description); the log is not complete") }
    try conclude(end)
  }

  private var introduction: TrainingIntroduction {
    TrainingIntroduction(
      job: run.job, model: run.trainer.model, training: run.record.settings, modelPath: run.modelPath,
      threadCount: command.threads.count, reading: reading, stepsBefore: stepsBefore)
  }

  private func conclude(_ end: TrainingEnd) throws {
    if end == .finished, run.record.steps == stepsBefore, stepsBefore > 0 {
      console.say(
        "this run was finished already, with \(Quantity.count(stepsBefore, "step")): --steps, with a higher number, goes on"
      )
    }
    if command.output.json || !console.isQuiet {
      let report = try TrainingReport(run, threadCount: command.threads.count)
      console.say(TrainingConclusion(report: report, run: run, end: end).text)
      if command.output.json { try StandardOutput.print(json: report) }
    }
    if end == .interrupted { throw CommandFailure.interrupted }
  }
}
