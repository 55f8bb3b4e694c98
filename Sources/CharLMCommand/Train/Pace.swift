import CharLMTraining

/// Loss and rate of a run, smoothed over its last seconds so that they can be read.
struct Pace: Equatable {
  /// The training loss in nats a token.
  private(set) var nats = Double.nan
  /// Trained tokens a second, pauses for validation left out.
  private(set) var tokensPerSecond = Double.nan

  private var lastSeconds: Double?
  private var stepSeconds: Double?
  private var tokenCount = 0.0

  /// How much of an average a new step is, once there are enough.
  private static let weight = 0.05
  private var count = 0.0

  /// Takes a step that ended at a time.
  mutating func note(_ report: StepReport, at seconds: Double) {
    note(nats: report.nats, tokenCount: report.tokenCount, at: seconds)
  }

  mutating func note(nats new: Double, tokenCount newCount: Int, at seconds: Double) {
    count += 1
    let weight = max(Pace.weight, 1 / count)
    nats = count == 1 ? new : nats + weight * (new - nats)
    defer { lastSeconds = seconds }
    guard let lastSeconds else { return }
    let elapsed = seconds - lastSeconds
    // A step with a validation before it is no measure of the rate.
    if let stepSeconds, elapsed > 4 * stepSeconds { return }
    stepSeconds = stepSeconds.map { $0 + weight * (elapsed - $0) } ?? elapsed
    tokenCount = tokenCount == 0 ? Double(newCount) : tokenCount + weight * (Double(newCount) - tokenCount)
    tokensPerSecond = tokenCount / max(stepSeconds ?? elapsed, 1e-9)
  }

  /// The time that the rest of a run takes, if it goes on as it went; nil while too little of it is over.
  func secondsLeft(elapsed: Double, from start: Double, to now: Double) -> Double? {
    guard now > start, elapsed > 0.5 || now >= 1 else { return nil }
    return elapsed * (1 - now) / (now - start)
  }
}
