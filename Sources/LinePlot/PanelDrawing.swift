/// Draws a panel at its place.
struct PanelDrawing {
  private let panel: LinePlot.Panel
  private let frame: Frame
  private let xAxis: Axis
  private let yAxis: Axis
  private let hasLabels: Bool
  /// The largest number of points per line: more than there are pixels would only enlarge the file.
  private static let pointLimit = 1600

  /// - Parameter hasLabels: whether the x axis is labelled.
  init(_ panel: LinePlot.Panel, in frame: Frame, xAxis: Axis, hasLabels: Bool) {
    (self.panel, self.frame, self.xAxis, self.hasLabels) = (panel, frame, xAxis, hasLabels)
    let values = panel.lines.flatMap(\.points).map(\.y).filter { $0 > 0 || !panel.isLogarithmic }
    let range = panel.range ?? (values.min() ?? (panel.isLogarithmic ? 0.1 : 0))...(values.max() ?? 1)
    yAxis = Axis(
      range, from: frame.bottom, to: frame.top, isLogarithmic: panel.isLogarithmic,
      tickCount: max(4, panel.height / 52), margin: panel.marks.isEmpty ? 0.06 : 0.12)
  }

  /// The elements, from back to front.
  var parts: [String] { grid + label + marks + [border] + lines + spots + legend + remark }

  private var grid: [String] {
    let uprights = xAxis.ticks.map { SVG.rule($0.place, frame.top, $0.place, frame.bottom, PanelDrawing.gridStyle) }
    let xLabels =
      hasLabels
      ? xAxis.ticks.map { SVG.text($0.label, x: $0.place, y: frame.bottom + 18, "text-anchor=\"middle\"") } : []
    let levels = yAxis.ticks.flatMap { tick in
      [
        SVG.rule(frame.left, tick.place, frame.right, tick.place, PanelDrawing.gridStyle),
        SVG.text(tick.label, x: frame.left - 8, y: tick.place + 4, "text-anchor=\"end\""),
      ]
    }
    return uprights + xLabels + levels
  }

  private var remark: [String] {
    panel.remark.isEmpty ? [] : [SVG.text(panel.remark, x: frame.left + 8, y: frame.top + 16, "opacity=\"0.8\"")]
  }

  private static let gridStyle = "class=\"grid\" stroke=\"#e6e6e6\""

  private var label: [String] {
    let place = "translate(20 \(SVG.number((frame.top + frame.bottom) / 2))) rotate(-90)"
    return [SVG.text(panel.label, x: 0, y: 0, "text-anchor=\"middle\" transform=\"\(place)\"")]
  }

  private var marks: [String] {
    // A label that would stand on the one before it goes below it.
    var (end, y) = (-Double.infinity, frame.top + 14)
    return panel.marks.flatMap { mark in
      let x = xAxis.place(mark.x)
      y = x < end ? y + 17 : frame.top + 14
      end = max(end, x + 12 + SVG.width(mark.label))
      return [
        SVG.rule(x, frame.top, x, frame.bottom, "stroke=\"#999\""),
        SVG.text(mark.label, x: x + 5, y: y, "opacity=\"0.8\""),
      ]
    }
  }

  private var border: String {
    let path =
      "M\(SVG.number(frame.left)) \(SVG.number(frame.top))V\(SVG.number(frame.bottom))H\(SVG.number(frame.right))"
    return "<path class=\"frame\" d=\"\(path)\" fill=\"none\" stroke=\"#333\"/>"
  }

  /// In a nested SVG element, which clips what lies beyond the axes.
  private var lines: [String] {
    let size = (frame.right - frame.left, frame.bottom - frame.top)
    let place = [frame.left, frame.top, size.0, size.1].map(SVG.number)
    let head =
      "<svg x=\"\(place[0])\" y=\"\(place[1])\" width=\"\(place[2])\" height=\"\(place[3])\" "
      + "viewBox=\"\(place.joined(separator: " "))\" overflow=\"hidden\">"
    let lines = panel.lines.filter { !$0.points.isEmpty }.map { line in
      let places = PanelDrawing.thinned(line.points).filter { $0.y > 0 || !panel.isLogarithmic }.map { point in
        "\(SVG.number(xAxis.place(point.x))),\(SVG.number(yAxis.place(point.y)))"
      }
      return "<polyline points=\"\(places.joined(separator: " "))\" \(style(line)) stroke-linejoin=\"round\"/>"
    }
    return [head] + lines + ["</svg>"]
  }

  /// The smallest and the largest point of each of equal parts of a long line, so that peaks stay visible.
  static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count > pointLimit else { return points }
    let partCount = pointLimit / 2
    var kept: [(x: Double, y: Double)] = []
    for part in 0..<partCount {
      let slice = points[part * points.count / partCount..<(part + 1) * points.count / partCount]
      guard let low = slice.indices.min(by: { slice[$0].y < slice[$1].y }),
        let high = slice.indices.max(by: { slice[$0].y < slice[$1].y })
      else { continue }
      kept.append(slice[min(low, high)])
      if low != high { kept.append(slice[max(low, high)]) }
    }
    return kept
  }

  private var spots: [String] {
    panel.spots.flatMap { spot in
      let (x, y) = (xAxis.place(spot.x), min(max(yAxis.place(spot.y), frame.top), frame.bottom))
      let ring =
        "<circle cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(y))\" r=\"4.5\" fill=\"none\" stroke=\"\(spot.color)\" "
        + "stroke-width=\"2\"/>"
      guard !spot.label.isEmpty else { return [ring] }
      let isRight = x + 10 + SVG.width(spot.label) > frame.right
      let anchor = isRight ? "text-anchor=\"end\"" : ""
      let isLow = y + 24 > frame.bottom
      return [
        ring, SVG.text(spot.label, x: isRight ? min(x + 6, frame.right) : x - 4, y: isLow ? y - 12 : y + 20, anchor),
      ]
    }
  }

  /// Names beside samples of the lines.
  private var legend: [String] {
    let lines = panel.lines.filter { !$0.name.isEmpty }
    guard panel.legend != .hidden, !lines.isEmpty else { return [] }
    let isLow = panel.legend == .lowerLeft
    let width = 50 + (lines.map { SVG.width($0.name) }.max() ?? 0)
    let height = 12 + 19 * Double(lines.count)
    let x = isLow ? frame.left + 8 : frame.right - width - 8
    let y = isLow ? frame.bottom - height - 8 : frame.top + 8
    let box =
      "<rect class=\"ground grid\" x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\" width=\"\(SVG.number(width))\" "
      + "height=\"\(SVG.number(height))\" rx=\"3\" fill=\"white\" fill-opacity=\"0.9\" stroke=\"#ccc\"/>"
    return [box]
      + lines.enumerated().flatMap { number, line in
        let y = y + 16 + 19 * Double(number)
        return [
          "<path d=\"M\(SVG.number(x + 8)) \(SVG.number(y))h24\" \(style(line))/>",
          SVG.text(line.name, x: x + 40, y: y + 4, ""),
        ]
      }
  }

  private func style(_ line: LinePlot.Line) -> String {
    var style = "fill=\"none\" stroke=\"\(line.color)\" stroke-width=\"\(SVG.number(line.width))\""
    if !line.dashes.isEmpty { style += " stroke-dasharray=\"\(line.dashes)\"" }
    if line.opacity < 1 { style += " stroke-opacity=\"\(line.opacity)\"" }
    return style
  }
}
