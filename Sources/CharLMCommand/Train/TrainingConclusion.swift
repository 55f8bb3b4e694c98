import CharLMTraining

/// What is said after a run: where the model is, how good, and what to type next.
struct TrainingConclusion {
  let report: TrainingReport
  let run: TrainingRun
  let end: TrainingEnd

  /// The lines.
  var text: String { ([summary, model] + next).joined(separator: "\n") }

  private var summary: String {
    let steps = "\(Quantity.count(report.steps, "step")), \(Quantity.fixed(report.epochs, 2)) epochs"
    let rate = report.trainTokensPerSecond.value.map { ", \(Quantity.count(Int($0))) tokens/s" } ?? ""
    let word =
      switch end {
      case .finished: "done:"
      case .stoppedEarly: "stopped early, for validation got no better:"
      case .interrupted: "interrupted and saved after"
      }
    return "\(word) \(steps) in \(Quantity.measuredTime(report.seconds))\(rate)"
  }

  private var model: String {
    var text = "model: \(report.model)"
    if report.bestStep != report.steps { text += ", taken at step \(Quantity.count(report.bestStep))" }
    if let nats = report.validNatsStateful.value, let bits = report.validBitsPerToken.value {
      text += "; validation \(Quantity.fixed(nats, 4)) nats (\(Quantity.fixed(bits, 3)) bits) a token"
    }
    if let bits = report.validBitsPerByte.value { text += ", \(Quantity.fixed(bits, 3)) bits a byte" }
    return text
  }

  /// What to type next.
  var next: [String] {
    let program = CommandText.program
    let path = CommandText.quoted(report.model)
    let command = Array(CommandLine.arguments.dropFirst())
    if end == .interrupted {
      let goingOn = [program, "train", "--resume", "--model", path] + CommandText.watching(command)
      return ["go on with: " + goingOn.joined(separator: " ")]
    }
    var lines: [String] = []
    if let preview = run.preview {
      lines.append("next: \(program) transduce --model \(path) \(CommandText.quoted(preview.input))")
    } else {
      lines.append("next: \(program) sample --model \(path)")
    }
    let kept = run.keptCount > 1 ? KeptModels.paths(forModel: report.model, created: run.created) : []
    if kept.count > 1 {
      let models = kept.map(CommandText.quoted).joined(separator: " ")
      lines.append("mean of the last models: \(program) average \(models)")
    }
    let names = CommandText.names(command)
    if names.contains("--budget"), !names.contains("--resume") {
      let again = CommandText.repeating(command, settings: ChosenOptions(run.trainer.model, run.record))
      lines.append("about the same run again: \(again)")
    }
    return lines
  }
}

/// Commands to type, as text.
enum CommandText {
  /// The program as it was called.
  static var program: String { quoted(CommandLine.arguments.first ?? "charlm") }

  /// A command with `--steps` in place of `--budget`, and all that was chosen for the time.
  static func repeating(_ arguments: [String], settings: ChosenOptions) -> String {
    var words: [String] = []
    var isValue = false
    for argument in arguments {
      if isValue {
        isValue = false
      } else if argument == "--budget" {
        words += ["--steps", String(settings.steps)]
        isValue = true
      } else if argument.hasPrefix("--budget=") {
        words += ["--steps", String(settings.steps)]
      } else {
        words.append(quoted(argument))
      }
    }
    for (name, value) in settings.options(beside: names(arguments)) { words += [name, value] }
    return ([program] + words).joined(separator: " ")
  }

  /// The names of the options of a command, and its other words.
  static func names(_ arguments: [String]) -> Set<String> { Set(arguments.map(name)) }

  private static func name(_ argument: String) -> String { String(argument.prefix { $0 != "=" }) }

  /// What a command says of how its run is watched, saved and kept, with the values.
  static func watching(_ arguments: [String]) -> [String] {
    let options: Set = ["--log", "--report", "--tensorboard", "--show-samples", "--keep", "--save-every"]
    var words: [String] = []
    var isValue = false
    for argument in arguments {
      let isOption = !isValue && options.contains(name(argument))
      if isOption || isValue { words.append(quoted(argument)) }
      isValue = isOption && name(argument) == argument
    }
    return words
  }

  /// A word as a shell reads it back.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "+"), 0x80...:
        true
      default: false
      }
    }
    if isPlain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
