import CharLM

/// The course of a run as a file: a JSON object a line, at every validation and every so many steps.
final class TrainingLog {
  /// What went wrong when a line was to be written; after that no more are.
  private(set) var error: FileError?

  private static let interval = 20
  private let file: LineFile
  private var natsSum = 0.0
  private var tokenCount = 0
  private var last: StepReport?

  /// Makes sure that the file can be made, before anything else is.
  static func check(_ path: String) throws {
    let folder = Files.folder(of: path)
    if Files.isFolder(path) { throw CommandFailure("--log \(path): is a folder", next: "name a file in it") }
    if !Files.isFolder(folder) { throw CommandFailure("--log \(path): there is no folder \(folder)", next: "make it") }
  }

  /// Opens the file.
  init(path: String, isAppending: Bool) throws {
    file = try LineFile(path: path, isAppending: isAppending)
  }

  private struct Line: Encodable {
    let step: Int
    let epochs: Double
    let seconds: Double
    let trainNats: OrNull<Double>
    let validNats: OrNull<Double>
    let learningRate: OrNull<Float>
    let gradientNorm: OrNull<Double>
    let tokensPerSecond: OrNull<Double>
  }

  /// Takes note of an event, and writes a line where one is due.
  /// - Parameter seconds: since the run's start, those before a resume included.
  func note(_ event: TrainingEvent, run: TrainingRun, seconds: Double) {
    switch event {
    case .step(let report) where report.isSkipped: break
    case .step(let report):
      last = report
      natsSum += report.nats * Double(report.tokenCount)
      tokenCount += report.tokenCount
      let isValidated = report.step % run.record.settings.validationInterval == 0
      if report.step % TrainingLog.interval == 0, !isValidated { write(run, seconds, validNats: nil) }
    case .validated(let entry, _): write(run, seconds, validNats: entry.validNats)
    case .rolledBack, .saved: break
    }
  }

  private func write(_ run: TrainingRun, _ seconds: Double, validNats: Double?) {
    guard error == nil else { return }
    let line = Line(
      step: run.record.steps, epochs: run.record.epochs, seconds: seconds,
      trainNats: OrNull(finite: natsSum / Double(tokenCount)), validNats: OrNull(finite: validNats),
      learningRate: OrNull(last?.learningRate), gradientNorm: OrNull(finite: last?.gradientNorm),
      tokensPerSecond: OrNull(finite: run.record.tokensPerSecond))
    (natsSum, tokenCount) = (0, 0)
    do throws(FileError) { try file.append(Checkpoint.json(line)) } catch { self.error = error }
  }
}
