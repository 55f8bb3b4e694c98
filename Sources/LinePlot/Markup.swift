/// Escaping for HTML and XML (and so SVG).
package enum Markup {
  /// Text as content or as the value of an attribute.
  ///
  /// Control characters other than tab and line feed, which pages must not contain or would not show, become symbols:
  /// U+240D for a carriage return.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}": escaped.unicodeScalars.append(picture(0x2400 + scalar.value))
      case "\u{7F}": escaped += "\u{2421}"
      case "\u{80}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        escaped += "[U+" + String(scalar.value, radix: 16, uppercase: true) + "]"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func picture(_ value: UInt32) -> Unicode.Scalar { Unicode.Scalar(value) ?? "\u{FFFD}" }
}
