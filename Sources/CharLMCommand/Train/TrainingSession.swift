import CharLM
import CharLMFiles
import CharLMTraining
import TrainingWatch

/// Carries a training out: says what comes, trains with a display and a log, says what came.
struct TrainingSession {
  private let command: TrainCommand
  private let run: TrainingRun
  private let console: Console
  private let stepsBefore: Int
  private let reading: CorpusDisplay

  /// A new run. The models folder is made and checked here.
  init(_ plan: TrainingPlan) throws {
    command = plan.command
    console = plan.command.output.console
    try plan.command.watch.check()
    try Files.ensureWritableFolder(Files.folder(of: plan.modelPath))
    run = plan.makeRun()
    reading = plan.reading
    stepsBefore = 0
  }

  /// A run that goes on from its state file.
  init(resuming command: TrainCommand) throws {
    self.command = command
    console = command.output.console
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
    try TrainingFiles(command, modelPath: path, corpus: run.record.corpus).check()
    stepsBefore = run.record.steps
    try command.watch.check()
    try Files.ensureWritableFolder(Files.folder(of: path))
    if command.watch.showSamples != nil, run.job.kind == .transducer {
      throw CommandFailure.usage("--show-samples has no meaning with pairs", next: "leave it out")
    }
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
    let recorder = command.watch.report.map { _ in ReportRecorder(run) }
    let display = TrainingDisplay(run, console: console)
    let watch = RunWatch(
      run, observers: [display] + (try command.watch.observers(run, report: recorder)),
      sampleCount: command.watch.showSamples, peakMegabytes: { Resources.peakMegabytes })
    console.say(stepsBefore > 0 ? "training goes on" : "training")
    console.say(introduction.text)
    if let interval = command.saveEvery { run.saveInterval = interval }
    run.keptCount = command.keep ?? 0
    Interruption.beginCounting()
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
    for warning in watch.warnings { console.say("warning: \(warning)") }
    try conclude(end, recorder)
  }

  private var description: RunDescription {
    RunDescription(
      run, program: "charlm \(Version.number)", command: CommandLine.arguments, threads: command.threads.count)
  }

  private var introduction: TrainingIntroduction {
    TrainingIntroduction(
      job: run.job, model: run.trainer.model, training: run.record.settings, modelPath: run.modelPath,
      threadCount: command.threads.count, reading: reading, stepsBefore: stepsBefore,
      hasBudget: command.length.budget != nil)
  }

  private func conclude(_ end: TrainingEnd, _ recorder: ReportRecorder?) throws {
    if end == .finished, run.record.steps == stepsBefore, stepsBefore > 0 {
      console.say(
        "this run was finished already, with \(Quantity.count(stepsBefore, "step")): --steps, with a higher number, goes on"
      )
    }
    if command.output.json || !console.isQuiet || recorder != nil {
      let report = try TrainingReport(run, threadCount: command.threads.count)
      let conclusion = TrainingConclusion(report: report, run: run, end: end)
      console.say(conclusion.text)
      if command.output.json { try StandardOutput.print(json: report) }
      if let path = command.watch.report, let recorder {
        let page = TrainingPage(
          report: report, run: run, end: end, introduction: introduction, recorder: recorder, next: conclusion.next)
        try page.make().write(to: path)
        console.say("report: \(path)")
      }
    }
    if end == .interrupted { throw CommandFailure.interrupted }
  }
}
