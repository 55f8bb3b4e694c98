import LinePlot

/// A plot of one or several runs: losses, learning rate and gradient norms over a common x axis.
public struct RunPlot {
  /// The horizontal axis.
  public enum Horizontal: String, CaseIterable, Sendable {
    /// Steps.
    case steps
    /// Passes through the training text.
    case epochs
    /// Time since the run's start.
    case seconds
  }

  private struct Run {
    let name: String
    let points: [RunPoint]
    let trainColor: String
    let validColor: String
  }

  private let runs: [Run]
  private let horizontal: Horizontal
  private let title: String
  private let unit: (name: String, scale: Double)

  /// Colours that can be told apart on light and dark backgrounds.
  private static let colors = [
    "#3b82c4", "#e8710a", "#2a9d62", "#c2418f", "#8a63d2", "#a98307", "#0e9aa7", "#d1495b",
  ]

  /// - Parameters:
  ///   - title: above the plot; empty for none.
  ///   - runs: names and figures; those that no picture can hold are left out.
  public init(_ title: String, runs: [(name: String, points: [RunPoint])], over horizontal: Horizontal = .steps) {
    self.title = title
    self.horizontal = horizontal
    let colors = RunPlot.colors
    self.runs = runs.enumerated().map { number, run in
      let color = colors[number % colors.count]
      return Run(
        name: run.name, points: run.points.map(\.drawable), trainColor: color,
        validColor: runs.count == 1 ? colors[1] : color)
    }
    unit = RunPlot.unit(horizontal, seconds: runs.flatMap(\.points).compactMap(\.seconds).max() ?? 0)
  }

  /// Long times have larger units.
  private static func unit(_ horizontal: Horizontal, seconds: Double) -> (String, Double) {
    switch horizontal {
    case .steps: ("steps", 1)
    case .epochs: ("epochs", 1)
    case .seconds: seconds < 600 ? ("seconds", 1) : seconds < 4 * 3600 ? ("minutes", 60) : ("hours", 3600)
    }
  }

  /// Whether there is nothing to show over this axis.
  public var isEmpty: Bool { runs.allSatisfy { trainLoss($0).count + validLoss($0).count == 0 } }

  /// The plot.
  public func svg(width: LinePlot.Width = .wide) -> String {
    let panels = [losses, learningRates, norms].compactMap(\.self)
    return LinePlot(title, xLabel: unit.name, xStart: 0, readings: readings, panels: panels).svg(width: width)
  }

  /// What is shown under the pointer, for a single run: step and losses.
  private var readings: [(x: Double, text: String)] {
    guard runs.count == 1, let run = runs.first else { return [] }
    return run.points.compactMap { point in
      let losses = [("training", point.trainNats), ("validation", point.validNats)].compactMap { name, nats in
        nats.map { "\(name) \(Label.fixed($0, 3))" }
      }
      guard let x = place(point), !losses.isEmpty else { return nil }
      return (x, "step \(Label.fixed(Double(point.step), 0)): " + losses.joined(separator: ", "))
    }
  }

  private func curve(_ run: Run, _ figure: (RunPoint) -> Double?) -> [(x: Double, y: Double)] {
    run.points.compactMap { point in
      guard let y = figure(point), let x = place(point) else { return nil }
      return (x, y)
    }
  }

  private func place(_ point: RunPoint) -> Double? {
    switch horizontal {
    case .steps: Double(point.step)
    case .epochs: point.epochs
    case .seconds: point.seconds.map { $0 / unit.scale }
    }
  }

  /// Means over few steps, as they occur around a validation, are merged with the next one, because they are noisier.
  private func trainLoss(_ run: Run) -> [(x: Double, y: Double)] {
    let points = run.points.filter { $0.trainNats != nil }
    let gaps = zip(points.map(\.step), [0] + points.map(\.step)).map { $0 - $1 }
    let usual = gaps.sorted().dropFirst(gaps.count / 2).first ?? 0
    var (sum, count) = (0.0, 0)
    return zip(points, gaps).compactMap { point, gap in
      sum += (point.trainNats ?? 0) * Double(gap)
      count += gap
      guard count >= usual || point.step == points.last?.step, count > 0, let x = place(point) else { return nil }
      defer { (sum, count) = (0, 0) }
      return (x, sum / Double(count))
    }
  }
  private func validLoss(_ run: Run) -> [(x: Double, y: Double)] { curve(run, \.validNats) }
}

// MARK: Panels

