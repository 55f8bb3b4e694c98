import CharLM
import CharLMText
import RecurrentNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// What a run does where training diverges or stops improving.

extension TrainingRun {
  /// A single step that is not finite can come from one unlucky chunk; so many in a row come from the parameters.
  static let skippedLimit = 5
  /// With a ten millionth of the rate training would get nowhere: what fails then fails for another reason.
  private static let rollbackLimit = 10
  /// So many returns halve the rate in any case.
  private static let halvingLimit = 3

  /// Whether the recent loss is so much above that of guessing evenly that the parameters must have run away, though
  /// every number is finite.
  private var isBeyondGuessing: Bool {
    recentNats.map { !($0 <= log(Double(data.outputTokenizer.vocabulary.count)) + 1) } ?? false
  }

  /// Whether a run may go back to where it stands now.
  var isSound: Bool { skippedInARow == 0 && !isBeyondGuessing }

  /// Whether to go back. At the end of a run that is not validated a skipped step is reason enough.
  func hasDiverged(isLast: Bool) -> Bool {
    skippedInARow >= TrainingRun.skippedLimit || isBeyondGuessing
      || (isLast && skippedInARow > 0 && data.validationTokenCount == 0)
  }

  /// Rolls back to the last saved state and halves the learning rate. If that is the state of the last rollback, it may
  /// have been broken when it was saved: the run continues from the best model's parameters,
  /// if they are from before; after a few such returns the rate falls to an eighth each time. The best model is kept even if it is from a later step.
  /// - Throws: `TrainingError.diverged` where that was done too often.
  func rollBack(at seconds: Double, observe: (TrainingEvent) -> Void) throws(TrainingFailure) {
    let (before, step, oldFactor) = (record, trainer.stepCount, trainer.rateFactor)
    guard before.rollbacks < TrainingRun.rollbackLimit else {
      throw .training(.diverged(step: step, rollbackCount: before.rollbacks))
    }
    try restore(try savedState())
    removeKeptModels(beyond: trainer.stepCount)
    let isAgain = trainer.stepCount == before.rollbackStep
    // A best model that is from a later step was measured in an attempt that diverged, and may be why.
    if isAgain, hasBest, before.bestStep <= trainer.stepCount { trainer.begin(from: best) }
    // What has diverged from the same place several times is far from a rate that does not.
    let factor = oldFactor / (isAgain && before.rollbacks >= TrainingRun.halvingLimit ? 8 : 2)
    (trainer.rateFactor, record.rollbackStep) = (factor, trainer.stepCount)
    (skippedInARow, recentNats) = (0, nil)
    record.rollbacks = before.rollbacks + 1
    (record.skippedSteps, record.secondsInSteps) = (before.skippedSteps, before.secondsInSteps)
    record.trainedTokens = before.trainedTokens
    (record.bestValidNats, record.bestStep) = (before.bestValidNats, before.bestStep)
    record.validationsSinceBest = before.validationsSinceBest
    // Were it not saved, a resumed run would not know of it.
    try saveState(at: seconds)
    observe(.rolledBack(from: step, to: trainer.stepCount, rateFactor: factor))
  }

  /// Halves the rate after each so many validations that were no better than the best.
  func lowerRateOnPlateau() {
    guard record.settings.schedule.kind == .plateau, record.bestValidNats != nil else { return }
    let count = record.validationsSinceBest
    if count > 0, count % LearningRateSchedule.plateauPatience == 0 { trainer.rateFactor /= 2 }
  }

  var isOutOfPatience: Bool {
    guard let patience = record.settings.patience, record.bestValidNats != nil else { return false }
    return record.history.last?.step == trainer.stepCount && record.validationsSinceBest >= patience
  }
}
