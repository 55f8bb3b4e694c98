#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where values stand in the picture, and the values that are written beside the axis.
struct Axis {
  let ticks: [(place: Double, label: String)]
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double
  private let isLogarithmic: Bool

  /// - Parameter margin: the part of the range that stays free at both ends.
  init(_ values: [Double], from start: Double, to end: Double, isLogarithmic: Bool = false, margin: Double = 0) {
    let scaled = isLogarithmic ? values.map(log10) : values
    let least = scaled.min() ?? 0
    let range = max((scaled.max() ?? 1) - least, 1e-9)
    let (low, high) = (least - margin * range, least + range + margin * range)
    let step = isLogarithmic ? max(1, (range / 7).rounded(.up)) : Axis.step(range)
    (self.low, self.high, self.start, self.end, self.isLogarithmic) = (low, high, start, end, isLogarithmic)
    let count = Int((high / step).rounded(.down) - (low / step).rounded(.up))
    ticks = (0...max(count, 0)).map { number in
      let value = ((low / step).rounded(.up) + Double(number)) * step
      let place = start + (value - low) / (high - low) * (end - start)
      return (place, isLogarithmic ? "1e\(Int(value))" : Axis.label(value, step: step))
    }
  }

  /// The place of a value.
  func place(_ value: Double) -> Double {
    start + ((isLogarithmic ? log10(value) : value) - low) / (high - low) * (end - start)
  }

  /// 1, 2 or 5 times a power of ten, so that about six ticks fit.
  private static func step(_ range: Double) -> Double {
    let power = pow(10, log10(range / 6).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { range / $0 <= 6.5 } ?? range
  }

  private static func label(_ value: Double, step: Double) -> String {
    step >= 1 ? "\(Int(value.rounded()))" : "\((value / step).rounded() / (1 / step).rounded())"
  }
}
