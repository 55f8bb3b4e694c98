import CharLMFiles

/// What came of a run as a page: one HTML file that needs nothing else, for people who were not there.
///
/// The words and numbers come from whoever makes it; here is how they are shown, in any script, light or dark.
public struct RunReport {
  /// A number that matters, with its name and a remark.
  public struct Figure {
    let name: String
    let value: String
    let remark: String

    /// - Parameter remark: what else is to be said, in a few words; may be empty.
    public init(_ name: String, _ value: String, _ remark: String = "") {
      (self.name, self.value, self.remark) = (name, value, remark)
    }
  }

  /// Text that the model wrote, with what is to be said of it.
  public struct Writing {
    let caption: String
    let text: String

    /// A text under its caption.
    public init(_ caption: String, _ text: String) { (self.caption, self.text) = (caption, text) }
  }

  /// What the page is called: the model.
  public var title = ""
  /// What the model is, in a line.
  public var subtitle = ""
  /// The results.
  public var figures: [Figure] = []
  /// The picture of the run, as SVG; empty for none.
  public var picture = ""
  /// What the finished model writes.
  public var samples: [Writing] = []
  /// What the model wrote in the course of the run.
  public var course: [Writing] = []
  /// Inputs, what the model makes of them, what was wanted.
  public var pairs: [[String]] = []
  /// The settings.
  public var settings: [(name: String, text: String)] = []
  /// What is to be said of the vocabulary.
  public var vocabularyRemark = ""
  /// Tokens and what is to be said of each, such as how often it comes.
  public var tokens: [(token: String, remark: String)] = []
  /// The validations.
  public var history: (heads: [String], rows: [[String]]) = ([], [])
  /// Where it ran.
  public var machine: [(name: String, text: String)] = []
  /// What was typed.
  public var command = ""
  /// What to type next.
  public var next: [String] = []
  /// What made the page, and when.
  public var footer = ""

  /// An empty page.
  public init() {}

  /// Writes the page, wholly or not at all.
  public func write(to path: String) throws(FileError) {
    try Files.writeAtomically(path) { (file: inout FileWriter) throws(FileError) in try file.write(html) }
  }

  /// The page.
  public var html: String {
    let sections = [
      header, section("The course of the run", pictureBlock), section("What it writes", writings(samples)),
      section("What it makes of its pairs", pairs.isEmpty ? "" : HTML.table(["input", "output", "wanted"], pairs)),
      section("What it wrote on the way", courseBlock),
      section("Settings", settings.isEmpty ? "" : HTML.list(settings)),
      section("Vocabulary", vocabularyBlock), section("Validations", historyBlock),
      section("Machine and command", machineBlock), section("What next", commands(next)),
    ]
    return """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      \(HTML.element("title", title))
      <style>
      \(RunReport.style)
      </style>
      </head>
      <body>
      <main>
      \(sections.joined())
      </main>
      \(HTML.element("footer", footer))
      </body>
      </html>

      """
  }
}

// MARK: Sections

extension RunReport {
  private func section(_ heading: String, _ content: String) -> String {
    guard !content.isEmpty else { return "" }
    return "<section>\n" + HTML.element("h2", heading) + "\n" + content + "</section>\n"
  }

  private var header: String {
    let cards = figures.map { figure in
      "<div class=\"card\">" + HTML.element("span", figure.name, "class=\"name\"")
        + HTML.element("strong", figure.value)
        + (figure.remark.isEmpty ? "" : HTML.element("span", figure.remark, "class=\"remark\"")) + "</div>\n"
    }
    return "<header>\n" + HTML.element("h1", title, "dir=\"auto\"") + "\n"
      + HTML.element("p", subtitle, "class=\"subtitle\"") + "\n<div class=\"cards\">\n" + cards.joined()
      + "</div>\n</header>\n"
  }

  private var pictureBlock: String {
    picture.isEmpty ? "" : "<figure class=\"picture\" tabindex=\"0\">\n\(picture)</figure>\n"
  }

  private func writings(_ writings: [Writing]) -> String {
    writings.map { writing in
      "<figure class=\"writing\">\n" + HTML.element("figcaption", writing.caption) + "\n"
        + HTML.element("pre", writing.text, "dir=\"auto\"") + "\n</figure>\n"
    }.joined()
  }

  private var courseBlock: String {
    course.map { writing in
      "<details>" + HTML.element("summary", writing.caption) + "\n"
        + HTML.element("pre", writing.text, "dir=\"auto\"") + "\n</details>\n"
    }.joined()
  }

  private var vocabularyBlock: String {
    guard !tokens.isEmpty || !vocabularyRemark.isEmpty else { return "" }
    let chips = tokens.map { token, remark in
      "<li>" + HTML.element("bdi", token) + (remark.isEmpty ? "" : " " + HTML.element("small", remark)) + "</li>\n"
    }
    let list = chips.isEmpty ? "" : "<ul class=\"tokens\">\n" + chips.joined() + "</ul>\n"
    return HTML.element("p", vocabularyRemark) + "\n" + list
  }

  private var historyBlock: String {
    guard !history.rows.isEmpty else { return "" }
    return "<div class=\"scroll\" tabindex=\"0\">\n" + HTML.table(history.heads, history.rows) + "</div>\n"
  }

  private var machineBlock: String {
    (machine.isEmpty ? "" : HTML.list(machine)) + (command.isEmpty ? "" : commands([command]))
  }

  private func commands(_ lines: [String]) -> String {
    lines.isEmpty ? "" : HTML.element("pre", lines.joined(separator: "\n"), "class=\"command\"") + "\n"
  }
}
