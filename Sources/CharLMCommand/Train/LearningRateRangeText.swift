import CharLMTraining
import LinePlot

/// A range test as text and as a plot.
extension LearningRateRange {
  /// The progress of the test.
  func line(_ point: Point) -> String {
    "step \(points.count)/\(stepCount)  rate \(rateText(point.rate))  loss \(Quantity.fixed(point.smoothedNats, 3))"
  }

  /// For people: the loss at some of the rates, and what follows.
  var table: String {
    var lines = ["    rate    loss  (averaged over about ten steps)"]
    let every = max(1, stepCount / 25)
    for (number, point) in points.enumerated() where number % every == every - 1 || number == points.count - 1 {
      lines.append(
        LearningRateRange.column(rateText(point.smoothedRate))
          + LearningRateRange.column(Quantity.fixed(point.smoothedNats, 3)))
    }
    if hasDiverged { lines.append("then training diverged") }
    if let suggestion, let minimum {
      var line = "learning rate: \(Quantity.short(suggestion)), a quarter of the rate with the lowest loss "
      line += "(\(rateText(minimum.smoothedRate)))"
      if let steepest { line += "; the loss falls fastest at \(rateText(steepest.smoothedRate))" }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func column(_ text: String) -> String { String(repeating: " ", count: max(0, 8 - text.count)) + text }

  /// A rate in two or three digits, such as 0.0049 or 1.5e-05.
  private func rateText(_ rate: Float) -> String {
    guard rate < 1e-4, rate > 0 else { return Quantity.short(rate) }
    var (digits, power) = (Double(rate), 0)
    while digits < 1 { (digits, power) = (digits * 10, power - 1) }
    return "\(Quantity.fixed(digits, 1))e\(power)"
  }

  /// The losses over the rates, on a logarithmic axis. Losses far above the first one are left out to keep the rest
  /// legible.
  func picture(title: String) -> String {
    let ceiling = (points.first?.smoothedNats ?? 1) * 1.5
    func line(_ rate: (Point) -> Float, _ nats: (Point) -> Double) -> [(x: Double, y: Double)] {
      points.filter { nats($0) <= ceiling }.map { (x: Double(rate($0)), y: nats($0)) }
    }
    var marks: [(x: Double, label: String)] = []
    if let suggestion { marks.append((Double(suggestion), "suggested: \(Quantity.short(suggestion))")) }
    if let minimum { marks.append((Double(minimum.smoothedRate), "lowest loss")) }
    return LinePlot(
      "Learning-rate range test: \(title)", xLabel: "learning rate", yLabel: "training loss (nats)",
      xIsLogarithmic: true, legendIsLow: true, marks: marks,
      readings: readings,
      [
        LinePlot.Line("loss of a step", line(\.rate, \.nats), color: "#9ecae1", width: 1.2),
        LinePlot.Line("smoothed", line(\.smoothedRate, \.smoothedNats), color: "#08519c", width: 2.4),
      ]
    ).svg()
  }

  /// What is shown under the pointer.
  private var readings: [(x: Double, text: String)] {
    points.map { point in
      let loss = Quantity.fixed(point.smoothedNats, 3)
      return (Double(point.smoothedRate), "rate \(rateText(point.smoothedRate)): loss \(loss)")
    }
  }
}
