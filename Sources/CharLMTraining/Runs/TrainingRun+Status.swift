import CharLM
import RecurrentNN

/// How a training stands.
public struct TrainingStatus: Hashable, Sendable {
  /// Steps made.
  public let step: Int
  /// The steps of the whole run; nil where a time decides.
  public let stepCount: Int?
  /// How often the training text has been read.
  public let epochs: Double
  /// The loss of about the last twenty steps, in nats a token; nil before the first.
  public let trainNats: Double?
  /// The last validation loss, in nats a token; nil before the first, and without a validation text.
  public let validNats: Double?
  /// The best validation loss so far.
  public let bestValidNats: Double?
}

extension TrainingRun {
  /// How the run stands.
  public var status: TrainingStatus {
    TrainingStatus(
      step: record.steps, stepCount: trainer.totalStepCount, epochs: record.epochs, trainNats: recentNats,
      validNats: record.history.last?.validNats, bestValidNats: record.bestValidNats)
  }

  /// The ranks that train together.
  public var communicator: Communicator { trainer.communicator }

  /// Trains to the end, or until the task that calls it is cancelled, and saves.
  /// - Parameter observe: called with everything that happens.
  /// - Returns: `.interrupted` where the task was cancelled.
  /// - Throws: `TrainingFailure`; the best model so far has been saved.
  public func run(observe: (TrainingEvent) -> Void = { _ in }) throws(TrainingFailure) -> TrainingEnd {
    let start = ContinuousClock.now
    return try run(
      clock: { (ContinuousClock.now - start) / .seconds(1) }, isInterrupted: { Task.isCancelled }, observe: observe)
  }
}
