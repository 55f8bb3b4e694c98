import CharLM
import CharLMData

/// What happens in a run, for whoever shows it.
public enum TrainingEvent: Sendable {
  /// A step was made, or skipped: `isSkipped`.
  case step(StepReport)
  /// The validation text was read; `isBest` where this is the best so far.
  case validated(HistoryEntry, isBest: Bool)
  /// Training diverged at a step; the run was rolled back to where it was last saved, and goes on with this part of the
  /// schedule's learning rate.
  case rolledBack(from: Int, to: Int, rateFactor: Float)
  /// Model and state were written.
  case saved
  /// They, or a model to be kept, could not be written now, as when a disk is full; the run goes on, and tries again when
  /// the next save is due.
  case saveFailed(TrainingFailure)
}

/// Why a run ended.
public enum TrainingEnd: Hashable, Sendable {
  /// It reached its length.
  case finished
  /// Validation did not get better for as long as the settings' patience.
  case stoppedEarly
  /// It was asked to stop, and saved.
  case interrupted
}

/// Why a run failed.
public enum TrainingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// A step failed.
  case training(TrainingError)
  /// Model or state could not be written or read.
  case checkpoint(CheckpointError)
  /// The corpus of a run that is to go on cannot be used.
  case corpus(CorpusError)
  /// Somebody else is writing the model.
  case lock(ModelLockError)
  /// The settings of a run that is to go on do not fit its corpus, or this machine.
  case settings(SettingsError)
  /// The models that a run that is to go on learns from cannot be used.
  case distillation(DistillationError)

  /// One line, that of the error inside.
  public var description: String {
    switch self {
    case .training(let error): error.description
    case .checkpoint(let error): error.description
    case .corpus(let error): error.description
    case .lock(let error): error.description
    case .settings(let error): error.description
    case .distillation(let error): error.description
    }
  }
}

/// How often a run is saved before its end.
public enum SaveInterval: Hashable, Sendable {
  /// Whenever so many seconds have passed.
  case seconds(Double)
  /// Whenever so many steps were made.
  case steps(Int)
}
