import CharLM
import CharLMFiles
import CharLMTraining

/// Logs a run as JSON Lines: figures are objects without `event`, everything else has it.
///
/// A resumed run appends; where steps are repeated, the later lines count.
public final class RunLogWriter: RunObserver {
  private let path: String
  private let file: LineFile
  private var error: FileError?

  /// Opens the file.
  /// - Parameter isAppending: whether to keep its content.
  public init(path: String, isAppending: Bool) throws(FileError) {
    self.path = path
    file = try LineFile(path: path, isAppending: isAppending)
  }

  /// A message once a line could not be written; no more are then.
  public var warning: String? { error.map { "\($0.description); the log is incomplete" } }

  /// Writes the line of an event, if it has one.
  public func note(_ event: RunEvent, of run: TrainingRun, at seconds: Double) {
    switch event {
    case .begun(let description): write(EventLine(event: description.step == 0 ? "start" : "resume", description))
    case .measured(let point): write(point)
    case .sampled(let sample): write(EventLine(event: "sample", sample))
    case .training(.saved): write(EventLine(event: "saved", Moment(run, seconds)))
    case .training(.saveFailed(let error)):
      var moment = Moment(run, seconds)
      moment.reason = error.description
      write(EventLine(event: "save_failed", moment))
    case .training(.rolledBack(let from, let to, let factor)):
      var moment = Moment(run, seconds)
      (moment.fromStep, moment.step, moment.rateFactor) = (from, to, factor)
      write(EventLine(event: "rolled_back", moment))
    case .training(.step(let report)) where report.isSkipped:
      write(EventLine(event: "skipped", Moment(run, seconds)))
    case .training(.step), .training(.validated): break
    case .ended(let end, let megabytes):
      var moment = Moment(run, seconds)
      moment.end = end.name
      moment.bestStep = run.record.bestStep
      moment.bestValidNats = run.record.bestValidNats
      moment.peakRssMb = megabytes
      write(EventLine(event: "end", moment))
    case .failed(let reason):
      var moment = Moment(run, seconds)
      moment.reason = reason
      write(EventLine(event: "failed", moment))
    }
  }

  private func write(_ line: some Encodable) {
    guard error == nil else { return }
    do throws(FileError) { try file.append(SnakeCaseJSON.text(line)) } catch { self.error = error }
  }

  /// When something happened, and its details.
  private struct Moment: Encodable {
    var step: Int
    let epochs: Double
    let seconds: Double
    var end: String?
    var fromStep: Int?
    var rateFactor: Float?
    var reason: String?
    var bestStep: Int?
    var bestValidNats: Double?
    var peakRssMb: Double?

    init(_ run: TrainingRun, _ seconds: Double) {
      (step, epochs, self.seconds) = (run.record.steps, run.record.epochs, seconds)
    }
  }
}

/// An event's name and the fields of its body, as one object.
struct EventLine<Body: Encodable>: Encodable {
  let event: String
  let body: Body

  init(event: String, _ body: Body) { (self.event, self.body) = (event, body) }

  private enum CodingKeys: String, CodingKey { case event }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(event, forKey: .event)
    try body.encode(to: encoder)
  }
}

extension TrainingEnd {
  fileprivate var name: String {
    switch self {
    case .finished: "finished"
    case .stoppedEarly: "stopped_early"
    case .interrupted: "interrupted"
    }
  }
}
