import CharLM
import CharLMTraining

/// A text and settings with which a training takes a moment.
enum ShortTraining {
  static let text = String(repeating: "the cat sat on the mat. a dog ran by the sea. ", count: 60)

  static func requested(steps: Int) -> RequestedSettings {
    var requested = RequestedSettings()
    requested[\.training.length] = .steps(steps)
    requested[\.network.hidden] = 24
    return requested
  }
}