extension RunPlot {
  private var losses: LinePlot.Panel? {
    let lines = runs.flatMap { run in
      [
        LinePlot.Line(
          runs.count == 1 ? "training" : "", trainLoss(run), color: run.trainColor, width: runs.count == 1 ? 1.8 : 1.4,
          dashes: runs.count == 1 ? "" : "2 3", opacity: 0.85),
        LinePlot.Line(runs.count == 1 ? "validation" : name(run), validLoss(run), color: run.validColor, width: 2.2),
      ]
    }
    return LinePlot.Panel(
      runs.count == 1 ? "loss (nats per token)" : "loss (nats per token; dotted: training)", height: 300,
      range: shownLosses, lines: lines, spots: runs.compactMap(spot), remark: cut)
  }

  /// The best validation of a run.
  private func best(_ run: Run) -> RunPoint? {
    run.points.filter { $0.validNats != nil }.min { ($0.validNats ?? .infinity) < ($1.validNats ?? .infinity) }
  }

  private func name(_ run: Run) -> String {
    guard let nats = best(run)?.validNats else { return run.name }
    return "\(run.name), best \(Label.fixed(nats, 3))"
  }

  private func spot(_ run: Run) -> LinePlot.Spot? {
    guard let best = best(run), let nats = best.validNats, let x = place(best) else { return nil }
    let label = runs.count == 1 ? "best \(Label.fixed(nats, 4)) at step \(Label.fixed(Double(best.step), 0))" : ""
    return LinePlot.Spot(x: x, y: nats, label: label, color: run.validColor)
  }

  /// All losses, except for a steep fall in the first twentieth that would flatten the rest.
  private var shownLosses: ClosedRange<Double>? {
    let curves = runs.flatMap { [trainLoss($0), validLoss($0)] }.filter { !$0.isEmpty }
    guard let low = curves.joined().map(\.y).min(), let high = curves.joined().map(\.y).max() else { return nil }
    let end = curves.joined().map(\.x).max() ?? 0
    let late = curves.map { curve in
      let settled = curve.filter { $0.x >= end / 20 }
      return (settled.isEmpty ? curve : settled).map(\.y).max() ?? high
    }
    let settled = late.max() ?? high
    let top = high - low > 1.6 * (settled - low) && settled > low ? settled : high
    // Room for the label under the best.
    return low - (top - low) / 12...top
  }

  /// What of the losses is above the visible part.
  private var cut: String {
    guard let shown = shownLosses, let high = runs.flatMap({ trainLoss($0) + validLoss($0) }).map(\.y).max(),
      high > shown.upperBound
    else { return "" }
    return "↑ falls from \(Label.fixed(high, 2))"
  }

  private var learningRates: LinePlot.Panel? {
    let lines = runs.map { run in
      LinePlot.Line("", curve(run) { $0.learningRate.map(Double.init) }, color: run.trainColor, width: 1.8)
    }
    return panel("learning rate", lines)
  }

  /// The largest norm between two points behind the last one: what clipping had to deal with.
  private var norms: LinePlot.Panel? {
    let greatest = runs.map { run in
      LinePlot.Line(
        runs.count == 1 ? "largest" : "", curve(run, \.gradientNormMax), color: run.validColor, width: 1, opacity: 0.7)
    }
    let last = runs.map { run in
      LinePlot.Line(runs.count == 1 ? "last" : "", curve(run, \.gradientNorm), color: run.trainColor, width: 1.4)
    }
    return panel("gradient norm", isLogarithmic: true, greatest + last)
  }

  /// A low panel; nil where there is nothing in it.
  /// - Parameter isLogarithmic: whether to use a logarithmic scale where the values differ much.
  private func panel(_ label: String, isLogarithmic: Bool = false, _ lines: [LinePlot.Line]) -> LinePlot.Panel? {
    let values = lines.flatMap(\.values)
    guard let least = values.min(), let greatest = values.max() else { return nil }
    let isLogarithmic = isLogarithmic && least > 0 && greatest > 8 * least
    let drawn = lines.filter { !$0.values.isEmpty }
    return LinePlot.Panel(
      label, height: 120, isLogarithmic: isLogarithmic, legend: drawn.count > 1 ? .upperRight : .hidden, lines: drawn)
  }
}

extension RunPoint {
  /// The same without figures that cannot be drawn: they are as a file says, so anything may stand there.
  fileprivate var drawable: RunPoint {
    var point = self
    let figures: [WritableKeyPath<RunPoint, Double?>] = [
      \.epochs, \.seconds, \.trainNats, \.validNats, \.bestValidNats, \.gradientNorm, \.gradientNormMax,
    ]
    for figure in figures where !(point[keyPath: figure]?.isDrawable ?? true) { point[keyPath: figure] = nil }
    if !(point.learningRate.map { Double($0).isDrawable } ?? true) { point.learningRate = nil }
    return point
  }
}
