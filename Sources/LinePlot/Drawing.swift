extension LinePlot {
  /// The margins around the panels, at the left for the labels of the y axis.
  private struct Layout {
    let width: Double
    let left: Double
    let right: Double
    /// The approximate number of labelled values of the x axis.
    let tickCount: Double

    init(_ width: Width) {
      switch width {
      case .wide: (self.width, left, right, tickCount) = (820, 84, 820 - 24, 7)
      case .narrow: (self.width, left, right, tickCount) = (400, 70, 400 - 12, 3)
      }
    }
  }

  private static let bottom = 58.0
  /// The gap between two panels.
  private static let gap = 18.0

  /// The picture.
  public func svg(width: Width = .wide) -> String {
    let layout = Layout(width)
    let (width, left, right) = (layout.width, layout.left, layout.right)
    let titleHeight = title.isEmpty ? 16.0 : 46.0
    let top = titleHeight + (readings.isEmpty ? 0 : 14)
    let panelsHeight = panels.reduce(0) { $0 + $1.height } + LinePlot.gap * Double(max(panels.count - 1, 0))
    let height = top + panelsHeight + LinePlot.bottom
    let xs = panels.flatMap(\.lines).flatMap(\.points).map(\.x).filter { $0 > 0 || !xIsLogarithmic }
    let (least, greatest) = (xs.min() ?? (xIsLogarithmic ? 0.1 : 0), xs.max() ?? 1)
    let xAxis = Axis(
      min(xStart ?? least, greatest)...greatest, from: left, to: right, isLogarithmic: xIsLogarithmic,
      tickCount: layout.tickCount)
    var parts = [LinePlot.head(width: width, height: height)]
    if !title.isEmpty {
      parts.append(SVG.text(title, x: width / 2, y: 26, "text-anchor=\"middle\" font-size=\"16\" font-weight=\"bold\""))
    }
    var y = top
    for (number, panel) in panels.enumerated() {
      let frame = Frame(left: left, right: right, top: y, bottom: y + panel.height)
      parts += PanelDrawing(panel, in: frame, xAxis: xAxis, hasLabels: number == panels.count - 1).parts
      y = frame.bottom + LinePlot.gap
    }
    parts.append(SVG.text(xLabel, x: (left + right) / 2, y: height - 14, "text-anchor=\"middle\""))
    parts += pointerParts(xAxis, Frame(left: left, right: right, top: top, bottom: height - LinePlot.bottom))
    return (parts + ["</svg>", ""]).joined(separator: "\n")
  }

  /// A strip around each reading, which shows a line and the reading's text while the pointer is over it.
  private func pointerParts(_ xAxis: Axis, _ frame: Frame) -> [String] {
    let shown = LinePlot.thinned(readings, to: Int((frame.right - frame.left) / 6))
    let places = shown.map { xAxis.place($0.x) }
    return shown.indices.map { number in
      let low = number > 0 ? (places[number - 1] + places[number]) / 2 : frame.left
      let high = number + 1 < places.count ? (places[number] + places[number + 1]) / 2 : frame.right
      let strip =
        "<rect x=\"\(SVG.number(low))\" y=\"\(SVG.number(frame.top))\" width=\"\(SVG.number(max(high - low, 0.1)))\" "
        + "height=\"\(SVG.number(frame.bottom - frame.top))\" fill-opacity=\"0\"/>"
      let line = SVG.rule(
        places[number], frame.top, places[number], frame.bottom, "stroke=\"#888\" visibility=\"hidden\"")
      let text = SVG.text(
        shown[number].text, x: frame.right, y: frame.top - 6, "text-anchor=\"end\" visibility=\"hidden\"")
      return "<g class=\"reading\">" + strip + line + text + "</g>"
    }
  }

  /// At most so many of the readings, the last one among them.
  private static func thinned(
    _ readings: [(x: Double, text: String)], to count: Int
  ) -> [(x: Double, text: String)] {
    guard readings.count > count, count > 0 else { return readings }
    return (1...count).map { readings[$0 * readings.count / count - 1] }
  }

  /// Colours are attributes, which every viewer understands; the rules for a dark background override them.
  private static func head(width: Double, height: Double) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" class="line-plot" viewBox="0 0 \(SVG.number(width)) \(SVG.number(height))" \
    width="\(SVG.number(width))" height="\(SVG.number(height))" font-family="system-ui, Helvetica, Arial, sans-serif" \
    font-size="13" fill="#333">
    <style>
    .line-plot .reading:hover > * { visibility: visible }
    @media (prefers-color-scheme: dark) {
      .line-plot { fill: #d6d6d6 }
      .line-plot .ground { fill: #17191c }
      .line-plot .grid { stroke: #33373d }
      .line-plot .frame { stroke: #8b9098 }
    }
    </style>
    <rect class="ground" width="100%" height="100%" fill="white"/>
    """
  }
}

/// The place of a panel's axes.
struct Frame {
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
}

/// Pieces of SVG.
enum SVG {
  /// Escaped text at a place.
  static func text(_ text: String, x: Double, y: Double, _ attributes: String) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" \(attributes)>\(Markup.escaped(text))</text>"
  }

  static func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ attributes: String) -> String {
    "<path d=\"M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))\" \(attributes)/>"
  }

  /// A number with one decimal, or none where it is whole.
  static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
  }

  /// The approximate width of a text in the plot's font; wide characters take about twice as much.
  static func width(_ text: String) -> Double {
    text.reduce(0) { width, character in
      let isWide =
        character.unicodeScalars.first.map { (0x1100...0x3FFFD).contains($0.value) && $0.value > 0x2E7F } ?? false
      return width + (isWide ? 13.5 : 6.9)
    }
  }
}
