import CharLMData
import CharLMText

/// Shows how the reading of a large corpus goes on, and keeps what is to be said of it afterwards, so that an error is
/// one line.
final class CorpusDisplay {
  /// What is to be said: a word for what it is about, and a line.
  private(set) var lines: [(name: String, text: String)] = []

  private let console: Console
  private let start = Clock.seconds
  private var lastShown: Double
  private var passStart: Double
  private var pass: CorpusPass?
  private var isLineOpen = false

  /// Seconds between two drawings of the live line; between two plain lines.
  private static let liveInterval = 0.2
  private static let plainInterval = 10.0

  init(_ console: Console) {
    self.console = console
    lastShown = Clock.seconds
    passStart = lastShown
  }

  /// Takes an event, and shows what is due.
  func show(_ event: CorpusEvent) {
    switch event {
    case .progress(let pass, let byteCount, let total): showProgress(pass, byteCount, of: total)
    case .detected(let path, let found): lines.append(("encoding", CorpusDisplay.text(found, path: path)))
    case .advised(let advice): lines.append(("spelling", advice.text + "; --fallback none keeps all"))
    case .reused(let path): lines.append(("tokens", "read from \(path)"))
    case .cached(let path): lines.append(("tokens", "written to \(path), for later runs"))
    case .notCached(let error, let place):
      lines.append(("tokens", "\(CorpusDisplay.text(place)), for \(error.description)"))
    }
  }

  /// Adds what is to be said.
  func note(_ name: String, _ text: String) { lines.append((name, text)) }

  /// Ends the live line.
  func finish() {
    if isLineOpen { console.draw("\r\u{1B}[K") }
    isLineOpen = false
  }

  private static func text(_ found: EncodingDetection, path: String) -> String {
    guard let confidence = found.confidence else { return "\(path): \(found.name), by its byte-order mark" }
    return "\(path): \(found.name), by its bytes (confidence \(confidence) %); --encoding NAME says otherwise"
  }

  private static func text(_ place: TokenPlace) -> String {
    switch place {
    case .temporaryFile(let folder): "in a temporary file in \(folder)"
    case .memory: "in memory"
    }
  }

  private func showProgress(_ pass: CorpusPass, _ byteCount: Int, of total: Int) {
    guard !console.isQuiet else { return }
    let now = Clock.seconds
    if pass != self.pass { (self.pass, passStart) = (pass, now) }
    guard now - lastShown >= (console.isLive ? CorpusDisplay.liveInterval : CorpusDisplay.plainInterval) else { return }
    lastShown = now
    let line = CorpusDisplay.line(pass, byteCount, of: total, seconds: now - passStart)
    if console.isLive {
      console.draw("\r" + String(line.prefix(max(Terminal.width - 1, 0))) + "\u{1B}[K")
      isLineOpen = true
    } else {
      console.say(line)
    }
  }

  /// "counting  45% of 10.0 GB  120 MB/s  46s left".
  static func line(_ pass: CorpusPass, _ byteCount: Int, of total: Int, seconds: Double) -> String {
    let percent = Int(Double(byteCount) / Double(max(total, 1)) * 100)
    var line = "\(pass.rawValue)  \(percent)% of \(Quantity.bytes(total))"
    guard seconds > 0.5 else { return line }
    let rate = Double(byteCount) / seconds
    line += "  \(Quantity.fixed(rate / 0x1p20, 0)) MB/s  \(Quantity.time(Double(total - byteCount) / rate)) left"
    return line
  }
}

extension VocabularyAdvice {
  /// "graphemes that come fewer than 10 times, 1.2% of the text, are spelled by their scalars and bytes, for 1,536 of 1,550
  /// are rare": the advice to spell, for people.
  var text: String {
    let share = Quantity.fixed(spelledShare * 100, 1)
    let spelling = settings.fallback == .scalar ? "their scalars" : "their scalars and bytes"
    return "\(settings.unit.rawValue)s that come fewer than \(settings.minimumCount) times, \(share)% of the text, are "
      + "spelled by \(spelling), for \(Quantity.count(rareCount)) of \(Quantity.count(tokenCount)) are rare"
  }
}
