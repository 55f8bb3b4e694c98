import CharLMText

/// How a text that was given as one file seems to consist of documents: a list, poems, or texts between marks.
///
/// A guess from the look of the lines, to propose a separator: prose, plays, code and chats look like neither.
public enum DocumentLayout: Hashable, Sendable {
  /// Each line is an item, such as a name.
  case list
  /// Blank lines stand between short texts of several lines, such as poems.
  case poems
  /// A line of this mark alone, such as `%`, stands between two texts.
  case marked(String)

  /// The text that separates two documents of this layout.
  public var separator: String {
    switch self {
    case .list: "\n"
    case .poems: "\n\n"
    case .marked(let mark): "\n\(mark)\n"
    }
  }

  /// The layout of a text; nil where it shows none.
  /// - Parameter utf8: the text, or its beginning.
  public init?(of utf8: some Collection<UInt8>) {
    let lines = TextLines(utf8)
    guard lines.written.count >= 20, !lines.areCode, !lines.areSpoken else { return nil }
    if let mark = lines.mark {
      self = .marked(mark)
    } else if lines.isList {
      self = .list
    } else if lines.arePoems {
      self = .poems
    } else {
      return nil
    }
  }
}

extension DocumentLayout {
  /// Whether the lines of a text are in alphabetical order, upper and lower case alike, but for one in a hundred.
  static func isSorted(_ utf8: [UInt8]) -> Bool {
    let lines = TextLines(utf8).written.map { String(String.UnicodeScalarView($0)).lowercased() }
    let disorderCount = zip(lines, lines.dropFirst()).count { $0 > $1 }
    return lines.count >= 20 && disorderCount * 100 <= lines.count
  }
}

/// The lines of a text and what they look like.
private struct TextLines {
  /// All lines, without white space at their ends.
  private let all: [[Unicode.Scalar]]
  /// The lines that are not blank.
  let written: [[Unicode.Scalar]]
  /// The lengths of these in columns of a terminal, sorted.
  private let lengths: [Int]

  init(_ utf8: some Collection<UInt8>) {
    let isWhole = utf8.count < TextLines.byteLimit
    var lines = utf8.prefix(TextLines.byteLimit).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The last one may be cut.
    if !isWhole { lines.removeLast() }
    all = lines.map { line in
      var scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
      while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
      return scalars
    }
    written = all.filter { !$0.isEmpty }
    lengths = written.map(TextLines.columns).sorted()
  }

  /// So much of a text shows what it looks like.
  private static let byteLimit = 1 << 17

  /// Wide characters, those of East Asia, count twice.
  private static func columns(_ line: [Unicode.Scalar]) -> Int {
    line.reduce(0) { $0 + (isWide($1) ? 2 : 1) }
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
      0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  private func length(atShare share: Double) -> Int { lengths[Int(Double(lengths.count - 1) * share)] }

  private func share(_ lines: [[Unicode.Scalar]], _ holds: ([Unicode.Scalar]) -> Bool) -> Double {
    Double(lines.count(where: holds)) / Double(max(lines.count, 1))
  }
}

extension TextLines {
  /// Short lines with hardly a blank one between them, which end as items do and not as verses.
  var isList: Bool {
    let blankCount = all.count - written.count
    return length(atShare: 0.5) < 40 && length(atShare: 0.95) < 80 && blankCount * 20 <= written.count
      && share(written) { $0.last.map { ",;:—-，；：、。".unicodeScalars.contains($0) } ?? false } < 0.1
  }

  /// Blocks of several short lines between blank ones. The lines are about as long as each other, end where their author
  /// ended them, and often before the sentence does.
  var arePoems: Bool {
    let blocks = all.split { $0.isEmpty }
    return blocks.count >= 5 && written.count >= 2 * blocks.count && length(atShare: 0.5) < 50
      && length(atShare: 0.95) < 70 && length(atShare: 0.75) <= 2 * length(atShare: 0.25) && !isWrapped
      && share(written) { $0.last.map { ".!?…\"”’»」』。！？".unicodeScalars.contains($0) } ?? false } < 0.65
  }

  /// Whether lines end where the next word would not have fitted, as those of wrapped prose do.
  private var isWrapped: Bool {
    let width = length(atShare: 0.95)
    let pairs = zip(all, all.dropFirst()).filter { !$0.isEmpty && !$1.isEmpty }
    let full = pairs.count { line, next in
      TextLines.columns(line) + 1 + (next.firstIndex(of: " ") ?? min(next.count, 2)) > width
    }
    return full * 10 > pairs.count * 7
  }

  /// Many lines are indented, or end as lines of code or markup do.
  var areCode: Bool {
    share(written) { $0.first?.properties.isWhitespace == true } > 0.2
      || share(written) { $0.last.map { "{};>".unicodeScalars.contains($0) } ?? false } > 0.2
  }

  /// Many lines begin with who speaks, as in a chat or a play: a few names that take turns, each with a colon.
  var areSpoken: Bool {
    let names = written.compactMap { line in
      line.prefix(30).firstIndex { ":：".unicodeScalars.contains($0) }.map { line[..<$0] }
    }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    guard let most = counts.values.max() else { return false }
    return names.count * 10 > written.count && counts.count * 3 < names.count && most * 10 < names.count * 9
  }

  /// A line of no letters that stands between texts of a few lines all over the text: `%`, or three or more of a kind.
  var mark: String? {
    let marks = written.filter { line in
      guard let first = line.first, "%*-=_~#+".unicodeScalars.contains(first) else { return false }
      return line.allSatisfy { $0 == first } && (first == "%" || line.count >= 3)
    }
    guard let mark = marks.first, marks.count >= 5, marks.count * 40 >= written.count,
      marks.allSatisfy({ $0 == mark })
    else { return nil }
    return String(String.UnicodeScalarView(mark))
  }
}
