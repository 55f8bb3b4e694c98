/// Text as a terminal may show it, wherever it came from: a file's name, its metadata, a model's tokens.
///
/// What a terminal would obey rather than show is written as an escape, such as `\u{1B}`: control characters, and those
/// that turn the direction of the text around them (Unicode Technical Report 36, 2.10).
enum VisibleText {
  /// One line: line ends are escaped, too.
  static func line(_ text: String) -> String { escaped(text) { _ in false } }

  /// Lines: line feeds and tabs stay.
  static func lines(_ text: String) -> String { escaped(text) { $0 == "\n" || $0 == "\t" } }

  /// A value of JSON with the escapes that JSON has for them; equal to what it was.
  static func json(_ text: String) -> String {
    escaped(text, as: { "\\u" + hexadecimal($0, digits: 4) }) { _ in false }
  }

  /// Whether a terminal would obey a scalar rather than show it.
  static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func escaped(
    _ text: String, as escape: (Unicode.Scalar) -> String = { "\\u{" + hexadecimal($0, digits: 1) + "}" },
    except isKept: (Unicode.Scalar) -> Bool
  ) -> String {
    guard text.unicodeScalars.contains(where: { isObeyed($0) && !isKept($0) }) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if isObeyed(scalar), !isKept(scalar) {
        shown += escape(scalar)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
    let text = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
