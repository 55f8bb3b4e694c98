import CharLMFiles

/// The results of a run as one self-contained HTML page.
///
/// Whoever makes the page supplies the words and numbers; this decides how they are shown, in any script, light or dark.
package struct RunReport {
  /// Text that the model wrote, with a caption.
  package struct Writing {
    let caption: String
    let text: String

    /// A text under its caption.
    package init(_ caption: String, _ text: String) { (self.caption, self.text) = (caption, text) }
  }

  /// The title of the page: the model's name.
  package var title = ""
  /// One line on what the model is.
  package var subtitle = ""
  /// The results.
  package var figures: [KeyFigure] = []
  /// The plot of the run, as SVG; empty for none.
  package var picture = ""
  /// The same for narrow windows; empty where there is only the wide one.
  package var narrowPicture = ""
  /// Sentences below the results: what they mean.
  package var remarks: [String] = []
  /// Samples of the finished model.
  package var samples: [Writing] = []
  /// Samples from the course of training.
  package var course: [Writing] = []
  /// Inputs, the model's outputs, the expected outputs.
  package var pairs: [[String]] = []
  /// The settings.
  package var settings: [(name: String, text: String)] = []
  /// A remark on the vocabulary.
  package var vocabularyRemark = ""
  /// Tokens, each with a remark such as its frequency.
  package var tokens: [(token: String, remark: String)] = []
  /// The validations.
  package var history: (heads: [String], rows: [[String]]) = ([], [])
  /// The machine that it ran on.
  package var machine: [(name: String, text: String)] = []
  /// The command that was typed.
  package var command = ""
  /// Commands to type next, each with its purpose as the caption.
  package var next: [Writing] = []
  /// What made the page, and when.
  package var footer = ""

  /// An empty page.
  package init() {}

  /// Writes the page atomically.
  package func write(to path: String) throws(FileError) {
    try Files.writeAtomically(path) { (file: inout FileWriter) throws(FileError) in try file.write(html) }
  }

  /// The page.
  package var html: String {
    let sections = [
      header, section("Training", pictureBlock), section("Samples", writings(samples)),
      section("Pairs", pairs.isEmpty ? "" : HTML.table(["input", "output", "expected"], pairs)),
      section("Samples during training", courseBlock),
      section("Settings", settings.isEmpty ? "" : HTML.list(settings)),
      section("Vocabulary", vocabularyBlock), section("Validations", historyBlock),
      section("Machine and command", machineBlock), section("Next steps", nextBlock),
    ]
    return HTML.page(title: title, main: sections.joined(), footer: footer)
  }
}

// MARK: Sections

extension RunReport {
  private func section(_ heading: String, _ content: String) -> String { HTML.section(heading, content) }

  private var header: String {
    HTML.header(title, subtitle: subtitle, figures: figures, remarks: remarks)
  }

  private var pictureBlock: String {
    guard !picture.isEmpty else { return "" }
    let narrow = narrowPicture.isEmpty ? "" : "<figure class=\"picture narrow\">\n\(narrowPicture)</figure>\n"
    let kind = narrow.isEmpty ? "picture" : "picture wide"
    return "<figure class=\"\(kind)\">\n\(picture)</figure>\n" + narrow
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
    (machine.isEmpty ? "" : HTML.list(machine)) + (command.isEmpty ? "" : block(command))
  }

  /// Each command in a block of its own, with nothing else in it, so that it can be copied.
  private var nextBlock: String {
    next.map { step in
      "<figure>" + HTML.element("figcaption", step.caption) + "\n" + block(step.text) + "</figure>\n"
    }.joined()
  }

  private func block(_ command: String) -> String { HTML.element("pre", command, "class=\"command\"") + "\n" }
}
