import CharLMTraining

/// The prediction of a run's first pair: a line each time it changes, about twenty at most.
struct PreviewDisplay {
  private static let lineLimit = 20
  private let wanted: String
  private var shown: String?
  private var lineCount = 0
  private var nextStep = 0

  init(wanted: String) { self.wanted = wanted }

  /// The line for a step, where the prediction changed; a long run does not look at every step.
  mutating func line(_ run: TrainingRun, step: Int) -> String? {
    guard step >= nextStep, lineCount < PreviewDisplay.lineLimit, let preview = run.preview else { return nil }
    nextStep = step + 1 + step / 4
    return line(preview, step: step)
  }

  /// The line for the end of the run, where the last prediction was not shown yet.
  mutating func last(_ run: TrainingRun) -> String? {
    run.preview.flatMap { line($0, step: run.record.steps) }
  }

  private mutating func line(_ preview: (input: String, wanted: String, predicted: String), step: Int) -> String? {
    guard preview.predicted != shown else { return nil }
    shown = preview.predicted
    lineCount += 1
    let mark = preview.predicted == wanted ? "  correct" : ""
    return "step \(Quantity.count(step)): \(preview.input) -> \(preview.predicted)\(mark)"
  }
}
