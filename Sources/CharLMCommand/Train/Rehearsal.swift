import CharLM
import CharLMData
import CharLMText
import CharLMTraining

/// `--dry-run`: makes a few steps to see how fast they are and how much memory they take, and writes nothing.
struct Rehearsal {
  private let plan: TrainingPlan

  init(_ plan: TrainingPlan) { self.plan = plan }

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

  /// Prints what the run would be and take.
  func perform() throws {
    let measured = try plan.makeRun().measureTiming(seconds: 1, clock: { Clock.seconds })
    let report = report(measured)
    if plan.command.output.json { return try StandardOutput.print(json: report) }
    let introduction = TrainingIntroduction(
      job: plan.job, model: plan.model, training: plan.training, modelPath: plan.modelPath,
      threadCount: plan.command.threads.count, reading: plan.reading,
      hasBudget: plan.command.length.budget != nil)
    let time: String
    if case .budget(let seconds) = plan.training.length {
      time = "\(Quantity.time(seconds)), about \(Quantity.count(measured.stepsWithin(seconds), "step"))"
    } else {
      time = "about " + Quantity.time(report.seconds)
    }
    try StandardOutput.print(
      introduction.text + """

          time      \(time), at \(Quantity.count(Int(measured.tokensPerSecond))) tokens/s here now
          memory    about \(Quantity.fixed(report.peakRssMb, 0)) MB
          quality   \(quality(report))
        nothing was written: this was a rehearsal (--dry-run)

        """)
  }

  private func quality(_ report: Report) -> String {
    guard let nats = report.expectedNats.value else { return "no such text was measured" }
    return
      "about \(Quantity.fixed(nats, 2)) nats (\(Quantity.fixed(Evaluation.bits(nats: nats), 2)) bits) a character, as "
      + "English plays of this length have it"
  }

  /// Figures are there for characters of an alphabet.
  private func expectedNats(steps: Int) -> Double? {
    let hasAlphabet = plan.job.tokenizer.vocabulary.count <= 300 && plan.job.tokenizer.settings.unit != .word
    guard plan.job.kind == .language, hasAlphabet else { return nil }
    let trained = Double(steps) / plan.estimate.stepsPerEpoch * Double(plan.job.trainTokenCount)
    return ExpectedQuality.nats(textTokens: plan.job.trainTokenCount, trainedTokens: trained)
  }

  private func report(_ measured: StepTiming) -> Report {
    let stepCount = plan.estimate.stepCount
    let seconds: Double
    if case .budget(let budget) = plan.training.length {
      seconds = budget
    } else {
      seconds = measured.seconds(steps: stepCount ?? 0)
    }
    return Report(
      model: plan.modelPath, corpusBytes: plan.job.corpus.byteCount, trainTokens: plan.job.trainTokenCount,
      validTokens: plan.job.validationTokenCount, vocabulary: plan.job.tokenizer.vocabulary.count,
      parameters: plan.estimate.parameterCount, steps: OrNull(stepCount),
      epochs: OrNull(stepCount.map { Double($0) / plan.estimate.stepsPerEpoch }), seconds: seconds,
      trainTokensPerSecond: measured.tokensPerSecond, peakRssMb: Resources.peakMegabytes,
      expectedNats: OrNull(expectedNats(steps: stepCount ?? measured.stepsWithin(seconds))))
  }
}
