/// A picture of lines over common axes, as SVG: for the snippets, not for general use.
public struct LinePlot {
  /// One line and how it is drawn.
  public struct Line {
    let name: String
    let points: [(x: Double, y: Double)]
    let color: String
    let width: Double
    let dashes: String

    /// - Parameters:
    ///   - color: as CSS writes it.
    ///   - dashes: lengths of dashes and gaps, such as `6 4`; empty for a line without gaps.
    public init(
      _ name: String, _ points: [(x: Double, y: Double)], color: String, width: Double = 2, dashes: String = ""
    ) {
      (self.name, self.points, self.color, self.width, self.dashes) = (name, points, color, width, dashes)
    }
  }

  private let title: String
  private let xLabel: String
  private let yLabel: String
  private let isLogarithmic: Bool
  private let legendIsLow: Bool
  private let lines: [Line]
  private let marks: [(x: Double, label: String)]
  private let width = 820.0
  private let height = 420.0
  // What stays free around the axes.
  private let left = 84.0
  private let right = 24.0
  private let top = 46.0
  private let bottom = 58.0

  /// - Parameters:
  ///   - isLogarithmic: whether y is drawn by powers of ten; all values are then positive.
  ///   - legendIsLow: whether the names stand in the lower left corner, not in the upper right one.
  ///   - marks: upright lines with a label at their top, such as the place where a forecast begins.
  public init(
    _ title: String, xLabel: String, yLabel: String, isLogarithmic: Bool = false, legendIsLow: Bool = false,
    marks: [(x: Double, label: String)] = [], _ lines: [Line]
  ) {
    (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    (self.isLogarithmic, self.legendIsLow, self.marks, self.lines) = (isLogarithmic, legendIsLow, marks, lines)
  }

  /// The picture.
  public func svg() -> String {
    let points = lines.flatMap(\.points)
    let xAxis = Axis(points.map(\.x), from: left, to: width - right)
    let yAxis = Axis(
      points.map(\.y), from: height - bottom, to: top, isLogarithmic: isLogarithmic,
      margin: marks.isEmpty ? 0.06 : 0.12)
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
      font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#333">
      <rect width="100%" height="100%" fill="white"/>
      """,
      text(title, x: width / 2, y: 26, "text-anchor=\"middle\" font-size=\"16\" font-weight=\"bold\""),
      text(xLabel, x: (left + width - right) / 2, y: height - 14, "text-anchor=\"middle\""),
      text(
        yLabel, x: 0, y: 0,
        "text-anchor=\"middle\" transform=\"translate(22 \((top + height - bottom) / 2)) rotate(-90)\""),
    ]
    parts += xAxis.ticks.flatMap { tick in
      [
        rule(tick.place, top, tick.place, height - bottom, "#e6e6e6"),
        text(tick.label, x: tick.place, y: height - bottom + 18, "text-anchor=\"middle\""),
      ]
    }
    parts += yAxis.ticks.flatMap { tick in
      [
        rule(left, tick.place, width - right, tick.place, "#e6e6e6"),
        text(tick.label, x: left - 8, y: tick.place + 4, "text-anchor=\"end\""),
      ]
    }
    for mark in marks {
      parts.append(rule(xAxis.place(mark.x), top, xAxis.place(mark.x), height - bottom, "#999"))
      parts.append(text(mark.label, x: xAxis.place(mark.x) + 5, y: top + 14, "fill=\"#666\""))
    }
    parts.append(
      "<path d=\"M\(left) \(top)V\(height - bottom)H\(width - right)\" fill=\"none\" stroke=\"#333\"/>")
    parts += lines.map { line in
      let places = line.points.map { "\(rounded(xAxis.place($0.x))),\(rounded(yAxis.place($0.y)))" }
      return "<polyline points=\"\(places.joined(separator: " "))\" \(style(line)) stroke-linejoin=\"round\"/>"
    }
    return (parts + legend() + ["</svg>", ""]).joined(separator: "\n")
  }

  /// Names beside samples of the lines.
  private func legend() -> [String] {
    let boxWidth = 46 + 7.2 * Double(lines.map(\.name.count).max() ?? 0)
    let boxHeight = 12 + 19 * Double(lines.count)
    let x = legendIsLow ? left + 8 : width - right - boxWidth - 8
    let y = legendIsLow ? height - bottom - boxHeight - 8 : top + 8
    let box = """
      <rect x="\(x)" y="\(y)" width="\(boxWidth)" height="\(boxHeight)" fill="white" \
      fill-opacity="0.9" stroke="#ccc"/>
      """
    return [box]
      + lines.enumerated().flatMap { number, line in
        let y = y + 16 + 19 * Double(number)
        return [
          "<path d=\"M\(x + 8) \(y)h24\" \(style(line))/>", text(line.name, x: x + 38, y: y + 4, ""),
        ]
      }
  }

  private func style(_ line: Line) -> String {
    "fill=\"none\" stroke=\"\(line.color)\" stroke-width=\"\(line.width)\" stroke-dasharray=\"\(line.dashes)\""
  }

  private func text(_ text: String, x: Double, y: Double, _ attributes: String) -> String {
    let escaped = text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    return "<text x=\"\(rounded(x))\" y=\"\(rounded(y))\" \(attributes)>\(escaped)</text>"
  }

  private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) -> String {
    "<path d=\"M\(rounded(x1)) \(rounded(y1))L\(rounded(x2)) \(rounded(y2))\" stroke=\"\(color)\"/>"
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
