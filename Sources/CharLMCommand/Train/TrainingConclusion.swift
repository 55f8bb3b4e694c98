import CharLMTraining

/// What is shown after a run: where the model is, how good it is, and what to type next.
struct TrainingConclusion {
  let command: TrainCommand
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
