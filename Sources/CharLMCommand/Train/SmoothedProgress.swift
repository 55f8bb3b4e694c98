import CharLMTraining

/// Loss and speed of a run, smoothed over its last steps so that they can be read.
struct SmoothedProgress: Equatable {
  /// The training loss in nats per token.
  private(set) var nats = Double.nan
  /// Trained tokens per second, not counting pauses for validation.
  private(set) var tokensPerSecond = Double.nan

  private var lastSeconds: Double?
  private var stepSeconds: Double?
  private var tokenCount = 0.0

  /// The weight of a new step in the average, once there are enough.
  private static let weight = 0.05
  private var count = 0.0

  /// Takes in a step.
  /// - Parameter seconds: when it ended.
  mutating func note(_ report: StepReport, at seconds: Double) {
    note(nats: report.nats, tokenCount: report.tokenCount, at: seconds)
  }

  mutating func note(nats new: Double, tokenCount newCount: Int, at seconds: Double) {
    count += 1
    let weight = max(SmoothedProgress.weight, 1 / count)
    nats = count == 1 ? new : nats + weight * (new - nats)
    defer { lastSeconds = seconds }
    guard let lastSeconds else { return }
    let elapsed = seconds - lastSeconds
    // A step after a validation does not measure the speed.
    if let stepSeconds, elapsed > 4 * stepSeconds { return }
    stepSeconds = stepSeconds.map { $0 + weight * (elapsed - $0) } ?? elapsed
    tokenCount = tokenCount == 0 ? Double(newCount) : tokenCount + weight * (Double(newCount) - tokenCount)
    tokensPerSecond = tokenCount / max(stepSeconds ?? elapsed, 1e-9)
  }

  /// The time that the rest of the run takes at this speed; nil while too little of it is done.
  func secondsLeft(elapsed: Double, from start: Double, to now: Double) -> Double? {
    guard now > start, elapsed > 0.5 || now >= 1 else { return nil }
    return elapsed * (1 - now) / (now - start)
  }
}
