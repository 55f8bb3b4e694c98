/// Pieces of a page that is well-formed as HTML and as XML alike.
enum HTML {
  /// Text as content or as an attribute's value.
  ///
  /// Control characters but tab and line feed, which a page may not hold or would not show, become their pictures:
  /// U+240D for a carriage return.
  static func escaped(_ text: String) -> String {
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

  /// An element with text in it.
  static func element(_ name: String, _ text: String, _ attributes: String = "") -> String {
    "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(escaped(text))</\(name)>"
  }

  /// A table; columns of `numbers` stand to the right.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let head = "<thead><tr>" + heads.map { element("th", $0) }.joined() + "</tr></thead>\n"
    let body = rows.map { row in "<tr>" + row.map { element("td", $0) }.joined() + "</tr>\n" }.joined()
    return "<table class=\"numbers\">\n" + head + "<tbody>\n" + body + "</tbody></table>\n"
  }

  /// Names with what is to be said of each.
  static func list(_ facts: [(name: String, text: String)]) -> String {
    let rows = facts.map { fact in
      "<tr>" + element("th", fact.name, "scope=\"row\"") + element("td", fact.text, "dir=\"auto\"") + "</tr>\n"
    }
    return "<table class=\"facts\"><tbody>\n" + rows.joined() + "</tbody></table>\n"
  }
}
