import CharLM
import CharLMTraining
import TrainingWatch

/// Shows a run while it goes on: a live line on a terminal, now and then a plain line elsewhere; for pairs also what
/// the first pair's prediction becomes.
final class TrainingDisplay: RunObserver {
  private let console: Console
  private let isLive: Bool
  private let start = Clock.seconds
  private let startFraction: Double
  private var pace: Pace
  private var lastShown: Double
  private var isLineOpen = false
  private var hasToldInterruption = false
  private var preview: PreviewDisplay?

  /// Seconds between two drawings of the live line; between two plain lines; between two plain lines that a
  /// validation calls for.
  private static let liveInterval = 0.2
  private static let plainInterval = 10.0
  private static let validationInterval = 5.0
  /// So many skipped steps are told one by one.
  private static let skippedLines = 5

  init(_ run: TrainingRun, console: Console) {
    self.console = console
    isLive = console.isLive
    startFraction = run.progress(at: Clock.seconds) ?? 0
    pace = Pace()
    lastShown = Clock.seconds
    preview = run.preview.map { PreviewDisplay(wanted: $0.wanted) }
  }

  /// Takes an event, and shows what is due.
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
      pace.note(report, at: Clock.seconds)
      showPreview(of: run)
      if Clock.seconds - lastShown >= (isLive ? TrainingDisplay.liveInterval : TrainingDisplay.plainInterval) {
        showLine(of: run)
      }
    case .validated:
      if isLive || Clock.seconds - lastShown >= TrainingDisplay.validationInterval { showLine(of: run) }
    case .rolledBack(let from, let to, let factor):
      clearLine()
      console.say(
        "step \(Quantity.count(from)): training went astray; back to step \(Quantity.count(to)), "
          + "with the learning rate times \(Quantity.short(factor))")
    case .saveFailed(let error):
      clearLine()
      console.say("warning: not saved: \(error.description); training goes on, and tries again later")
    case .saved: break
    }
  }

  /// Whether an end was asked for; says so once.
  func noteInterruption() -> Bool {
    guard Interruption.isRequested else { return false }
    if !hasToldInterruption {
      hasToldInterruption = true
      closeLine()
      console.say("stopping: the model and the state of the run are saved; a second interrupt quits at once")
    }
    return true
  }

  /// Ends the live line, which stays as it is.
  func finish(_ run: TrainingRun) {
    if let last = preview?.last(run) {
      clearLine()
      console.say(last)
    }
    closeLine()
  }

  /// Says that a step was skipped, for the first few.
  private func showSkipped(_ report: StepReport, of run: TrainingRun) {
    let count = run.record.skippedSteps
    guard count <= TrainingDisplay.skippedLines else { return }
    clearLine()
    let what = report.nats.isFinite ? "a gradient" : "a loss"
    console.say(
      "step \(Quantity.count(report.step)): \(what) that is no finite number; the step was skipped"
        + (count == TrainingDisplay.skippedLines ? " (more such steps are only counted)" : ""))
  }

  /// A sample under its heading, indented; the live line goes on below it.
  private func show(_ sample: RunSample, of run: TrainingRun) {
    clearLine()
    console.say("sample at step \(Quantity.count(sample.step)):\n" + TrainingDisplay.indented(sample.text))
    if isLive { showLine(of: run) }
  }

  /// Text that cannot move a terminal's cursor: control characters are shown by their numbers.
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

  private func showPreview(of run: TrainingRun) {
    guard preview != nil, let line = preview?.line(run, step: run.record.steps) else { return }
    clearLine()
    console.say(line)
  }

  private func showLine(of run: TrainingRun) {
    lastShown = Clock.seconds
    let line = line(of: run, at: lastShown)
    if isLive {
      console.draw("\r" + line.text(width: Terminal.width - 1) + "\u{1B}[K")
      isLineOpen = true
    } else {
      console.say(line.text())
    }
  }

  private func line(of run: TrainingRun, at seconds: Double) -> ProgressLine {
    let fraction = run.progress(at: seconds) ?? 1
    return ProgressLine(
      step: run.record.steps, stepCount: run.trainer.totalStepCount, epochs: run.record.epochs, fraction: fraction,
      nats: pace.nats, validNats: run.record.history.last?.validNats, bestNats: run.record.bestValidNats,
      tokensPerSecond: pace.tokensPerSecond,
      secondsLeft: pace.secondsLeft(elapsed: seconds - start, from: startFraction, to: fraction))
  }

  private func clearLine() {
    if isLineOpen { console.draw("\r\u{1B}[K") }
    isLineOpen = false
  }

  private func closeLine() {
    if isLineOpen { console.draw("\n") }
    isLineOpen = false
  }
}

/// What a run's first pair is turned into, a line each time it changes, not more than about twenty.
struct PreviewDisplay {
  private static let lineLimit = 20
  private let wanted: String
  private var shown: String?
  private var lineCount = 0
  private var nextStep = 0

  init(wanted: String) { self.wanted = wanted }

  /// The line for a step, where the prediction is another than the one shown; not asked for at every step of a long run.
  mutating func line(_ run: TrainingRun, step: Int) -> String? {
    guard step >= nextStep, lineCount < PreviewDisplay.lineLimit, let preview = run.preview else { return nil }
    nextStep = step + 1 + step / 4
    return line(preview, step: step)
  }

  /// The line for the end, where the last prediction was not shown.
  mutating func last(_ run: TrainingRun) -> String? {
    run.preview.flatMap { line($0, step: run.record.steps) }
  }

  private mutating func line(_ preview: (input: String, wanted: String, predicted: String), step: Int) -> String? {
    guard preview.predicted != shown else { return nil }
    shown = preview.predicted
    lineCount += 1
    let mark = preview.predicted == wanted ? "  right" : ""
    return "step \(Quantity.count(step)): \(preview.input) -> \(preview.predicted)\(mark)"
  }
}
