import CharLM
import CharLMTraining
import TrainingWatch

/// Shows the progress of a run: a live line on a terminal, plain lines from time to time elsewhere; for pairs also how the
/// prediction of the first pair changes.
final class TrainingDisplay: RunObserver {
  private let console: Console
  private let isLive: Bool
  private let start = Clock.seconds
  private let startFraction: Double
  private var progress = SmoothedProgress()
  private var lastShown: Double
  private var liveLine: LiveLine
  private var hasShownOverfitting = false
  private var hasShownInterruption = false
  private var preview: PreviewDisplay?

  /// Seconds between two redraws of the live line, between two plain lines, and between two plain lines after
  /// validations.
  private static let liveInterval = 0.2
  private static let plainInterval = 10.0
  private static let validationInterval = 5.0
  /// This many skipped steps are shown one by one.
  private static let skippedLines = 5

  init(_ run: TrainingRun, console: Console) {
    self.console = console
    isLive = console.isLive
    liveLine = LiveLine(console)
    startFraction = run.progress(at: Clock.seconds) ?? 0
    lastShown = Clock.seconds
    preview = run.preview.map { PreviewDisplay(wanted: $0.wanted) }
  }

  /// Takes an event and shows what is due.
  func note(_ event: RunEvent, of run: TrainingRun, at seconds: Double) {
    switch event {
    case .begun: showPreview(of: run)
    case .training(let event): show(event, of: run)
    case .sampled(let sample): show(sample, of: run)
    case .measured, .ended, .failed: break
    }
  }

  private func show(_ event: TrainingEvent, of run: TrainingRun) {
    guard !console.isQuiet else { return }
    switch event {
    case .step(let report):
      if report.isSkipped { return showSkipped(report, of: run) }
      progress.note(report, at: Clock.seconds)
      showPreview(of: run)
      if Clock.seconds - lastShown >= (isLive ? TrainingDisplay.liveInterval : TrainingDisplay.plainInterval) {
        showLine(of: run)
      }
    case .validated:
      showOverfitting(of: run)
      if isLive || Clock.seconds - lastShown >= TrainingDisplay.validationInterval { showLine(of: run) }
    case .rolledBack(let from, let to, let factor):
      liveLine.clear()
      console.say(
        "",
        prose: "training diverged at step \(Quantity.count(from)); rolled back to step \(Quantity.count(to)), "
          + "learning rate × \(Quantity.short(factor))")
    case .saveFailed(let error):
      liveLine.clear()
      console.warn("not saved: \(error.description); training continues and will try again")
    case .saved: break
    }
  }

  /// Whether the user interrupted the run; the first time, confirms it.
  func noteInterruption() -> Bool {
    guard Interruption.isRequested else { return false }
    if !hasShownInterruption {
      hasShownInterruption = true
      liveLine.close()
      console.say("stopping: saving the model and the state of the run; interrupt again to quit at once")
    }
    return true
  }

  /// Ends the live line, which stays on the screen.
  func finish(_ run: TrainingRun) {
    if let last = preview?.last(run) {
      liveLine.clear()
      console.say(last)
    }
    liveLine.close()
  }

  /// Shows that a step was skipped, for the first few.
  private func showSkipped(_ report: StepReport, of run: TrainingRun) {
    let count = run.record.skippedSteps
    guard count <= TrainingDisplay.skippedLines else { return }
    liveLine.clear()
    let what = report.nats.isFinite ? "gradient" : "loss"
    console.say(
      "step \(Quantity.count(report.step)): the \(what) is not finite; step skipped"
        + (count == TrainingDisplay.skippedLines ? " (further skipped steps are not shown)" : ""))
  }

  /// A sample under its heading, indented; the live line continues below it.
  private func show(_ sample: RunSample, of run: TrainingRun) {
    liveLine.clear()
    console.say(lines: "sample at step \(Quantity.count(sample.step)):\n" + TrainingDisplay.indented(sample.text))
    if isLive { showLine(of: run) }
  }

  /// Text that cannot move a terminal's cursor: control characters are escaped.
  static func indented(_ text: String) -> String {
    var shown = "    "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": shown += "\n    "
      case "\t": shown += "\t"
      case _ where scalar.properties.generalCategory == .control:
        shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Says once that a run overfits, where it was told to go on regardless.
  private func showOverfitting(of run: TrainingRun) {
    guard !hasShownOverfitting, run.record.settings.patience == nil, run.record.validationsSinceBest >= 5,
      let diagnosis = TrainingDiagnosis.overfitting(run.record)
    else { return }
    hasShownOverfitting = true
    liveLine.clear()
    console.warn(diagnosis.text + "; Control-C ends the run and keeps the best model")
  }

  private func showPreview(of run: TrainingRun) {
    guard preview != nil, let line = preview?.line(run, step: run.record.steps) else { return }
    liveLine.clear()
    console.say(line)
  }

  private func showLine(of run: TrainingRun) {
    lastShown = Clock.seconds
    let line = line(of: run, at: lastShown)
    if isLive {
      liveLine.draw { line.text(width: $0) }
    } else {
      console.say(line.text())
    }
  }

  private func line(of run: TrainingRun, at seconds: Double) -> ProgressLine {
    let fraction = run.progress(at: seconds) ?? 1
    return ProgressLine(
      step: run.record.steps, stepCount: run.trainer.totalStepCount, epochs: run.record.epochs, fraction: fraction,
      nats: progress.nats, validNats: run.record.history.last?.validNats, bestNats: run.record.bestValidNats,
      tokensPerSecond: progress.tokensPerSecond,
      secondsLeft: progress.secondsLeft(elapsed: seconds - start, from: startFraction, to: fraction))
  }
}
