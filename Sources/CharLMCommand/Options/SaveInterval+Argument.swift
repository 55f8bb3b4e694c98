import ArgumentParser
import CharLMTraining

extension SaveInterval: ArgumentText {
  /// Reads a time, such as `10m`, or a number of steps, such as `500steps`.
  /// - Throws: `ValidationError` where it is neither.
  init(argument: String) throws {
    for ending in ["steps", "step"] where argument.hasSuffix(ending) {
      let digits = argument.dropLast(ending.count).filter { $0 != " " }
      if let count = Int(digits), count > 0 {
        self = .steps(count)
        return
      }
    }
    if let bare = Double(argument), bare > 0 {
      throw ValidationError("it needs a unit: \(argument)m for minutes, \(argument)steps for steps")
    }
    guard let time = TimeSpan(text: argument) else {
      throw ValidationError("it is neither a time, such as 10m, nor a number of steps, such as 500steps")
    }
    self = .seconds(time.seconds)
  }

  var argumentText: String {
    switch self {
    case .seconds(let seconds): TimeSpan(seconds: seconds).argumentText
    case .steps(let count): "\(count)steps"
    }
  }
}
