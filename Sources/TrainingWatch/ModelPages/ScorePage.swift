import CharLMFiles

/// How surprising a model found a text, as one self-contained HTML page: the text colored, and its most surprising words
/// and lines.
package struct ScorePage {
  /// A word or a line, with what the model expected.
  package struct Entry {
    let line: Int
    let column: Int
    let text: String
    let figure: String
    let expected: String

    /// - Parameters:
    ///   - figure: how surprising it is, in words.
    ///   - expected: what the model expected instead; may be empty.
    package init(line: Int, column: Int, text: String, figure: String, expected: String) {
      (self.line, self.column, self.text) = (line, column, text)
      (self.figure, self.expected) = (figure, expected)
    }
  }

  /// The title of the page: the text's name.
  package var title = ""
  /// One line on the model.
  package var subtitle = ""
  /// The figures of the whole text.
  package var figures: [KeyFigure] = []
  /// Sentences below them.
  package var remarks: [String] = []
  /// The most surprising words.
  package var words: [Entry] = []
  /// The most surprising lines.
  package var lines: [Entry] = []
  /// What made the page.
  package var footer = ""
  private let text: ScoredText

  /// A page of a text.
  package init(_ text: ScoredText) { self.text = text }

  /// The page.
  package var html: String {
    let sections = [
      HTML.header(title, subtitle: subtitle, figures: figures, remarks: remarks), HTML.section("Text", textBlock),
      HTML.section("Most surprising words", table(words)), HTML.section("Most surprising lines", table(lines)),
    ]
    return HTML.page(
      title: title, style: ScorePage.style, main: sections.joined(), footer: footer, data: text.json,
      script: ScorePage.script)
  }

  private var textBlock: String {
    let swatches = ScorePage.levels.enumerated().map { number, words in
      HTML.element("span", words, "class=\"swatch l\(number)\"")
    }
    return "<p class=\"legend\">" + swatches.joined(separator: " ") + "</p>\n"
      + HTML.element(
        "p",
        "Bits a character. Point at one, or press the arrow keys in the text, to see what the model expected; n and p go "
          + "to the next and the previous surprise.", "class=\"remark\"")
      + "\n<noscript><p>The colored text needs JavaScript, which stays on this page.</p></noscript>\n"
      + "<div id=\"text\" tabindex=\"0\" role=\"group\" aria-label=\"the text, colored by surprisal\" "
      + "aria-describedby=\"panel\"></div>\n<div id=\"panel\" role=\"status\" aria-live=\"polite\">Point at a character of the text.</div>\n"
  }

  private func table(_ entries: [Entry]) -> String {
    guard !entries.isEmpty else { return "" }
    let head = ["place", "text", "surprisal", "expected instead"].map { HTML.element("th", $0) }.joined()
    let rows = entries.map { entry in
      "<tr><td>" + HTML.element("a", "\(entry.line):\(entry.column)", "href=\"#L\(entry.line)\"") + "</td>"
        + HTML.element("td", entry.text, "dir=\"auto\"") + HTML.element("td", entry.figure)
        + HTML.element("td", entry.expected, "dir=\"auto\"") + "</tr>\n"
    }
    return "<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">\n<thead><tr>\(head)</tr></thead>\n<tbody>\n"
      + rows.joined() + "</tbody></table></div>\n"
  }

  /// The levels of the heat map, for people; `script` and `style` know them, too.
  private static let levels = ["below 1", "1", "2", "4", "6", "9", "13 and more"]
}
