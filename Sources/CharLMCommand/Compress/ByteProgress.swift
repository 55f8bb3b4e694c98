/// Shows how many bytes of a file are done, on a terminal as a live line, else from time to time; and ends the work where
/// the user asks for that.
final class ByteProgress {
  private let verb: String
  private let total: Int?
  private let console: Console
  private let start = Clock.seconds
  private var lastShown = Clock.seconds
  private var liveLine: LiveLine

  private static let liveInterval = 0.2
  private static let plainInterval = 10.0

  /// - Parameter total: the bytes of the file; nil where they are not known before.
  init(_ verb: String, of total: Int?, _ console: Console) {
    (self.verb, self.total, self.console) = (verb, total, console)
    liveLine = LiveLine(console)
    Interruption.beginCounting()
  }

  /// So many bytes are done.
  /// - Throws: where the user interrupted.
  func note(_ byteCount: Int) throws {
    if Interruption.isRequested { throw CommandFailure.interrupted }
    let now = Clock.seconds
    guard now - lastShown >= (console.isLive ? Self.liveInterval : Self.plainInterval) else { return }
    lastShown = now
    if console.isLive {
      liveLine.draw { line(byteCount, seconds: now - start, width: $0) }
    } else {
      console.say(line(byteCount, seconds: now - start, width: nil))
    }
  }

  /// Ends the live line.
  func finish() {
    liveLine.clear()
    Interruption.endCounting()
  }

  private func line(_ byteCount: Int, seconds: Double, width: Int?) -> String {
    var parts = LineParts()
    let rate = Double(byteCount) / max(seconds, 1e-3)
    parts.add(verb, rank: 2)
    if let total, total > 0 {
      parts.add("\(Int(100 * Double(byteCount) / Double(total)))% of \(Quantity.bytes(total))", rank: 1)
      parts.add("\(Quantity.bytes(Int(rate)))/s", rank: 3)
      parts.add("\(Quantity.time(Double(total - byteCount) / max(rate, 1))) left", rank: 0)
    } else {
      parts.add(Quantity.bytes(byteCount), rank: 1)
      parts.add("\(Quantity.bytes(Int(rate)))/s", rank: 3)
    }
    return parts.text(width: width)
  }
}
