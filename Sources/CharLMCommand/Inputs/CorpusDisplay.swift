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
  private var liveLine: LiveLine

  /// Seconds between two redraws of the live line, and between two plain lines.
  private static let liveInterval = 0.2
  private static let plainInterval = 10.0

  init(_ console: Console) {
    self.console = console
    liveLine = LiveLine(console)
    lastShown = Clock.seconds
    passStart = lastShown
  }

  /// Takes an event, and shows what is due.
  func show(_ event: CorpusEvent) {
    switch event {
    case .progress(let pass, let byteCount, let total): showProgress(pass, byteCount, of: total)
    case .detected(let path, let found): note(.encoding, CorpusDisplay.text(found, path: path))
    case .looksLikeDocuments(let layout): note(.documents, layout.proposal)
    case .isSorted(let path): note(.advice, CorpusDisplay.adviceOnSorted(path))
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
  func finish() { liveLine.clear() }

  private static func text(_ found: EncodingDetection, path: String) -> String {
    guard let confidence = found.confidence else { return "\(path): \(found.name), from its byte-order mark" }
    return "\(path): \(found.name), detected (confidence \(confidence) %); --encoding NAME overrides it"
  }

  private static func adviceOnSorted(_ path: String) -> String {
    let command = path.hasPrefix("-") ? "" : ": shuf \(CommandText.quoted(path)) > shuffled.txt"
    return
      "the lines of \(path) are in alphabetical order, so its end, which is held out for validation, is unlike the "
      + "rest, and the figures look too bad; shuffle them first\(command)"
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
    func line(width: Int?) -> String {
      CorpusDisplay.line(pass, byteCount, of: total, seconds: now - passStart, width: width)
    }
    if console.isLive { liveLine.draw(line) } else { console.say(line(width: nil)) }
  }

  /// "counting  45% of 10.0 GB  120 MB/s  46s left".
  /// - Parameter width: the columns to fit into; the time left is dropped last.
  static func line(
    _ pass: CorpusPass, _ byteCount: Int, of total: Int, seconds: Double, width: Int? = nil
  ) -> String {
    let percent = Int(Double(byteCount) / Double(max(total, 1)) * 100)
    var parts = LineParts()
    parts.add(pass.rawValue, rank: 2)
    parts.add("\(percent)% of \(Quantity.bytes(total))", rank: 1)
    if seconds > 0.5 {
      let rate = Double(byteCount) / seconds
      parts.add("\(Quantity.fixed(rate / 0x1p20, 0)) MB/s", rank: 3)
      parts.add("\(Quantity.time(Double(total - byteCount) / rate)) left", rank: 0)
    }
    return parts.text(width: width)
  }
}

extension DocumentLayout {
  /// What it looks like, and the option that makes documents of it.
  var proposal: String {
    let option = "--document-separator '\(EscapedText.escaped(separator))'"
    return switch self {
    case .list: "this looks like a list: \(option) makes each line a document, so samples know where one ends"
    case .poems:
      "this looks like poems: \(option) makes each part between blank lines a document, so samples know where one ends"
    case .marked(let mark):
      "lines of '\(mark)' seem to separate texts: \(option) makes each a document, so samples know where one ends"
    }
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
