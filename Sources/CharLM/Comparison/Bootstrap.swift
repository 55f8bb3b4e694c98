import RecurrentNN

/// How far a difference between two predictors may be chance: paired bootstrap over lines (Efron 1979; for language
/// technology Koehn 2004).
///
/// As many lines as the text has are drawn from it again and again, with repetition, and the difference in bits a byte is
/// computed of each such text. Lines are taken as independent, which neighbours in a text are not quite: the interval is
/// rather too narrow than too wide.
public struct Bootstrap: Hashable, Sendable {
  /// How many bits a byte the first predictor takes more than the second, in the text as it is.
  public let difference: Double
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
  /// - Returns: nil for fewer than two lines, of which nothing can be told, and where a predictor's bits are not finite.
  /// - Complexity: O(lines · `drawCount`).
  public init?(_ comparison: TextComparison, drawCount: Int = 2000, randomSeed: UInt64 = 1) {
    self.init(
      comparison.lines.map { Line(difference: $0.sums.difference, byteCount: $0.sums.byteCount) },
      drawCount: drawCount,
      randomSeed: randomSeed)
  }

  /// A line of a text that two predictors have read.
  public struct Line: Hashable, Sendable {
    /// How many bits more the first takes.
    public let difference: Double
    /// Its bytes.
    public let byteCount: Int

    /// A line.
    public init(difference: Double, byteCount: Int) {
      (self.difference, self.byteCount) = (difference, byteCount)
    }
  }

  /// Draws texts from lines.
  /// - Parameters: as for a comparison.
  /// - Returns: nil for fewer than two lines, of which nothing can be told.
  /// - Complexity: O(lines · `drawCount`).
  public init?(_ lines: [Line], drawCount: Int = 2000, randomSeed: UInt64 = 1) {
    guard lines.count > 1, drawCount > 1 else { return nil }
    var random = SeededGenerator(seed: randomSeed)
    var differences: [Double] = []
    for _ in 0..<drawCount {
      var (difference, byteCount) = (0.0, 0.0)
      for _ in lines.indices {
        let line = lines[Int.random(in: 0..<lines.count, using: &random)]
        difference += line.difference
        byteCount += Double(line.byteCount)
      }
      differences.append(difference / byteCount)
    }
    guard differences.allSatisfy(\.isFinite) else { return nil }
    differences.sort()
    let tail = Int((Double(drawCount) * 0.025).rounded())
    interval = differences[tail]...differences[drawCount - 1 - tail]
    firstWins = Double(differences.count { $0 < 0 }) / Double(drawCount)
    self.drawCount = drawCount
    difference =
      lines.reduce(0) { $0 + $1.difference } / Double(lines.reduce(0) { $0 + $1.byteCount })
  }
}
