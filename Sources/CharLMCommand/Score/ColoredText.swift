import CharLM
import CharLMData
import CharLMText

/// A text as a terminal shows it, each token on a ground that is the redder the more surprising it is.
struct ColoredText {
  private let text: PlacedText
  private let palette: Palette
  private var end = 0
  private var level = 0
  private var pending = ""
  /// Bytes of a scalar that is not whole yet.
  private var partial: [UInt8] = []

  private static let pieceSize = 1 << 14

  init(_ text: PlacedText, _ palette: Palette) { (self.text, self.palette) = (text, palette) }

  /// Takes the next score.
  /// - Returns: what to write, once there is enough.
  mutating func add(_ score: TokenScore) -> String? {
    if score.range.lowerBound > end { append(text.utf8[end..<score.range.lowerBound], level: 0) }
    append(text.utf8[score.range], level: score.bits.map(Palette.level) ?? 0)
    end = max(end, score.range.upperBound)
    guard pending.utf8.count > ColoredText.pieceSize else { return nil }
    defer { pending = "" }
    return pending
  }

  /// What was not written yet, the end of the last line, and what the colors mean.
  mutating func finish() -> String {
    set(level: 0)
    let isEnded = text.utf8[..<end].last == UInt8(ascii: "\n")
    defer { pending = "" }
    return pending + (isEnded || end == 0 ? "" : "\n") + "\n" + palette.legend
  }

  private mutating func append(_ utf8: ArraySlice<UInt8>, level: Int) {
    guard !utf8.isEmpty else { return }
    partial += utf8
    // A token may be a part of a scalar: its bytes wait for the others, unless they never make one.
    guard let piece = String(validating: partial, as: UTF8.self) ?? (partial.count > 3 ? lossy : nil) else { return }
    partial = []
    if piece == "\n" || piece == "\r\n" {
      if level > 0 {
        set(level: level)
        pending += "\u{21B5}"
      }
      set(level: 0)
      pending += "\n"
    } else {
      set(level: level)
      pending += VisibleText.lines(piece)
    }
  }

  private var lossy: String { String(decoding: partial, as: UTF8.self) }

  private mutating func set(level: Int) {
    guard level != self.level else { return }
    self.level = level
    pending += palette.sequence(level)
  }
}

/// The colors of surprisal on a terminal.
enum Palette {
  /// No colors at all.
  case none
  /// The 256 colors of most terminals.
  case indexed
  /// 16 million colors.
  case full

  /// From this many bits on, a level each.
  static let thresholds = [1.0, 2, 4, 6, 9, 13]

  /// What the terminal on standard output shows.
  static var ofTerminal: Palette {
    guard Terminal.showsColorsOnOutput else { return .none }
    return Terminal.hasFullColor ? .full : .indexed
  }

  /// From 0, as expected, to 6.
  static func level(_ bits: Double) -> Int { thresholds.count { bits >= $0 } }

  private static let indexes = [230, 222, 215, 208, 203, 160]
  private static let colors = [
    (255, 243, 196), (255, 224, 138), (255, 195, 92), (255, 157, 77), (244, 119, 79), (200, 30, 44),
  ]

  /// What switches to a level: black on colors, white on the last.
  func sequence(_ level: Int) -> String {
    guard self != .none else { return "" }
    guard level > 0 else { return "\u{1B}[0m" }
    let ink = level == Palette.thresholds.count ? 231 : 16
    let (red, green, blue) = Palette.colors[level - 1]
    let ground = self == .full ? "48;2;\(red);\(green);\(blue)" : "48;5;\(Palette.indexes[level - 1])"
    return "\u{1B}[38;5;\(ink);\(ground)m"
  }

  /// What the colors mean, in a line; empty without colors.
  var legend: String {
    guard self != .none else { return "" }
    let swatches = Palette.thresholds.enumerated().map { number, bits in
      sequence(number + 1) + " \(Int(bits)) " + sequence(0)
    }
    return "bits, from: " + swatches.joined() + "\n\n"
  }
}
