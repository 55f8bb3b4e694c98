/// What `charlm train` can be asked to do instead of training a new model on a text, each with its own flag.
enum TrainingMode: String, Sendable {
  case resume = "--resume"
  case findLearningRate = "--find-lr"
  case pairs = "--pairs"
  case initFrom = "--init-from"
  case teacher = "--teacher"

  /// Why an option cannot be given in this mode, as it continues the option's name.
  func refusal(because reason: String?) -> String {
    switch self {
    case .resume: "cannot be given with --resume, which continues with the run's own settings"
    case .initFrom: "cannot be given with --init-from, which uses that model's settings"
    case .teacher: "cannot be given with --teacher, which uses that model's settings"
    case .pairs, .findLearningRate: "has no meaning with \(rawValue)" + (reason.map { ", \($0)" } ?? "")
    }
  }
}

/// A mode in which an option has no meaning.
struct Exclusion: Sendable {
  let mode: TrainingMode
  /// Why, where it is not plain.
  var reason: String?

  static let resume = Exclusion(mode: .resume)
  static let findLearningRate = Exclusion(mode: .findLearningRate)
  static let pairs = Exclusion(mode: .pairs)
  static let initFrom = Exclusion(mode: .initFrom)
  static let teacher = Exclusion(mode: .teacher)

  static func pairs(because reason: String) -> Exclusion { Exclusion(mode: .pairs, reason: reason) }
}
