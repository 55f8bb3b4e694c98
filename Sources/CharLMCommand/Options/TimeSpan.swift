import ArgumentParser

/// A time as people write it: `90s`, `10m`, `2 minutes`, `1h 30m`, `1.5h`, `2d`.
struct TimeSpan: Equatable, ArgumentText {
  /// How long, above 0.
  let seconds: Double

  /// What a time can look like, for messages.
  static let forms = "90s, 10m or 1h30m"

  private static let units: [(names: [String], seconds: Double)] = [
    (["d", "day", "days"], 86400), (["h", "hr", "hrs", "hour", "hours"], 3600),
    (["m", "min", "mins", "minute", "minutes"], 60), (["s", "sec", "secs", "second", "seconds"], 1),
  ]

  init(seconds: Double) { self.seconds = seconds }

  /// nil for what is not a time, for zero, and beyond a year. Units descend from left to right, each at most once.
  init?(text: String) {
    var total = 0.0
    var units = TimeSpan.units[...]
    var rest = text.lowercased().filter { $0 != " " }[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      let letters = rest.dropFirst(digits.count).prefix { $0.isLetter }
      guard let value = Double(digits), let place = units.firstIndex(where: { $0.names.contains(String(letters)) })
      else { return nil }
      total += value * units[place].seconds
      units = units[(place + 1)...]
      rest = rest.dropFirst(digits.count + letters.count)
    }
    guard total > 0, total <= 366 * 86400 else { return nil }
    seconds = total
  }

  /// Reads a time with its unit.
  /// - Throws: `ValidationError`, which names the forms; a bare number may mean seconds or minutes.
  init(argument: String) throws {
    if let bare = Double(argument), bare > 0 {
      throw ValidationError("a time needs a unit: \(argument)s for seconds, \(argument)m for minutes")
    }
    guard let time = TimeSpan(text: argument) else {
      throw ValidationError("it is not a time, such as \(TimeSpan.forms)")
    }
    self = time
  }

  var argumentText: String { (seconds.rounded() == seconds ? "\(Int(seconds))" : "\(seconds)") + "s" }
}

/// A time where the option's name says that it is in seconds, so that a bare number will do.
struct Seconds: Equatable, ExpressibleByArgument, ArgumentText {
  let time: TimeSpan

  init(_ seconds: Double) { time = TimeSpan(seconds: seconds) }

  init?(argument: String) {
    guard let time = TimeSpan(text: Double(argument) == nil ? argument : argument + "s") else { return nil }
    self.time = time
  }

  var argumentText: String { time.argumentText }
  var defaultValueDescription: String { Quantity.time(time.seconds) }
}
