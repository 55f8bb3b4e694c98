import RecurrentNN

/// How far a difference between two predictors may be chance: paired bootstrap over lines (Efron 1979; for language
/// technology Koehn 2004).
///
/// As many lines as the text has are drawn from it again and again, with repetition, and the difference in bits a byte is
/// computed of each such text. Lines are taken as independent, which neighbours in a text are not quite: the interval is
/// rather too narrow than too wide.
public struct Bootstrap: Hashable, Sendable {
  /// In 95 of 100 texts the difference is within these bounds.
  public let interval: ClosedRange<Double>
  /// The share of texts in which the first predictor takes fewer bits than the second.
  public let firstWins: Double
  /// How many texts were drawn.
  public let drawCount: Int

  /// Draws texts from the lines of a comparison.
  /// - Parameters:
  ///   - drawCount: how many texts.
  ///   - randomSeed: the same one gives the same result.
  /// - Returns: nil for fewer than two lines, of which nothing can be told.
  /// - Complexity: O(lines · `drawCount`).
  public init?(_ comparison: TextComparison, drawCount: Int = 2000, randomSeed: UInt64 = 1) {
    let lines = comparison.lines.map { (difference: $0.sums.difference, byteCount: Double($0.sums.byteCount)) }
    guard lines.count > 1, drawCount > 1 else { return nil }
    var random = SeededGenerator(seed: randomSeed)
    var differences: [Double] = []
    for _ in 0..<drawCount {
      var (difference, byteCount) = (0.0, 0.0)
      for _ in lines.indices {
        let line = lines[Int.random(in: 0..<lines.count, using: &random)]
        difference += line.difference
        byteCount += line.byteCount
      }
      differences.append(difference / byteCount)
    }
    differences.sort()
    let tail = Int((Double(drawCount) * 0.025).rounded())
    interval = differences[tail]...differences[drawCount - 1 - tail]
    firstWins = Double(differences.count { $0 < 0 }) / Double(drawCount)
    self.drawCount = drawCount
  }
}
