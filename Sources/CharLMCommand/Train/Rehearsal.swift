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
    let epochs: OrNull<Double>
    let seconds: Double
    let trainTokensPerSecond: Double
    let peakRssMb: Double
    let expectedNats: OrNull<Double>
  }

  /// Prints what the run would be, and the time and memory it would take.
  func perform() throws {
    let measured = try plan.makeRun().measureTiming(seconds: 1, clock: { Clock.seconds })
    let report = report(measured)
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
        CommandNote(.quality, quality(report)),
      ]
    try StandardOutput.print(notes.text + "\nnothing was written (--dry-run)\n")
  }

  private func quality(_ report: Report) -> String {
    guard let nats = report.expectedNats.value else { return "unknown for this kind of text" }
    return
      "about \(Quantity.fixed(nats, 2)) nats (\(Quantity.fixed(Evaluation.bits(nats: nats), 2)) bits) per character, if "
      + "the text is like English plays of this length"
  }

  /// There are figures only for texts in an alphabet, by character.
  private func expectedNats(steps: Int) -> Double? {
    let hasAlphabet = plan.data.tokenizer.vocabulary.count <= 300 && plan.data.tokenizer.settings.unit != .word
    guard plan.data.kind == .language, hasAlphabet else { return nil }
    let trained = Double(steps) / plan.estimate.stepsPerEpoch * Double(plan.data.trainTokenCount)
    return ExpectedQuality.nats(textTokens: plan.data.trainTokenCount, trainedTokens: trained)
  }

  private func report(_ measured: StepTiming) -> Report {
    let stepCount = plan.estimate.stepCount
    let seconds: Double
    if case .budget(let budget) = plan.settings.training.length {
      seconds = budget
    } else {
      seconds = measured.seconds(steps: stepCount ?? 0)
    }
    return Report(
      model: plan.modelPath, corpusBytes: plan.data.corpus.byteCount, trainTokens: plan.data.trainTokenCount,
      validTokens: plan.data.validationTokenCount, vocabulary: plan.data.tokenizer.vocabulary.count,
      parameters: plan.estimate.parameterCount, steps: OrNull(stepCount),
      epochs: OrNull(stepCount.map { Double($0) / plan.estimate.stepsPerEpoch }), seconds: seconds,
      trainTokensPerSecond: measured.tokensPerSecond, peakRssMb: ThisProcess.peakMegabytes,
      expectedNats: OrNull(expectedNats(steps: stepCount ?? measured.stepsWithin(seconds))))
  }
}
