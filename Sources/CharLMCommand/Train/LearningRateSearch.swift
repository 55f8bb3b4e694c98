import CharLMData
import CharLMFiles
import CharLMTraining

/// `--find-lr`: a learning-rate range test from the run's first weights, which writes a plot and no model.
struct LearningRateSearch {
  private let plan: PlannedRun
  private let console: Console
  private let picturePath: String
  private let range = LearningRateRange()

  init(_ plan: PlannedRun) {
    self.plan = plan
    console = plan.command.output.console
    picturePath = LearningRateSearch.picturePath(forModel: plan.modelPath)
  }

  /// NAME.find-lr.svg beside where the model would be.
  static func picturePath(forModel path: String) -> String { ModelPath.stem(of: path) + ".find-lr.svg" }

  private struct Report: Encodable {
    let learningRate: OrNull<Float>
    let quarterOfMinimum: OrNull<Float>
    let steepest: OrNull<Float>
    let minimum: OrNull<Float>
    let diverged: Bool
    let picture: String
    let points: [LearningRateRange.Point]
  }

  /// Tries the rates and reports the losses.
  func perform() throws {
    try Files.ensureWritableFolder(Files.folder(of: picturePath))
    try Files.checkReplaceable(picturePath)
    console.say("trying learning rates")
    console.say(introduction)
    let range = try tried()
    if Interruption.isRequested {
      throw CommandFailure("interrupted after \(Quantity.count(range.points.count, "step"))", exitCode: 130)
    }
    let picture = range.picture(title: plan.data.corpus.name)
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
    if let rate = range.suggestion { console.say("next: " + plan.command.training(atRate: rate)) }
  }

  /// The introduction of a training, with the rates in place of its length and its model.
  private var introduction: [CommandNote] {
    let rates = "from \(Quantity.short(range.lowest)) to \(Quantity.short(range.highest))"
    let search = "\(Quantity.count(range.stepCount, "step")), \(rates); picture \(picturePath)"
    return plan.introduction.lines.filter { $0.subject != .length && $0.subject != .model }
      + [CommandNote(.rates, search)]
  }

  private func tried() throws -> LearningRateRange {
    let run = plan.makeRun()
    var lastShown = Clock.seconds
    var liveLine = LiveLine(console)
    Interruption.beginCounting()
    defer { Interruption.endCounting() }
    let range = try run.perform(range, isInterrupted: { Interruption.isRequested }) { range in
      guard console.isLive, Clock.seconds - lastShown > 0.2, let point = range.points.last else { return }
      lastShown = Clock.seconds
      liveLine.draw { String(range.line(point).prefix($0)) }
    }
    liveLine.clear()
    return range
  }
}
