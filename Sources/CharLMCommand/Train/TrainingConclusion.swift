import CharLMTraining

/// What is shown after a run: where the model is, how good it is, and what to type next.
struct TrainingConclusion {
  let command: TrainCommand
  let report: TrainingReport
  let run: TrainingRun
  /// The model that an earlier run left at the path.
  let earlier: EarlierModel?
  let end: TrainingEnd

  /// The lines.
  var text: String { ([summary, model] + [better].compactMap(\.self) + next).joined(separator: "\n") }

  private var summary: String {
    let steps = "\(Quantity.count(report.steps, "step")), \(Quantity.fixed(report.epochs, 2)) epochs"
    let rate = report.trainTokensPerSecond.value.map { ", \(Quantity.count(Int($0))) tokens/s" } ?? ""
    let word =
      switch end {
      case .finished: "done:"
      case .stoppedEarly: "stopped early because validation did not improve:"
      case .interrupted: "interrupted and saved after"
      }
    return "\(word) \(steps) in \(Quantity.measuredTime(report.seconds))\(rate)"
  }

  private var model: String {
    var text = "model: \(report.model)"
    if report.bestStep != report.steps { text += ", from step \(Quantity.count(report.bestStep))" }
    if let nats = report.validNatsStateful.value, let bits = report.validBitsPerToken.value {
      text += "; validation \(Quantity.fixed(nats, 4)) nats (\(Quantity.fixed(bits, 3)) bits) per token"
    }
    if let bits = report.validBitsPerByte.value { text += ", \(Quantity.fixed(bits, 3)) bits per byte" }
    return text
  }

  /// Which model of an earlier run is better than this one.
  private var better: String? {
    guard let earlier, let advantage = earlier.advantage(over: run) else { return nil }
    let how =
      switch advantage {
      case .loss(let old, let new):
        "is better: validation \(Quantity.fixed(old, 4)) nats, this one \(Quantity.fixed(new, 4))"
      case .tokens(let old, let new):
        "was trained on \(Quantity.count(old, "token")), this one on \(Quantity.count(new))"
      }
    return "the earlier model, \(earlier.keptPath), \(how)"
  }

  /// What to type next.
  var next: [String] {
    let program = CommandText.program
    let path = CommandText.quoted(report.model)
    if end == .interrupted { return ["continue with: " + command.resuming(modelPath: report.model)] }
    var lines: [String] = []
    if let preview = run.preview {
      lines.append("next: \(program) transduce --model \(path) \(CommandText.quoted(preview.input))")
    } else {
      lines.append("next: \(program) sample --model \(path)")
    }
    let kept = run.keptCount > 1 ? KeptModels.paths(forModel: report.model, created: run.created) : []
    if kept.count > 1 {
      let models = kept.map(CommandText.quoted).joined(separator: " ")
      lines.append("average the last models: \(program) average \(models)")
    }
    if command.length.budget != nil, !command.resume {
      let settings = RunSettings(network: run.trainer.network, training: run.record.settings)
      lines.append("about the same run again: \(command.repeating(steps: run.record.steps, settings: settings))")
    }
    return lines
  }
}
