/// Pearson's test of how often things came against how often they should.
public struct ChiSquare {
  /// Σ (observed − expected)² / expected over the things that may come.
  public let value: Double
  /// The number of things that may come, less one.
  public let freedom: Int
  /// What must not come, and came.
  public let impossibleCount: Int

  /// - Parameter probabilities: how likely each is, together 1.
  public init(_ counts: [Int], _ probabilities: [Double]) {
    let total = Double(counts.reduce(0, +))
    var (value, freedom, impossibleCount) = (0.0, -1, 0)
    for (count, probability) in zip(counts, probabilities) {
      if probability > 0 {
        let difference: Double = Double(count) - probability * total
        value += difference * difference / (probability * total)
        freedom += 1
      } else {
        impossibleCount += count
      }
    }
    (self.value, self.freedom, self.impossibleCount) = (value, max(freedom, 0), impossibleCount)
  }

  /// Whether the counts may be of these probabilities: sums beyond the limit come once in 10,000 (Wilson and Hilferty 1931).
  public var isLikely: Bool {
    guard impossibleCount == 0 else { return false }
    guard freedom > 0 else { return true }
    let part = 2 / (9 * Double(freedom))
    let root = 1 - part + 3.719 * part.squareRoot()
    return value <= Double(freedom) * root * root * root
  }
}
