import CharLM
import CharLMData
import CharLMText
import CharLMTraining

/// `--dry-run`: makes a few steps to measure their speed and memory, and writes nothing.
struct Rehearsal {
  private let plan: PlannedRun

  init(_ plan: PlannedRun) { self.plan = plan }

  private struct Report: Encodable {
    let model: String
    let corpusBytes: Int
    let trainTokens: Int
    let validTokens: Int
    let vocabulary: Int
    let parameters: Int
    let steps: OrNull<Int>
    /// The steps, or those that will fit into the time.
    let expectedSteps: Int
    let epochs: OrNull<Double>
    let seconds: Double
    let trainTokensPerSecond: Double
    let peakRssMb: Double
    let expectedNats: OrNull<Double>
    let settings: SettingOptions
  }

  /// Prints what the run would be, and the time and memory it would take.
  func perform() throws {
    let (measured, yardstick) = try rehearsed()
    let report = report(measured, yardstick)
    if plan.command.output.json { return try StandardOutput.print(json: report) }
    let time: String
    if case .budget(let seconds) = plan.settings.training.length {
      time = "\(Quantity.time(seconds)), about \(Quantity.count(measured.stepsWithin(seconds), "step"))"
    } else {
      time = "about " + Quantity.time(report.seconds)
    }
    let notes =
      plan.introduction.lines + [
        CommandNote(.time, "\(time), at \(Quantity.count(Int(measured.tokensPerSecond))) tokens/s on this machine"),
        CommandNote(.memory, "about \(Quantity.fixed(report.peakRssMb, 0)) MB"),
        CommandNote(.quality, quality(report, yardstick)),
      ]
    let width = StandardOutput.isTerminal ? Terminal.outputWidth : nil
    try StandardOutput.print(
      notes.text(width: width, isColored: false) + "\nnothing was written (--dry-run)\n")
  }

  /// Makes steps, a validation and the evaluation of a saved model, as the run would, on a sample of the validation
  /// text: what takes memory is all there.
  private func rehearsed() throws -> (StepTiming, Yardstick?) {
    let data = try plan.data.validating(upTo: Rehearsal.validationTokens)
    let run = plan.makeRun(on: data)
    let timing = try run.measureTiming(
      seconds: 1, validationTokenCount: plan.data.validationTokenCount, clock: { Clock.seconds })
    guard let text = data.validationText else { return (timing, nil) }
    if let model = LanguageModel(run.presentModel) {
      _ = try model.evaluate(text, threadCount: plan.command.threads.count)
    }
    return (timing, try Yardstick(of: text, training: data.trainingText, tokenizer: data.tokenizer))
  }

  /// So many that evaluation reads all its streams side by side, which is where it takes most memory.
  private static let validationTokens = 1 << 17

  private func quality(_ report: Report, _ yardstick: Yardstick?) -> String {
    if let nats = report.expectedNats.value {
      let bits = Quantity.fixed(Evaluation.bits(nats: nats), 2)
      return "about \(Quantity.fixed(nats, 2)) nats (\(bits) bits) per token, as of English prose or plays trained for "
        + "as many steps"
    }
    guard let bits = yardstick?.bitsPerToken[.ngram] else { return "not known before it is trained" }
    return "not known before it is trained; to beat: a 5-gram, with \(Quantity.fixed(bits, 2)) bits per token"
  }

  /// There are figures only for English text by character, after some training.
  private func expectedNats(steps: Int, _ yardstick: Yardstick?) -> Double? {
    guard let yardstick, plan.data.tokenizer.settings.unit != .word else { return nil }
    let trained = Double(steps) / plan.estimate.stepsPerEpoch * Double(plan.data.trainTokenCount)
    guard ExpectedQuality.isKnown(for: yardstick, textTokens: plan.data.trainTokenCount, trainedTokens: trained) else {
      return nil
    }
    return ExpectedQuality.nats(textTokens: plan.data.trainTokenCount, trainedTokens: trained)
  }

  private func report(_ measured: StepTiming, _ yardstick: Yardstick?) -> Report {
    let stepCount = plan.estimate.stepCount
    let expectedSteps: Int
    let seconds: Double
    if case .budget(let budget) = plan.settings.training.length {
      (expectedSteps, seconds) = (stepCount ?? measured.stepsWithin(budget), budget)
    } else {
      (expectedSteps, seconds) = (stepCount ?? 0, measured.seconds(steps: stepCount ?? 0))
    }
    return Report(
      model: plan.modelPath, corpusBytes: plan.data.corpus.byteCount, trainTokens: plan.data.trainTokenCount,
      validTokens: plan.data.validationTokenCount, vocabulary: plan.data.tokenizer.vocabulary.count,
      parameters: plan.estimate.parameterCount, steps: OrNull(stepCount),
      expectedSteps: expectedSteps, epochs: OrNull(stepCount.map { Double($0) / plan.estimate.stepsPerEpoch }),
      seconds: seconds,
      trainTokensPerSecond: measured.tokensPerSecond, peakRssMb: ThisProcess.peakMegabytes,
      expectedNats: OrNull(expectedNats(steps: expectedSteps, yardstick)),
      settings: SettingOptions(plan.settings, modes: plan.command.modes))
  }
}
