/// A line plot as SVG; several panels are stacked over a common x axis.
///
/// It adapts to light and dark backgrounds, and needs no scripts and no external resources. In a browser, the values
/// under the pointer are shown.
public struct LinePlot {
  /// A line and its style.
  public struct Line {
    let name: String
    let points: [(x: Double, y: Double)]
    let color: String
    let width: Double
    let dashes: String
    let opacity: Double

    /// - Parameters:
    ///   - name: for the legend; empty for a line that is not in it.
    ///   - points: from left to right; values that cannot be drawn (NaN, and beyond ±1e30) are left out.
    ///   - color: as CSS writes it.
    ///   - dashes: lengths of dashes and gaps, such as `6 4`; empty for a line without gaps.
    public init(
      _ name: String, _ points: [(x: Double, y: Double)], color: String, width: Double = 2, dashes: String = "",
      opacity: Double = 1
    ) {
      (self.name, self.points, self.color) = (name, points.filter { $0.x.isDrawable && $0.y.isDrawable }, color)
      (self.width, self.dashes, self.opacity) = (width, dashes, opacity)
    }

    /// The y of all points.
    public var values: [Double] { points.map(\.y) }
  }

  /// A point marked by a ring, with a label beside it.
  public struct Spot {
    let x: Double
    let y: Double
    let label: String
    let color: String

    /// - Parameter label: empty for only a ring.
    public init(x: Double, y: Double, label: String = "", color: String) {
      (self.x, self.y, self.label, self.color) = (x, y, label, color)
    }
  }

  /// The position of a panel's legend.
  public enum LegendPlace: Sendable {
    /// In the upper right corner.
    case upperRight
    /// In the lower left corner.
    case lowerLeft
    /// Nowhere.
    case hidden
  }

  /// Lines over the common x axis, with their own y axis.
  public struct Panel {
    let label: String
    let height: Double
    let isLogarithmic: Bool
    let range: ClosedRange<Double>?
    let legend: LegendPlace
    let lines: [Line]
    let spots: [Spot]
    let marks: [(x: Double, label: String)]
    let remark: String

    /// - Parameters:
    ///   - label: what the y axis shows.
    ///   - height: the height of the axes, in pixels.
    ///   - isLogarithmic: whether the y axis is logarithmic; values that are not above 0 are then left out.
    ///   - range: the visible part of the y axis, beyond which lines are clipped; nil for all.
    ///   - marks: vertical lines with a label at the top, such as where a forecast begins.
    ///   - remark: in the upper left corner, such as what is beyond the visible part; empty for none.
    public init(
      _ label: String, height: Double = 316, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil,
      legend: LegendPlace = .upperRight, lines: [Line], spots: [Spot] = [],
      marks: [(x: Double, label: String)] = [], remark: String = ""
    ) {
      self.remark = remark
      (self.label, self.height, self.isLogarithmic, self.range) = (label, height, isLogarithmic, range)
      (self.legend, self.lines) = (legend, lines)
      self.spots = spots.filter { $0.x.isDrawable && $0.y.isDrawable }
      self.marks = marks.filter { $0.x.isDrawable }
    }
  }

  let title: String
  let xLabel: String
  let xIsLogarithmic: Bool
  let xStart: Double?
  let readings: [(x: Double, text: String)]
  let panels: [Panel]

  /// How wide the picture is.
  public enum Width: Sendable {
    /// For a page or a screen.
    case wide
    /// For a phone: the same heights and letters in half the width.
    case narrow
  }

  /// A plot of several panels, from top to bottom.
  /// - Parameters:
  ///   - title: above all; empty for none.
  ///   - xIsLogarithmic: whether the x axis is logarithmic; all x must then be above 0.
  ///   - xStart: where the x axis begins; nil for the smallest x.
  ///   - readings: what is shown while the pointer is near an x, from left to right.
  public init(
    _ title: String, xLabel: String, xIsLogarithmic: Bool = false, xStart: Double? = nil,
    readings: [(x: Double, text: String)] = [], panels: [Panel]
  ) {
    self.readings = readings.filter { $0.x.isDrawable }
    (self.title, self.xLabel, self.panels) = (title, xLabel, panels)
    (self.xIsLogarithmic, self.xStart) = (xIsLogarithmic, xStart)
  }

  /// A plot of one panel.
  /// - Parameters:
  ///   - isLogarithmic: whether the y axis is logarithmic; all values must then be positive.
  ///   - xIsLogarithmic: whether the x axis is, too.
  ///   - legendIsLow: whether the legend is in the lower left corner instead of the upper right one.
  ///   - marks: vertical lines with a label at the top, such as where a forecast begins.
  ///   - readings: what is shown while the pointer is near an x, from left to right.
  public init(
    _ title: String, xLabel: String, yLabel: String, isLogarithmic: Bool = false, xIsLogarithmic: Bool = false,
    legendIsLow: Bool = false, marks: [(x: Double, label: String)] = [],
    readings: [(x: Double, text: String)] = [], _ lines: [Line]
  ) {
    let panel = Panel(
      yLabel, isLogarithmic: isLogarithmic, legend: legendIsLow ? .lowerLeft : .upperRight, lines: lines, marks: marks)
    self.init(title, xLabel: xLabel, xIsLogarithmic: xIsLogarithmic, readings: readings, panels: [panel])
  }
}

extension Double {
  /// Whether it can be drawn: differences and multiples of such numbers are finite, and so are their labels.
  var isDrawable: Bool { abs(self) <= 1e30 }
}
