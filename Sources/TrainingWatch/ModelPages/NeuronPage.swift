import CharLM

/// What the units of a network do over a text, as one self-contained HTML page: choose a unit, see the text in its
/// activations; mark a passage, find the units that stand out there.
package struct NeuronPage {
  /// The title of the page: the text's name.
  package var title = ""
  /// One line on the model.
  package var subtitle = ""
  /// The figures of network and text.
  package var figures: [KeyFigure] = []
  /// Sentences below them.
  package var remarks: [String] = []
  /// What made the page.
  package var footer = ""
  private let text: UnitText
  private let neurons: Neurons

  private static let trackerCount = 3

  /// A page of a text that was read.
  package init(_ text: UnitText, _ neurons: Neurons) { (self.text, self.neurons) = (text, neurons) }

  /// The page.
  package var html: String {
    let sections = [
      HTML.header(title, subtitle: subtitle, figures: figures, remarks: remarks),
      HTML.section("What units keep track of", trackers), HTML.section("Text", textBlock),
      HTML.section("Search by example", searchBlock), HTML.section("Gates", gates),
    ]
    return HTML.page(
      title: title, style: NeuronPage.style, main: sections.joined(), footer: footer, data: text.json,
      script: NeuronPage.script)
  }

  /// A row for each quantity, with the units that go with it best.
  private var trackers: String {
    let places = Dictionary(uniqueKeysWithValues: text.units.enumerated().map { ($0.element, $0.offset) })
    let rows = neurons.quantities.map { quantity in
      let shown = neurons.trackers(of: quantity).filter { places[$0.unit] != nil }.prefix(NeuronPage.trackerCount)
      let buttons = shown.map { finding in
        button(finding.unit.name + ": " + NeuronPage.signed(finding.correlation), places[finding.unit] ?? 0)
      }
      return "<tr>" + HTML.element("th", quantity.name, "scope=\"row\"") + "<td>" + buttons.joined(separator: " ")
        + "</td></tr>\n"
    }
    return HTML.element(
      "p",
      "The number is the correlation of a unit's activation with the quantity: 1 or −1 where one tells the other.",
      "class=\"remark\"") + "\n<table class=\"trackers\"><tbody>\n" + rows.joined() + "</tbody></table>\n"
  }

  private func button(_ label: String, _ place: Int) -> String {
    HTML.element("button", label, "type=\"button\" data-unit=\"\(place)\"")
  }

  static func signed(_ correlation: Double) -> String {
    let hundredths = Int((abs(correlation) * 100).rounded())
    return (correlation < 0 ? "−" : "") + "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "")
      + "\(hundredths % 100)"
  }

  private var textBlock: String {
    let options = text.units.enumerated().map { place, unit in
      let best = neurons.best(of: unit).map { " · \($0.quantity.name) \(NeuronPage.signed($0.correlation))" } ?? ""
      return HTML.element("option", unit.name + best, "value=\"\(place)\"")
    }
    return "<p><label for=\"unit\">Unit</label> <select id=\"unit\">\n" + options.joined(separator: "\n")
      + "</select></p>\n<p class=\"legend\">" + NeuronPage.legend
      + "</p>\n<div id=\"about\" role=\"status\" aria-live=\"polite\"></div>\n"
      + "<noscript><p>The colored text needs JavaScript, which stays on this page.</p></noscript>\n"
      + "<div id=\"text\" tabindex=\"0\" role=\"group\" aria-label=\"the text, colored by the unit's activation\">"
      + "</div>\n"
  }

  private static let legend =
    [("m6", "−1"), ("m3", "−0.5"), ("z0", "0"), ("p3", "0.5"), ("p6", "1")].map { name, words in
      HTML.element("span", words, "class=\"swatch \(name)\"")
    }.joined(separator: " ")

  private var searchBlock: String {
    HTML.element(
      "p",
      "Mark a passage of the text above, or type what to look for, and see which of the units on this page are most "
        + "unlike their usual selves there.", "class=\"remark\"")
      + "\n<p><label for=\"example\">Text to look for</label> <input id=\"example\" autocomplete=\"off\"/> "
      + "<button type=\"button\" id=\"find\">Find units</button></p>\n"
      + "<div id=\"found\" role=\"status\" aria-live=\"polite\"></div>\n"
  }

  private var gates: String {
    let rows = (0..<neurons.layerCount).flatMap { layer in
      neurons.saturation(ofLayer: layer).map { saturation in
        ["\(layer + 1)", saturation.gate, percent(saturation.shut), percent(saturation.open)]
      }
    }
    guard !rows.isEmpty else { return "" }
    return HTML.element(
      "p", "How often gates are below 0.1 (shut) or above 0.9 (open), over all units and tokens.", "class=\"remark\"")
      + "\n" + HTML.table(["layer", "gate", "shut", "open"], rows)
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
