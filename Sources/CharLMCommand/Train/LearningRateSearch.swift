import ArgumentParser
import CharLMData
import CharLMFiles
import CharLMTraining

/// `--find-lr`: a learning-rate range test from the plan's first weights, which writes a picture and no model.
struct LearningRateSearch {
  private let plan: TrainingPlan
  private let console: Console
  private let picturePath: String
  private let range = LearningRateRange()

  init(_ plan: TrainingPlan) {
    self.plan = plan
    console = plan.command.output.console
    picturePath = LearningRateSearch.picturePath(forModel: plan.modelPath)
  }

  /// NAME.find-lr.svg beside where the model would be.
  static func picturePath(forModel path: String) -> String { ModelPath.stem(of: path) + ".find-lr.svg" }

  /// What has no meaning beside it.
  static func validate(_ command: TrainCommand) throws {
    let others =
      [
        ("--dry-run", command.dryRun), ("--learning-rate", command.training.learningRate != nil),
        ("--keep", command.keep != nil), ("--save-every", command.saveEvery != nil),
      ] + command.watch.given.map { ($0, true) }
    guard let first = others.first(where: \.1) else { return }
    throw ValidationError("\(first.0) has no meaning with --find-lr; leave it out")
  }

  private struct Report: Encodable {
    let learningRate: OrNull<Float>
    let quarterOfMinimum: OrNull<Float>
    let steepest: OrNull<Float>
    let minimum: OrNull<Float>
    let diverged: Bool
    let picture: String
    let points: [LearningRateRange.Point]
  }

  /// Tries the rates, and says what they did.
  func perform() throws {
    try Files.ensureWritableFolder(Files.folder(of: picturePath))
    console.say("trying learning rates")
    console.say(introduction)
    let range = try tried()
    if Interruption.isRequested { throw CommandFailure("interrupted after \(range.points.count) steps", exitCode: 130) }
    let picture = range.picture(title: plan.job.corpus.name)
    try Files.writeAtomically(picturePath) { file throws(FileError) in try file.write(Array(picture.utf8)) }
    if plan.command.output.json {
      try StandardOutput.print(
        json: Report(
          learningRate: OrNull(range.suggestion), quarterOfMinimum: OrNull(range.quarterOfMinimum),
          steepest: OrNull(range.steepest?.smoothedRate), minimum: OrNull(range.minimum?.smoothedRate),
          diverged: range.hasDiverged,
          picture: picturePath, points: range.points))
    } else {
      try StandardOutput.print(range.table)
    }
    console.say("picture: \(picturePath)")
    if let rate = range.suggestion { console.say("next: " + CommandText.training(withRate: rate)) }
  }

  /// What a training would say, but for its length and its model.
  private var introduction: String {
    let training = TrainingIntroduction(
      job: plan.job, model: plan.model, training: plan.training, modelPath: plan.modelPath,
      threadCount: plan.command.threads.count, reading: plan.reading)
    let rates = "from \(Quantity.short(range.lowest)) to \(Quantity.short(range.highest))"
    let search = "\(Quantity.count(range.stepCount, "step")), \(rates); picture \(picturePath)"
    return TrainingIntroduction.text(
      training.lines.filter { !["length", "model"].contains($0.0) } + [("rates", search)])
  }

  private func tried() throws -> LearningRateRange {
    let run = plan.makeRun()
    var lastShown = Clock.seconds
    Interruption.beginCounting()
    defer { Interruption.endCounting() }
    let range = try run.perform(range, isInterrupted: { Interruption.isRequested }) { range in
      guard console.isLive, Clock.seconds - lastShown > 0.2, let point = range.points.last else { return }
      lastShown = Clock.seconds
      console.draw("\r" + range.line(point) + "\u{1B}[K")
    }
    if console.isLive { console.draw("\r\u{1B}[K") }
    return range
  }
}

extension CommandText {
  /// The present command, to train at a rate in place of finding one.
  static func training(withRate rate: Float) -> String {
    let words = CommandLine.arguments.dropFirst().filter { $0 != "--find-lr" && $0 != "--json" }
    return ([program] + words.map(quoted) + ["--learning-rate", Quantity.short(rate)]).joined(separator: " ")
  }
}
