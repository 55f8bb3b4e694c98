import CharLM

/// Two predictors on one text, as one self-contained HTML page: where each of them is better.
package struct ComparePage {
  /// The title of the page: the text's name.
  package var title = ""
  /// The names of the predictors.
  package var names = ["A", "B"]
  /// The figures of the whole text.
  package var figures: [KeyFigure] = []
  /// Sentences below them.
  package var remarks: [String] = []
  /// Tables of where the difference comes from.
  package var tables: [(heading: String, heads: [String], rows: [[String]])] = []
  /// What made the page.
  package var footer = ""
  private let text: ComparedText

  /// A page of a comparison.
  package init(_ comparison: TextComparison) { text = ComparedText(comparison) }

  /// The page.
  package var html: String {
    var remarks = remarks
    if text.isCut {
      remarks.append(
        "The page shows the first \(ComparedText.limit) bytes of the text; the figures are those of all of it.")
    }
    let tables = tables.map { table in
      HTML.section(
        table.heading,
        table.rows.isEmpty
          ? "" : "<div class=\"scroll\" tabindex=\"0\">\n" + HTML.table(table.heads, table.rows) + "</div>\n")
    }
    let sections =
      [
        HTML.header(
          title, subtitle: "\(names[0]) and \(names[1]) on the same text", figures: figures, remarks: remarks)
      ] + tables + [HTML.section("Text", textBlock)]
    return HTML.page(
      title: title, style: ComparePage.style, main: sections.joined(), footer: footer, data: text.json(names: names),
      script: ComparePage.script)
  }

  private var textBlock: String {
    "<p class=\"legend\">"
      + HTML.element("span", "\(names[0]) takes fewer bits", "class=\"swatch m4\" dir=\"auto\"") + " "
      + HTML.element("span", "\(names[1]) takes fewer bits", "class=\"swatch p4\" dir=\"auto\"") + "</p>\n"
      + "<noscript><p>The colored text needs JavaScript, which stays on this page.</p></noscript>\n"
      + "<div id=\"text\" tabindex=\"0\" role=\"group\" aria-label=\"the text, colored by the difference\"></div>\n"
      + "<div id=\"panel\" role=\"status\" aria-live=\"polite\">Point at a character of the text, or press the arrow "
      + "keys in it.</div>\n"
  }
}
