/// What a difference between two predictors of the same text comes to, in a sentence.
struct DifferenceText {
  private let names: [String]
  private let difference: Double
  private let interval: [Double]?
  private let largest: Double

  /// - Parameters:
  ///   - names: of the first and of the second.
  ///   - difference: how many bits a byte the first takes more.
  ///   - interval: within which it lies in 95 of 100 texts; nil where there is one line.
  ///   - largest: the bits a byte of the one that takes more.
  init(_ names: [String], _ difference: Double, within interval: [Double]?, of largest: Double) {
    (self.names, self.difference, self.interval, self.largest) = (
      names, difference, interval, largest
    )
  }

  var text: String {
    let (winner, loser) = difference < 0 ? (names[0], names[1]) : (names[1], names[0])
    let percent = Quantity.fixed(100 * abs(difference) / largest, 1)
    let amount = "\(Quantity.fixed(abs(difference), 4)) bits per byte (\(percent)%)"
    guard let interval else { return "\(winner) takes \(amount) fewer than \(loser), on one line" }
    let bounds = interval.map { Quantity.fixed(difference < 0 ? -$0 : $0, 4) }
    let ordered = difference < 0 ? Array(bounds.reversed()) : bounds
    let isCertain = interval[0] > 0 || interval[1] < 0
    return isCertain
      ? "\(winner) takes \(amount) fewer than \(loser); 95% interval \(ordered[0]) to \(ordered[1])"
      : "no certain difference: \(winner) takes \(amount) fewer, but the 95% interval includes 0 "
        + "(\(Quantity.fixed(interval[0], 4)) to \(Quantity.fixed(interval[1], 4)))"
  }
}
