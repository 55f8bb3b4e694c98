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

  /// A section under a heading; nothing where there is no content.
  static func section(_ heading: String, _ content: String) -> String {
    guard !content.isEmpty else { return "" }
    return "<section>\n" + HTML.element("h2", heading) + "\n" + content + "</section>\n"
  }

  /// What a page begins with: its title, a line below it, key figures, and sentences on what they mean.
  static func header(_ title: String, subtitle: String, figures: [KeyFigure], remarks: [String]) -> String {
    let cards = figures.map { figure in
      "<div class=\"card\">" + HTML.element("span", figure.name, "class=\"name\"")
        + HTML.element("strong", figure.value)
        + (figure.remark.isEmpty ? "" : HTML.element("span", figure.remark, "class=\"remark\"")) + "</div>\n"
    }
    return "<header>\n" + HTML.element("h1", title, "dir=\"auto\"") + "\n"
      + HTML.element("p", subtitle, "class=\"subtitle\"") + "\n<div class=\"cards\">\n" + cards.joined()
      + "</div>\n" + remarks.map { HTML.element("p", $0, "class=\"remark-line\"") + "\n" }.joined() + "</header>\n"
  }

  /// A whole page that needs nothing from elsewhere.
  /// - Parameters:
  ///   - style: rules beside the common ones.
  ///   - main: what the page shows.
  ///   - script: what makes it answer; it finds `data` as `JSON.parse(document.getElementById("data").textContent)`.
  static func page(
    title: String, style: String = "", main: String, footer: String, data: String = "", script: String = ""
  ) -> String {
    let scripts =
      script.isEmpty
      ? ""
      : """
      <script type="application/json" id="data">\(scriptSafe(data))</script>
      <script>//<![CDATA[
      \(script)
      //]]></script>

      """
    return """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      \(HTML.element("title", title))
      <style>
      \(HTML.style)\(style.isEmpty ? "" : "\n" + style)
      </style>
      </head>
      <body>
      <main>
      \(main)
      </main>
      \(HTML.element("footer", footer))
      \(scripts)</body>
      </html>

      """
  }

  /// JSON that ends no script and that XML may contain: some characters as escapes, which it means the same with.
  private static func scriptSafe(_ json: String) -> String {
    var safe = ""
    safe.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        let digits = String(scalar.value, radix: 16)
        safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}

/// A number that stands out on a page, with its name and a remark.
package struct KeyFigure {
  let name: String
  let value: String
  let remark: String

  /// - Parameter remark: a few words of explanation; may be empty.
  package init(_ name: String, _ value: String, _ remark: String = "") {
    (self.name, self.value, self.remark) = (name, value, remark)
  }
}
