import Testing

@testable import LinePlot
@testable import TrainingWatch

/// The page: well-formed, whole, and safe whatever the texts in it are.
@Suite struct RunReportTests {
  private func report() -> RunReport {
    var report = RunReport()
    report.title = "Märchen & <script>alert(1)</script>"
    report.subtitle = "LSTM"
    report.figures = [.init("validation loss", "1.5432", "nats a grapheme"), .init("steps", "1,000")]
    report.picture = RunPlot("", runs: [("a", RunPlotTests.points())]).svg()
    report.samples = [.init("temperature 0.8", "<script>alert(\"x\")</script>\nmid\u{0}dle\r\n\u{1B}[31m\u{FFFE}")]
    report.course = [.init("step 20", "السلام عليكم")]
    report.settings = [("corpus", "a.txt & b.txt")]
    report.tokens = [("'<'", "1.5 %"), ("U+000A", "")]
    report.history = (["step", "training"], [["20", "2.5"]])
    report.next = [.init("next", "charlm sample --model 'a b'")]
    return report
  }

  @Test("the page is well-formed and holds everything")
  func whole() throws {
    let html = report().html
    let parsed = try ParsedXML(html)
    for text in [
      "Märchen & <script>alert(1)</script>", "1.5432", "temperature 0.8", "السلام عليكم", "a.txt & b.txt", "'<'",
      "charlm sample --model 'a b'", "best 1.5000 at step 800",
    ] {
      #expect(parsed.text.contains(text), "\(text)")
    }
    #expect(parsed.elements["script"] == nil)
    #expect(parsed.elements["svg"] == 4)
  }

  @Test("the page asks for nothing from elsewhere")
  func alone() {
    let addresses = report().html.matches(of: /(?:src|href|url|@import)\b|https?:\/\/[\w.]+/).map { String($0.0) }
    #expect(Set(addresses) == ["http://www.w3.org"])
  }

  @Test("control characters are shown")
  func controls() {
    let html = report().html
    #expect(html.contains("mid␀dle␍\n␛[31m[U+FFFE]"))
    #expect(Markup.escaped("\t\n\u{7F}\u{85}") == "\t\n␡[U+85]")
  }

  @Test("sections without content are left out")
  func empty() throws {
    var report = RunReport()
    report.title = "a"
    let parsed = try ParsedXML(report.html)
    #expect(parsed.elements["section"] == nil && parsed.elements["h1"] == 1)
  }

  @Test("text that goes to the left stands at the right")
  func direction() {
    #expect(report().html.contains("<pre dir=\"auto\">السلام عليكم</pre>"))
  }
}
