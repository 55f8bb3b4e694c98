import TrainingWatch

/// What a log says beside figures: how the run was set, what it wrote, how it ended.
struct RunEvents {
  /// The first line of the run's last start, as JSON; nil where there is none.
  private(set) var start: JSONValue?
  /// The last samples, as JSON, in order.
  private(set) var samples: [JSONValue] = []
  /// The line of its end, as JSON; nil for a run that goes on, or was killed.
  private(set) var end: JSONValue?

  private static let sampleCount = 20

  /// The events of a log. Lines that cannot be read are skipped.
  init(_ log: [UInt8]) {
    let mark = Array("\"event\":".utf8)
    for (_, line) in LogLines(log) where line.firstRange(of: mark) != nil {
      guard let value = JSONValue(Array(line)), case .text(let event)? = value["event"] else { continue }
      switch event {
      case "start": (start, end, samples) = (value, nil, [])
      case "resume": (start, end) = (value, nil)
      case "sample": samples = (samples + [value]).suffix(RunEvents.sampleCount)
      case "end", "failed": end = value
      default: break
      }
    }
  }
}
