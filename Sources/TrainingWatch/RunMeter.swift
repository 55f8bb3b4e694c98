import CharLM
import CharLMTraining

/// Gathers a run's reports into points: one at every validation, and one every so many steps between.
struct RunMeter {
  private static let interval = 20
  private let clip: Float
  private var natsSum = 0.0
  private var tokenCount = 0
  private var stepCount = 0
  private var clippedCount = 0
  private var greatestNorm = 0.0
  private var last: StepReport?
  private var lastPoint: RunPoint?

  /// - Parameter clip: the norm above which gradients are clipped; 0 for no clipping.
  init(clip: Float) { self.clip = clip }

  /// Takes in an event; returns a point where one is due.
  mutating func point(
    _ event: TrainingEvent, _ run: TrainingRun, seconds: Double, peakMegabytes: () -> Double
  ) -> RunPoint? {
    // Figures since the step that the run rolled back to are void.
    if case .rolledBack = event { self = RunMeter(clip: clip) }
    if case .step(let report) = event {
      note(report)
      let isValidated = report.step % run.record.settings.validationInterval == 0
      guard report.step % RunMeter.interval == 0, stepCount > 0, !isValidated else { return nil }
      return takePoint(run, seconds, peakMegabytes())
    }
    guard case .validated(let entry, let isBest) = event else { return nil }
    var point = takePoint(run, seconds, peakMegabytes())
    point.validNats = finite(entry.validNats)
    point.isBest = entry.validNats == nil ? nil : isBest
    return point
  }

  private mutating func note(_ report: StepReport) {
    // A skipped step has no figures; the log has an event for it.
    guard !report.isSkipped else { return }
    last = report
    natsSum += report.nats * Double(report.tokenCount)
    tokenCount += report.tokenCount
    stepCount += 1
    greatestNorm = max(greatestNorm, report.gradientNorm)
    if clip > 0, report.gradientNorm > Double(clip) { clippedCount += 1 }
  }

  private mutating func takePoint(_ run: TrainingRun, _ seconds: Double, _ megabytes: Double) -> RunPoint {
    // The validation at the end of a run may follow right after a point, whose figures then apply.
    let step = run.record.steps
    var point = RunPoint(step: step)
    if stepCount == 0, let lastPoint, lastPoint.step == step { point = lastPoint }
    defer { lastPoint = point }
    point.bestValidNats = finite(run.record.bestValidNats)
    point.seconds = seconds
    if stepCount == 0 { return point }
    point.epochs = run.record.epochs
    point.trainNats = finite(natsSum / Double(tokenCount))
    point.learningRate = last?.learningRate
    point.gradientNorm = finite(last?.gradientNorm)
    point.gradientNormMax = finite(greatestNorm)
    point.clippedShare = finite(Double(clippedCount) / Double(stepCount))
    point.tokensPerSecond = finite(run.record.tokensPerSecond)
    point.peakRssMb = megabytes
    (natsSum, tokenCount, stepCount, clippedCount, greatestNorm) = (0, 0, 0, 0, 0)
    return point
  }

  private func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
