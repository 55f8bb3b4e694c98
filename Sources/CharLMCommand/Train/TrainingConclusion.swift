import CharLM
import CharLMTraining

/// What is shown after a run: where the model is, how good it is, what that means, and what to type next.
struct TrainingConclusion {
  let command: TrainCommand
  let report: TrainingReport
  let run: TrainingRun
  /// The model that an earlier run left at the path.
  let earlier: EarlierModel?
  let end: TrainingEnd
  /// What simple predictors make of the validation text; nil where that was not measured.
  let yardstick: Yardstick?

  /// A command to type, and what it does.
  struct NextStep {
    let purpose: String
    let command: String
  }

  /// Writes the lines; commands are not wrapped, so that they can be copied.
  func show(on console: Console) {
    console.say("", prose: summary)
    console.say("model: ", prose: model, style: .label)
    if let better { console.say("note: ", prose: better, style: .warning) }
    if let comparison {
      console.say("compare: ", prose: comparison.comparison, style: .label)
      console.say("         ", prose: comparison.meaning)
    }
    if let diagnosis { console.say("note: ", prose: diagnosis.text, style: .warning) }
    for step in next { console.say("\(step.purpose): \(step.command)") }
  }

  private var summary: String {
    let steps = "\(Quantity.count(report.steps, "step")), \(Quantity.fixed(report.epochs, 2)) epochs"
    let rate = report.trainTokensPerSecond.value.map { ", \(Quantity.count(Int($0))) tokens/s" } ?? ""
    let label =
      switch end {
      case .finished: "done:"
      case .stoppedEarly: "stopped early because validation did not improve:"
      case .interrupted: "interrupted and saved after"
      }
    return "\(label) \(steps) in \(Quantity.measuredTime(report.seconds))\(rate)"
  }

  private var model: String {
    var text = report.model
    if report.bestStep != report.steps { text += ", from step \(Quantity.count(report.bestStep))" }
    if let nats = report.validNatsStateful.value, let bits = report.validBitsPerToken.value {
      text += "; validation \(Quantity.fixed(nats, 4)) nats (\(Quantity.fixed(bits, 3)) bits) per token"
    }
    if let bits = report.validBitsPerByte.value { text += ", \(Quantity.fixed(bits, 3)) bits per byte" }
    let part = ValidationPart(run.data)
    return part.isWhole ? text : text + ", on " + part.text
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

  /// The path of an earlier model that is better than this one.
  private var betterPath: String? { better == nil ? nil : earlier?.keptPath }

  /// The model beside simple predictors.
  var comparison: YardstickText? {
    guard let yardstick, let bits = report.validBitsPerToken.value else { return nil }
    return YardstickText(yardstick, run.data.tokenizer, modelBitsPerToken: bits)
  }

  /// What the run's figures say.
  var diagnosis: TrainingDiagnosis? { end == .interrupted ? nil : TrainingDiagnosis.after(run.record) }

  /// What to type next.
  var next: [NextStep] {
    let program = CommandText.program
    let path = CommandText.quoted(report.model)
    if end == .interrupted {
      return [NextStep(purpose: "continue with", command: command.resuming(modelPath: report.model))]
    }
    var steps: [NextStep] = []
    if let preview = run.preview {
      steps.append(
        NextStep(
          purpose: "next", command: "\(program) transduce --model \(path) \(CommandText.quoted(preview.input))"))
    } else {
      steps.append(NextStep(purpose: "next", command: "\(program) sample --model \(path)"))
      if let betterPath {
        let better = CommandText.quoted(betterPath)
        steps.append(NextStep(purpose: "with the better model", command: "\(program) sample --model \(better)"))
      }
    }
    let kept = run.keptCount > 1 ? KeptModels.paths(forModel: report.model, created: run.created) : []
    if kept.count > 1 {
      let models = kept.map(CommandText.quoted).joined(separator: " ")
      steps.append(NextStep(purpose: "average the last models", command: "\(program) average \(models)"))
    }
    if command.length.budget != nil, !command.resume {
      let settings = RunSettings(network: run.trainer.network, training: run.record.settings)
      steps.append(
        NextStep(
          purpose: "about the same run again", command: command.repeating(steps: run.record.steps, settings: settings)))
    }
    return steps
  }
}
