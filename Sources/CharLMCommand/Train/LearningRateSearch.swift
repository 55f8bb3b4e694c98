import ArgumentParser
import CharLM
import LinePlot

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `--find-lr`: a learning-rate range test from the plan's first weights, which writes a picture and no model.
struct LearningRateSearch {
  private let plan: TrainingPlan
  private let console: Console
  private let picturePath: String

  init(_ plan: TrainingPlan) {
    self.plan = plan
    console = plan.command.output.console
    picturePath = KeptModels.stem(of: plan.modelPath) + ".find-lr.svg"
  }

  /// What has no meaning beside it.
  static func validate(_ command: TrainCommand) throws {
    let others = [
      ("--dry-run", command.dryRun), ("--learning-rate", command.training.learningRate != nil),
      ("--keep", command.keep != nil), ("--log", command.log != nil),
    ]
    guard let first = others.first(where: \.1) else { return }
    throw ValidationError("\(first.0) has no meaning with --find-lr; leave it out")
  }

  private struct Report: Encodable {
    let learningRate: OrNull<Float>
    let tenthOfMinimum: OrNull<Float>
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
          learningRate: OrNull(range.suggestion), tenthOfMinimum: OrNull(range.tenthOfMinimum),
          steepest: OrNull(range.steepest?.rate), minimum: OrNull(range.minimum?.rate), diverged: range.hasDiverged,
          picture: picturePath, points: range.points))
    } else {
      try StandardOutput.print(range.table)
    }
    console.say("picture: \(picturePath)")
    if let rate = range.suggestion { console.say("next: " + CommandText.training(withRate: rate)) }
  }

  private var introduction: String {
    TrainingIntroduction(
      job: plan.job, model: plan.model, training: plan.training, modelPath: picturePath,
      threadCount: plan.command.threads.count, reading: plan.reading
    ).text
  }

  private func tried() throws -> LearningRateRange {
    let run = plan.makeRun()
    var lastShown = Clock.seconds
    Interruption.beginCounting()
    defer { Interruption.endCounting() }
    let range = try run.perform(LearningRateRange(), isInterrupted: { Interruption.isRequested }) { range in
      guard console.isLive, Clock.seconds - lastShown > 0.2, let point = range.points.last else { return }
      lastShown = Clock.seconds
      console.draw("\r" + range.line(point) + "\u{1B}[K")
    }
    if console.isLive { console.draw("\r\u{1B}[K") }
    return range
  }
}

extension LearningRateRange {
  /// How the test stands.
  fileprivate func line(_ point: Point) -> String {
    "step \(points.count)/\(stepCount)  rate \(Quantity.short(point.rate))  loss \(Quantity.fixed(point.smoothedNats, 3))"
  }

  /// For people: the loss at some of the rates, and what follows.
  var table: String {
    var lines = ["      rate    loss  smoothed"]
    let every = max(1, stepCount / 25)
    for (number, point) in points.enumerated() where number % every == every - 1 || number == points.count - 1 {
      lines.append(
        LearningRateRange.column(Quantity.short(point.rate), 10)
          + LearningRateRange.column(Quantity.fixed(point.nats, 3), 8)
          + LearningRateRange.column(Quantity.fixed(point.smoothedNats, 3), 10))
    }
    if hasDiverged { lines.append("then the loss grew beyond all bounds") }
    if let suggestion, let minimum {
      var line = "learning rate: \(Quantity.short(suggestion)), a tenth of that of the lowest loss "
      line += "(\(Quantity.short(minimum.rate)))"
      if let steepest { line += "; the loss falls fastest at \(Quantity.short(steepest.rate))" }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The losses over the logarithm of the rate. What lies far above the first loss is left out, for the rest to be seen.
  func picture(title: String) -> String {
    let ceiling = (points.first?.smoothedNats ?? 1) * 1.5
    func line(_ nats: (Point) -> Double) -> [(x: Double, y: Double)] {
      points.filter { nats($0) <= ceiling }.map { (x: LearningRateRange.exponent($0.rate), y: nats($0)) }
    }
    var marks: [(x: Double, label: String)] = []
    if let suggestion { marks.append((LearningRateRange.exponent(suggestion), Quantity.short(suggestion))) }
    if let minimum { marks.append((LearningRateRange.exponent(minimum.rate), "lowest")) }
    return LinePlot(
      "Learning-rate range test: \(title)", xLabel: "learning rate, power of ten", yLabel: "training loss (nats)",
      legendIsLow: true, marks: marks,
      [
        LinePlot.Line("loss of a step", line(\.nats), color: "#9ecae1", width: 1.2),
        LinePlot.Line("smoothed", line(\.smoothedNats), color: "#08519c", width: 2.4),
      ]
    ).svg()
  }

  private static func exponent(_ rate: Float) -> Double { log10(Double(rate)) }
}

extension CommandText {
  /// The present command, to train at a rate in place of finding one.
  static func training(withRate rate: Float) -> String {
    let words = CommandLine.arguments.dropFirst().filter { $0 != "--find-lr" && $0 != "--json" }
    return ([program] + words.map(quoted) + ["--learning-rate", Quantity.short(rate)]).joined(separator: " ")
  }
}
