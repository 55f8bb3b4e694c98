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

  /// The line, in ASCII. Where it does not fit into `width` columns, the less important parts are dropped.
  func text(width: Int? = nil) -> String {
    var parts = parts
    func line() -> String { parts.map(\.text).joined(separator: "  ") }
    while let width, line().count > width, let least = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }),
      parts.count > 1
    {
      parts.remove(at: least)
    }
    return width.map { String(line().prefix(max($0, 0))) } ?? line()
  }

  /// From left to right; the higher the rank, the earlier it is dropped.
  private var parts: [(text: String, rank: Int)] {
    var parts: [(text: String, rank: Int)] = []
    parts.append(("step " + Quantity.count(step) + (stepCount.map { "/" + Quantity.count($0) } ?? ""), 1))
    parts.append((percent, 2))
    parts.append(("epoch " + Quantity.fixed(epochs, 2), 6))
    parts.append(("loss " + Quantity.fixed(nats, 3), 0))
    parts.append(("(" + Quantity.fixed(Evaluation.bits(nats: nats), 2) + " bits)", 5))
    if let validation { parts.append((validation, 3)) }
    parts.append((Quantity.count(Int(tokensPerSecond.isFinite ? tokensPerSecond : 0)) + " tokens/s", 7))
    if let secondsLeft { parts.append((Quantity.time(secondsLeft) + " left", 4)) }
    return parts
  }

  /// The last validation beside the best: "valid 1.482 (best 1.471)".
  private var validation: String? {
    guard let bestNats else { return nil }
    guard let validNats, validNats > bestNats else { return "valid \(Quantity.fixed(bestNats, 3)) (best)" }
    return "valid \(Quantity.fixed(validNats, 3)) (best \(Quantity.fixed(bestNats, 3)))"
  }

  private var percent: String { String(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) + "%" }
}
