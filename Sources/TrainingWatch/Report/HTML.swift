import LinePlot

/// Pieces of a page that is well-formed both as HTML and as XML.
enum HTML {
  /// An element with text in it.
  static func element(_ name: String, _ text: String, _ attributes: String = "") -> String {
    "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(Markup.escaped(text))</\(name)>"
  }

  /// A table with headings over its columns.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let head = "<thead><tr>" + heads.map { element("th", $0) }.joined() + "</tr></thead>\n"
    let body = rows.map { row in "<tr>" + row.map { element("td", $0) }.joined() + "</tr>\n" }.joined()
    return "<table class=\"numbers\">\n" + head + "<tbody>\n" + body + "</tbody></table>\n"
  }

  /// Names with a text beside each.
  static func list(_ facts: [(name: String, text: String)]) -> String {
    let rows = facts.map { fact in
      "<tr>" + element("th", fact.name, "scope=\"row\"") + element("td", fact.text, "dir=\"auto\"") + "</tr>\n"
    }
    return "<table class=\"facts\"><tbody>\n" + rows.joined() + "</tbody></table>\n"
  }
}
