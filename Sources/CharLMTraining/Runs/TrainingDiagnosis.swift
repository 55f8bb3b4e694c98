import CharLM

/// What a run's figures say about its text, its network or its length, worth knowing for whoever trains the next one.
public enum TrainingDiagnosis: Hashable, Sendable {
  /// The text has so few tokens that a model can hardly do more than repeat it.
  case tinyText(tokenCount: Int)
  /// The text is small: a model will learn it by heart before it has learned its language.
  case smallText(tokenCount: Int)
  /// Validation was best at a step and became worse from there, while the training loss went on falling.
  case overfitted(best: HistoryEntry, last: HistoryEntry)
  /// Validation was still falling fast at the end: in the last quarter of the steps from `earlier` to `last`.
  case underfitted(earlier: HistoryEntry, last: HistoryEntry)
  /// So few steps fitted into the time that the model has hardly begun to learn.
  case fewSteps(Int)

  private static let tinyTokenCount = 2000
  private static let smallTokenCount = 20_000
  private static let leastStepCount = 50

  /// What can be said before the first step.
  public static func before(_ data: TrainingData) -> TrainingDiagnosis? {
    guard data.kind == .language else { return nil }
    return switch data.trainTokenCount {
    case ..<tinyTokenCount: .tinyText(tokenCount: data.trainTokenCount)
    case ..<smallTokenCount: .smallText(tokenCount: data.trainTokenCount)
    default: nil
    }
  }

  /// What can be said of a run as it stands.
  public static func after(_ record: TrainingRecord) -> TrainingDiagnosis? {
    let isLimited = record.settings.timeLimit != nil || record.settings.length.seconds != nil
    if isLimited, record.steps < leastStepCount { return .fewSteps(record.steps) }
    return overfitting(record) ?? underfitting(record)
  }

  /// Validation is worse than the best by more than a hundredth, at least three validations later.
  public static func overfitting(_ record: TrainingRecord) -> TrainingDiagnosis? {
    guard record.validationsSinceBest >= 3, let last = record.history.last, let lastNats = last.validNats,
      let best = record.history.last(where: { $0.step == record.bestStep }), let bestNats = best.validNats,
      lastNats > 1.01 * bestNats, last.trainNats < best.trainNats
    else { return nil }
    return .overfitted(best: best, last: last)
  }

  private static func underfitting(_ record: TrainingRecord) -> TrainingDiagnosis? {
    let history = record.history.filter { $0.validNats != nil }
    guard history.count >= 5, let last = history.last, last.step == record.bestStep, let lastNats = last.validNats,
      let earlier = history.last(where: { $0.step * 4 <= last.step * 3 }), let earlierNats = earlier.validNats,
      earlierNats > 1.05 * lastNats
    else { return nil }
    return .underfitted(earlier: earlier, last: last)
  }
}

extension TrainingSettings {
  /// Another length for a run that goes on.
  mutating func replaceLength(_ length: TrainingLength) {
    self.length = length
    if isPatienceAutomatic == true { (patience, isPatienceAutomatic) = (nil, nil) }
  }

  /// The settings for so many ranks, which may be others than before.
  /// - Parameter syncInterval: nil for what it was.
  mutating func share(among count: Int, syncInterval: Int?) {
    guard count > 1 || ranks != nil else { return }
    var ranks = ranks ?? RankSettings(count: count)
    ranks.count = count
    if let syncInterval { ranks.syncInterval = syncInterval }
    self.ranks = ranks
  }
}
