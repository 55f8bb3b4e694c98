import CharLM
import CharLMTraining

/// What observers of a run receive, in this order: its start, what happens, its end.
public enum RunEvent: Sendable {
  /// It starts, or is resumed.
  case begun(RunDescription)
  /// An event of the run itself.
  case training(TrainingEvent)
  /// Figures: at every validation, and at regular steps between.
  case measured(RunPoint)
  /// The model wrote a text.
  case sampled(RunSample)
  /// It ended.
  case ended(TrainingEnd, peakMegabytes: Double)
  /// It failed, with the reason in words.
  case failed(String)
}

/// An observer of a run: a display, a log, files for TensorBoard, a report.
public protocol RunObserver: AnyObject {
  /// Takes an event.
  /// - Parameter seconds: since the run's start, those before a resume included.
  func note(_ event: RunEvent, of run: TrainingRun, at seconds: Double)

  /// What went wrong while observing, in words; nil where nothing did. The run continues regardless.
  var warning: String? { get }
}

extension RunObserver {
  /// Nothing can go wrong.
  public var warning: String? { nil }
}
