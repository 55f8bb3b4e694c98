import CharLM
import CharLMText

/// How sure the differences between the predictors of a text are: paired, over its lines.
///
/// Compressors are left out: what they need for a line is not to be had.
struct PairedDifferences {
  /// A difference of two predictors, in bits a byte: below zero where the first is better.
  struct Difference: Encodable, Sendable {
    let first: String
    let second: String
    let difference: Double
    /// Within these bounds it lies in 95 of 100 texts.
    let interval: [Double]
    /// In this share of texts the first takes fewer bits.
    let firstWins: Double
    let lines: Int

    /// - Parameter largest: the bits a byte of the worse one.
    func text(of largest: Double) -> String {
      DifferenceText([first, second], difference, within: interval, of: largest).text
    }
  }

  private let lines: TextDivision

  /// - Parameter lines: of the text.
  init(_ lines: TextDivision) { self.lines = lines }

  /// The difference of two predictors by what each token has cost; nil where fewer than two lines are known of both.
  func difference(_ first: (name: String, nats: [Float]), _ second: (name: String, nats: [Float]))
    -> Difference?
  {
    let parts = zip(lines.parts, zip(lines.bits(first.nats), lines.bits(second.nats))).map {
      part, bits in
      Bootstrap.Line(difference: bits.0 - bits.1, byteCount: part.byteCount)
    }
    guard let bootstrap = Bootstrap(parts) else { return nil }
    return Difference(
      first: first.name, second: second.name, difference: bootstrap.difference,
      interval: [bootstrap.interval.lowerBound, bootstrap.interval.upperBound],
      firstWins: bootstrap.firstWins,
      lines: parts.count)
  }
}
