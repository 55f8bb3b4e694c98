/// Reads TOML of one level (toml.io, version 1.0), scalar by scalar.
struct ConfigurationReader {
  private static let longestList = 1000

  private let path: String
  private var rest: Substring.UnicodeScalarView
  /// The line that `rest` begins in.
  private var line = 1

  init(_ text: String, path: String) {
    self.path = path
    rest = text[...].unicodeScalars
    if rest.first == "\u{FEFF}" { rest.removeFirst() }
  }

  /// The options, to the end of the file.
  mutating func entries() throws -> [ConfigurationFile.Entry] {
    var entries: [ConfigurationFile.Entry] = []
    var lines: [String: Int] = [:]
    while try skipToNextLine() {
      let name = try key()
      if let first = lines.updateValue(line, forKey: name) {
        throw failure("'\(name)' is given twice, first in line \(first)", next: "give it once")
      }
      let place = line
      try skipBlanks()
      guard take("=") else {
        throw failure("there is no = after '\(name)'", next: "write: \(name) = value")
      }
      try skipBlanks()
      entries.append(.init(name: name, value: try value(of: name, isInList: false), line: place))
      try skipBlanks()
      try skipComment()
      guard rest.isEmpty || rest.first == "\n" else {
        throw failure("there is more after the value of '\(name)'", next: "give each option a line of its own")
      }
    }
    return entries
  }

  // MARK: Keys

  private mutating func key() throws -> String {
    if rest.first == "[" {
      throw failure(
        "tables are not read, because a file holds the options of one command", next: "leave the line out")
    }
    let name = String(prefix { ConfigurationReader.isBare($0) })
    guard !name.isEmpty else {
      throw failure("a line begins with an option's name, without quotation marks", next: "write: option = value")
    }
    return name
  }

  /// Whether a scalar may stand in a name: A–Z a–z 0–9 - _.
  private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "-", "_": true
    default: false
    }
  }

  // MARK: Values

  private mutating func value(of name: String, isInList: Bool) throws -> ConfigurationFile.Value {
    switch rest.first {
    case "\"", "'": return .string(try string(of: name))
    case "[" where !isInList: return .list(try list(of: name))
    case "[": throw failure("a list in the list of '\(name)' has no meaning for an option", next: "leave it out")
    case "{": throw failure("'\(name)' is given a table, which no option takes", next: "give it a value")
    default: break
    }
    let word = String(prefix { !"\r\n,]# \t".unicodeScalars.contains($0) })
    switch word {
    case "": throw failure("'\(name)' has no value", next: "give it one, or leave the line out")
    case "true", "false": return .boolean(word == "true")
    default: break
    }
    guard let number = ConfigurationReader.number(word) else {
      throw failure(
        "'\(name)' is given \(word), which is no decimal number", next: "a text stands in quotes: \"\(word)\"")
    }
    return .number(number)
  }

  /// A number of TOML as a command line has it; nil for another word.
  private static func number(_ word: String) -> String? {
    let isSpaced = word.hasPrefix("_") || word.hasSuffix("_") || word.contains("__")
    let plain = word.filter { $0 != "_" }
    let isNumeric = plain.unicodeScalars.allSatisfy { "+-.eE0123456789".unicodeScalars.contains($0) }
    guard !isSpaced, isNumeric, plain.contains(where: \.isNumber), Double(plain) != nil else { return nil }
    return plain.hasPrefix("+") ? String(plain.dropFirst()) : plain
  }

  /// `[ "a", "b" ]`, over several lines if wanted.
  private mutating func list(of name: String) throws -> [ConfigurationFile.Value] {
    let start = line
    _ = take("[")
    var values: [ConfigurationFile.Value] = []
    while true {
      try skipLines()
      if take("]") { return values }
      guard !rest.isEmpty else {
        throw failure("the list of '\(name)' has no end", next: "close it with ]", line: start)
      }
      guard values.count < ConfigurationReader.longestList else {
        throw failure(
          "the list of '\(name)' has more than \(ConfigurationReader.longestList) values", next: "give fewer")
      }
      values.append(try value(of: name, isInList: true))
      try skipLines()
      guard take(",") || rest.first == "]" || rest.isEmpty else {
        throw failure("the values of '\(name)' need commas between them", next: "write: [\"a\", \"b\"]")
      }
    }
  }

  // MARK: Strings

  private mutating func string(of name: String) throws -> String {
    let quote = rest.removeFirst()
    if rest.starts(with: [quote, quote]) {
      throw failure("strings of several lines are not read", next: "write a line break as \\n")
    }
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == quote { return String(text) }
      guard scalar != "\n" else { break }
      try checkShown(scalar)
      text.append(scalar == "\\" && quote == "\"" ? try escape(in: name) : scalar)
    }
    throw failure("the text of '\(name)' has no closing \(quote)", next: "close it; a line break is written as \\n")
  }

  /// What follows a backslash.
  private mutating func escape(in name: String) throws -> Unicode.Scalar {
    let letter = rest.popFirst()
    switch letter {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "\"", "\\": return letter ?? "\\"
    case "u", "U":
      let digits = rest.prefix(letter == "u" ? 4 : 8)
      let isHexadecimal = digits.count == (letter == "u" ? 4 : 8) && digits.allSatisfy(\.properties.isASCIIHexDigit)
      guard isHexadecimal, let value = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(value) else {
        throw failure(
          "the text of '\(name)' has a \\\(letter ?? "u") that names no character", next: "write it as it is")
      }
      rest.removeFirst(digits.count)
      return scalar
    default:
      throw failure(
        "the text of '\(name)' has a backslash before \(letter.map { "'\($0)'" } ?? "its end"), which means nothing",
        next: "in '…' backslashes stand for themselves")
    }
  }

  // MARK: What stands between

  /// Moves to the next option.
  /// - Returns: false at the end of the file.
  private mutating func skipToNextLine() throws -> Bool {
    try skipLines()
    return !rest.isEmpty
  }

  /// Passes over blanks, comments and line ends.
  private mutating func skipLines() throws {
    repeat {
      try skipBlanks()
      try skipComment()
    } while take("\n")
  }

  private mutating func skipBlanks() throws {
    while let scalar = rest.first, scalar == " " || scalar == "\t" || scalar == "\r" {
      rest.removeFirst()
      if scalar == "\r", rest.first != "\n" { throw failure("a carriage return stands alone", next: "remove it") }
    }
    if let scalar = rest.first, scalar != "\n" { try checkShown(scalar) }
  }

  private mutating func skipComment() throws {
    guard rest.first == "#" else { return }
    while let scalar = rest.first, scalar != "\n" {
      rest.removeFirst()
      if scalar != "\r" { try checkShown(scalar) }
    }
  }

  /// Control characters have no place in TOML.
  private func checkShown(_ scalar: Unicode.Scalar) throws {
    guard scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\t" else {
      throw failure(
        "there is a control character, U+\(String(scalar.value, radix: 16, uppercase: true))", next: "remove it")
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    if scalar == "\n" { line += 1 }
    return true
  }

  private mutating func prefix(while isTaken: (Unicode.Scalar) -> Bool) -> Substring.UnicodeScalarView {
    let taken = rest.prefix(while: isTaken)
    rest.removeFirst(taken.count)
    return taken
  }

  private func failure(_ what: String, next: String, line: Int? = nil) -> CommandFailure {
    .usage("\(path):\(line ?? self.line): \(what)", next: next)
  }
}
