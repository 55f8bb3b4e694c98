/// The largest difference between numbers and what they should be, relative to each number and to the root mean
/// square of all of them; infinite where one is not a number or the counts differ.
///
/// The mean is the sensible floor: a sum that almost cancels keeps the rounding of its parts, so a small element beside
/// large ones can be no more exact than these are. Where all should be zero, they must be zero, unless there is a floor.
/// - Parameter floor: differences are not taken relative to less than this.
package func relativeError(_ actual: [Float], _ expected: [Double], floor: Double = 0) -> Double {
  guard actual.count == expected.count else { return .infinity }
  let meanSquare = expected.reduce(0) { $0 + $1 * $1 } / Double(max(expected.count, 1))
  return zip(actual, expected).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1)
    if difference == 0 { return worst }
    let error = difference / max(abs(pair.1), meanSquare.squareRoot(), floor)
    return error.isNaN ? .infinity : max(worst, error)
  }
}

package func relativeError(_ actual: [Float], _ expected: [Float]) -> Double {
  relativeError(actual, expected.map { Double($0) })
}

/// Numbers for tests to be fed with: SplitMix64, seeded.
package struct RandomValues: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in (−bound, bound).
  package mutating func floats(_ count: Int, bound: Float = 1) -> [Float] {
    (0..<count).map { _ in Float.random(in: -bound..<bound, using: &self) }
  }
}
