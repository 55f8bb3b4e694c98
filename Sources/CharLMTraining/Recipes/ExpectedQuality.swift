import CharLM

/// The loss to expect of a training by the recipes, from the losses that earlier ones reached.
///
/// The measured texts are the beginnings of a megabyte of plays in English (tiny Shakespeare); other texts, and scripts
/// of many characters, are more or less predictable in themselves. The figures are in Benchmarks/README.md.
package enum ExpectedQuality {
  /// Validation of one measured training.
  struct Point {
    let trainedTokens: Double
    let nats: Double
  }

  /// By the number of tokens to train on.
  static let measured: [(textTokens: Double, points: [Point])] = [
    (
      9_000,
      [
        Point(trainedTokens: 45_000, nats: 2.313), Point(trainedTokens: 135_000, nats: 2.004),
        Point(trainedTokens: 540_000, nats: 1.927),
      ]
    ),
    (
      90_000,
      [
        Point(trainedTokens: 270_000, nats: 1.728), Point(trainedTokens: 900_000, nats: 1.475),
        Point(trainedTokens: 5_500_000, nats: 1.391),
      ]
    ),
    (
      1_000_000,
      [
        Point(trainedTokens: 300_000, nats: 1.930), Point(trainedTokens: 1_500_000, nats: 1.497),
        Point(trainedTokens: 2_200_000, nats: 1.450), Point(trainedTokens: 3_400_000, nats: 1.372),
        Point(trainedTokens: 9_300_000, nats: 1.346),
      ]
    ),
  ]

  /// Bits per character that a 5-gram reaches on the ends of the measured texts.
  private static let measuredNGrams = [(x: 9_000.0, y: 3.29), (90_000, 2.30), (1_000_000, 2.38)]

  /// The validation loss to expect of a text like these, in nats per character.
  ///
  /// Interpolated in the logarithms of both numbers; beyond the measured points it is the loss of the nearest one, so that
  /// a training longer than any measured one will probably do better.
  /// - Parameters:
  ///   - textTokens: the number of characters to train on.
  ///   - trainedTokens: the number of characters that will be trained on, repetitions included.
  package static func nats(textTokens: Int, trainedTokens: Double) -> Double {
    let curves = measured.map { (x: $0.textTokens, y: nats(on: $0.points, trainedTokens)) }
    return interpolated(curves, atLogOf: Double(textTokens))
  }

  /// Whether the figures apply: the training is not shorter than the measured ones, and the text is like the measured
  /// ones to simple predictors, which see DNA, chess games or a table of numbers at once.
  package static func isKnown(for yardstick: Yardstick, textTokens: Int, trainedTokens: Double) -> Bool {
    guard let unigram = yardstick.bitsPerToken[.unigram], let ngram = yardstick.bitsPerToken[.ngram] else {
      return false
    }
    let shortest = interpolated(
      measured.compactMap { curve in curve.points.first.map { (x: curve.textTokens, y: $0.trainedTokens) } },
      atLogOf: Double(textTokens))
    let usual = interpolated(measuredNGrams, atLogOf: Double(textTokens))
    return trainedTokens >= shortest && textTokens >= 9_000 && abs(unigram - 4.8) < 0.25 && abs(ngram - usual) < 0.25
  }

  private static func nats(on points: [Point], _ trainedTokens: Double) -> Double {
    interpolated(points.map { (x: $0.trainedTokens, y: $0.nats) }, atLogOf: trainedTokens)
  }
}
