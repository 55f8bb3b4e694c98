import CharLM

/// The progress of a run, in one line.
struct ProgressLine: Equatable {
  var step: Int
  /// nil where the clock decides.
  var stepCount: Int?
  var epochs: Double
  /// The part of the run that is done, 0 to 1.
  var fraction: Double
  /// The smoothed training loss, in nats per token.
  var nats: Double
  /// The last validation, in nats per token.
  var validNats: Double?
  /// The best validation so far, in nats per token.
  var bestNats: Double?
  var tokensPerSecond: Double
  /// nil while it is unknown.
  var secondsLeft: Double?

  /// The line, in ASCII. Where it does not fit into `width` columns, the less important parts are dropped; the time left
  /// is dropped last.
  func text(width: Int? = nil) -> String {
    var parts = LineParts()
    parts.add("step " + Quantity.count(step) + (stepCount.map { "/" + Quantity.count($0) } ?? ""), rank: 2)
    parts.add(percent, rank: 3)
    parts.add("epoch " + Quantity.fixed(epochs, 2), rank: 6)
    parts.add("loss " + Quantity.fixed(nats, 3), rank: 1)
    parts.add("(" + Quantity.fixed(Evaluation.bits(nats: nats), 2) + " bits)", rank: 5)
    if let validation { parts.add(validation, rank: 4) }
    parts.add(Quantity.count(Int(tokensPerSecond.isFinite ? tokensPerSecond : 0)) + " tokens/s", rank: 7)
    if let secondsLeft { parts.add(Quantity.time(secondsLeft) + " left", rank: 0) }
    return parts.text(width: width)
  }

  /// The last validation beside the best: "valid 1.482 (best 1.471)".
  private var validation: String? {
    guard let bestNats else { return nil }
    guard let validNats, validNats > bestNats else { return "valid \(Quantity.fixed(bestNats, 3)) (best)" }
    return "valid \(Quantity.fixed(validNats, 3)) (best \(Quantity.fixed(bestNats, 3)))"
  }

  private var percent: String { String(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) + "%" }
}
