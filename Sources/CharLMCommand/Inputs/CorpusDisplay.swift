import CharLMData
import CharLMText

/// Shows progress while a large corpus is read, and keeps notes on it to show afterwards, so that an error stays one line.
final class CorpusDisplay {
  /// What was noted while reading.
  private(set) var notes: [CommandNote] = []

  private let console: Console
  private let start = Clock.seconds
  private var lastShown: Double
  private var passStart: Double
  private var pass: CorpusPass?
  private var isLineOpen = false

  /// Seconds between two redraws of the live line, and between two plain lines.
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
    case .detected(let path, let found): note(.encoding, CorpusDisplay.text(found, path: path))
    case .skipped(let files): note(.corpus, files.description)
    case .advised(let advice): note(.spelling, advice.text + "; --fallback none keeps them all as tokens")
    case .reused(let path): note(.tokens, "read from \(path)")
    case .cached(let path): note(.tokens, "written to \(path) for later runs")
    case .notCached(let error, let place):
      note(.tokens, "\(CorpusDisplay.text(place)), because \(error.description)")
    }
  }

  /// Keeps a note to show afterwards.
  func note(_ subject: CommandNote.Subject, _ text: String) { notes.append(CommandNote(subject, text)) }

  /// Ends the live line.
  func finish() {
    if isLineOpen { console.draw("\r\u{1B}[K") }
    isLineOpen = false
  }

  private static func text(_ found: EncodingDetection, path: String) -> String {
    guard let confidence = found.confidence else { return "\(path): \(found.name), from its byte-order mark" }
    return "\(path): \(found.name), detected (confidence \(confidence) %); --encoding NAME overrides it"
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
  /// "1,536 of 1,550 graphemes occur fewer than 10 times (1.2% of the text) and are spelled by their scalars and bytes".
  var text: String {
    let share = Quantity.fixed(spelledShare * 100, 1)
    let spelling = settings.fallback == .scalar ? "their scalars" : "their scalars and bytes"
    return "\(Quantity.count(rareCount)) of \(Quantity.count(tokenCount)) \(settings.unit.rawValue)s occur fewer than "
      + "\(settings.minimumCount) times (\(share)% of the text) and are spelled by \(spelling)"
  }
}
