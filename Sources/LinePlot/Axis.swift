#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The scale of an axis: where values are placed, and which values are labelled.
struct Axis {
  /// The labelled values, from low to high.
  let ticks: [(place: Double, label: String)]
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double
  private let isLogarithmic: Bool

  /// - Parameters:
  ///   - range: of the values; above 0 where the axis is logarithmic.
  ///   - tickCount: the approximate number of labelled values.
  ///   - margin: the part of the range that stays free at both ends.
  init(
    _ range: ClosedRange<Double>, from start: Double, to end: Double, isLogarithmic: Bool = false,
    tickCount: Double = 6, margin: Double = 0
  ) {
    var (low, high) = (range.lowerBound, range.upperBound)
    if isLogarithmic { (low, high) = (log10(low), log10(high)) }
    // A flat line is placed in the middle.
    let least = isLogarithmic ? 0.1 : max(abs(low), 1e-9) * 1e-6
    if high - low < least { (low, high) = (low - 500 * least, high + 500 * least) }
    let room = margin * (high - low)
    (self.low, self.high) = (low - room, high + room)
    (self.start, self.end, self.isLogarithmic) = (start, end, isLogarithmic)
    let visible = self.low...self.high
    let values =
      isLogarithmic
      ? Axis.logarithmicTicks(visible, count: tickCount) : Axis.linearTicks(visible, count: tickCount)
    ticks = values.map { scaled, label in
      (start + (scaled - visible.lowerBound) / (visible.upperBound - visible.lowerBound) * (end - start), label)
    }
  }

  /// The place of a value; on a logarithmic axis, values that are not above 0 are placed at its low end.
  func place(_ value: Double) -> Double {
    let scaled = isLogarithmic ? (value > 0 ? log10(value) : low) : value
    return start + (scaled - low) / (high - low) * (end - start)
  }

  /// Multiples of 1, 2 or 5 times a power of ten.
  private static func linearTicks(_ range: ClosedRange<Double>, count: Double) -> [(Double, String)] {
    let width = range.upperBound - range.lowerBound
    let power = pow(10, log10(width / count).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { width / $0 <= count + 0.5 } ?? width
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    guard last >= first else { return [] }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    return (0...Int(last - first)).map { number in
      let value = (first + Double(number)) * step
      return (value, Label.fixed(value, decimals))
    }
  }

  /// Powers of ten; with their multiples 2 and 5 where there are few.
  private static func logarithmicTicks(_ range: ClosedRange<Double>, count: Double) -> [(Double, String)] {
    let width = range.upperBound - range.lowerBound
    let step = max(1, (width / (count + 1)).rounded(.up))
    let multiples = width > count / 2 ? [1.0] : width > count / 4 ? [1, 3] : [1, 2, 5]
    var ticks: [(Double, String)] = []
    var exponent = (range.lowerBound / step).rounded(.down) * step
    while exponent <= range.upperBound {
      for multiple in multiples where range.contains(exponent + log10(multiple)) {
        ticks.append((exponent + log10(multiple), Label.power(multiple, Int(exponent))))
      }
      exponent += step
    }
    return ticks
  }
}

/// Numbers beside an axis.
package enum Label {
  /// A number with a fixed number of decimals and thousands separated: "12,000", "0.25"; "2e-07" where there would be too many.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard decimals <= 5, abs(value) < 1e12 else {
      // Few digits, as far as float32 reaches.
      return Float(value).isFinite ? "\(Float(value))" : "\(value)"
    }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let whole = Int((abs(value) * scale).rounded())
    var digits = String(whole)
    digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    var left = String(digits.dropLast(decimals))
    let right = decimals > 0 ? "." + digits.suffix(decimals) : ""
    var groups = ""
    while left.count > 3 {
      groups = "," + left.suffix(3) + groups
      left.removeLast(3)
    }
    return (value < 0 && whole > 0 ? "−" : "") + left + groups + right
  }

  /// A multiple of a power of ten: "0.05", "200", "2e-8".
  static func power(_ multiple: Double, _ exponent: Int) -> String {
    guard (-4...5).contains(exponent) else { return "\(Int(multiple))e\(exponent)" }
    return fixed(multiple * pow(10, Double(exponent)), max(0, -exponent))
  }
}
