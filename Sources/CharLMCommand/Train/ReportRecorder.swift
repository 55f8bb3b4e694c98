import CharLM
import CharLMTraining
import TrainingWatch

/// Records what the report shows of a run's progress.
final class ReportRecorder: RunObserver {
  private(set) var description: RunDescription?
  private(set) var points: [RunPoint]
  private(set) var samples: [RunSample] = []

  /// - Parameter run: its record holds the validations made before a resume.
  init(_ run: TrainingRun) {
    let record = run.record
    let stepsPerEpoch = record.epochs > 0 ? Double(record.steps) / record.epochs : .infinity
    points = record.history.map { RunPoint($0, stepsPerEpoch: stepsPerEpoch) }
  }

  func note(_ event: RunEvent, of run: TrainingRun, at seconds: Double) {
    switch event {
    case .begun(let description): self.description = description
    case .measured(let point):
      while let last = points.last, last.step >= point.step { points.removeLast() }
      points.append(point)
    case .sampled(let sample): samples.append(sample)
    case .training(.rolledBack(_, let step, _)):
      points.removeAll { $0.step > step }
      samples.removeAll { $0.step > step }
    case .training, .ended, .failed: break
    }
  }
}
