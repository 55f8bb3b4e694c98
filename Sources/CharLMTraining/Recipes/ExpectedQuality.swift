#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a training by the recipes will come to, by what it came to before.
///
/// The measured texts are the beginnings of a megabyte of plays in English (tiny Shakespeare): a text of other
/// contents, or in a script of many characters, is more or less predictable by itself. The figures are in
/// Benchmarks/README.md.
public enum ExpectedQuality {
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
        Point(trainedTokens: 45_000, nats: 2.185), Point(trainedTokens: 135_000, nats: 1.946),
        Point(trainedTokens: 540_000, nats: 1.944),
      ]
    ),
    (
      90_000,
      [
        Point(trainedTokens: 270_000, nats: 1.744), Point(trainedTokens: 900_000, nats: 1.459),
        Point(trainedTokens: 5_500_000, nats: 1.391),
      ]
    ),
    (
      1_000_000,
      [
        Point(trainedTokens: 300_000, nats: 1.871), Point(trainedTokens: 1_500_000, nats: 1.571),
        Point(trainedTokens: 6_000_000, nats: 1.427), Point(trainedTokens: 8_000_000, nats: 1.404),
        Point(trainedTokens: 11_100_000, nats: 1.364),
      ]
    ),
  ]

  /// The validation loss to expect of a text like English, in nats a character.
  ///
  /// Between the measured points it goes with the logarithms of both numbers; beyond them it is that of the nearest, so
  /// that a longer training than any measured one will rather do better.
  /// - Parameters:
  ///   - textTokens: the number of characters to train on.
  ///   - trainedTokens: the number of characters that will be trained on, repetitions counted.
  public static func nats(textTokens: Int, trainedTokens: Double) -> Double {
    let curves = measured.map { (log($0.textTokens), nats(on: $0.points, log(trainedTokens))) }
    return interpolated(curves, at: log(Double(textTokens)))
  }

  private static func nats(on points: [Point], _ place: Double) -> Double {
    interpolated(points.map { (log($0.trainedTokens), $0.nats) }, at: place)
  }
}

/// The value at a place of the line through measured points, beyond them that of the nearest.
/// - Parameter points: by rising x, at least one.
func interpolated(_ points: [(x: Double, y: Double)], at x: Double) -> Double {
  guard let next = points.firstIndex(where: { $0.x >= x }) else { return points[points.count - 1].y }
  guard next > 0 else { return points[0].y }
  let (low, high) = (points[next - 1], points[next])
  return low.y + (high.y - low.y) * (x - low.x) / (high.x - low.x)
}
