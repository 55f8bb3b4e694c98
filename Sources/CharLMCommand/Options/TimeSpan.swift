import ArgumentParser

/// A time as people write it: `90s`, `10m`, `1h30m`, `1.5h`, `2d`; a bare number is seconds.
struct TimeSpan: Equatable, ExpressibleByArgument, ArgumentText {
  /// How long, above 0.
  let seconds: Double

  private static let units: [(letter: Character, seconds: Double)] = [
    ("d", 86400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  init(seconds: Double) { self.seconds = seconds }

  /// nil for what is not a time, for zero, and beyond a year. Units descend from left to right, each at most once.
  init?(argument: String) {
    var total = 0.0
    var rest = TimeSpan.units[...]
    var digits = ""
    for character in argument.filter({ $0 != " " }) {
      if character.isASCII, character.isNumber || character == "." {
        digits.append(character)
        continue
      }
      guard let place = rest.firstIndex(where: { $0.letter == character }), let value = Double(digits) else {
        return nil
      }
      total += value * TimeSpan.units[place].seconds
      rest = TimeSpan.units[(place + 1)...]
      digits = ""
    }
    if !digits.isEmpty {
      guard rest.count == TimeSpan.units.count, let value = Double(digits) else { return nil }
      total = value
    }
    guard total > 0, total <= 366 * 86400 else { return nil }
    seconds = total
  }

  var argumentText: String { (seconds.rounded() == seconds ? "\(Int(seconds))" : "\(seconds)") + "s" }
  var defaultValueDescription: String { Quantity.time(seconds) }
}
