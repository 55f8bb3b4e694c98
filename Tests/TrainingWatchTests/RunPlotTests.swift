import Testing

@testable import LinePlot
@testable import TrainingWatch

/// Pictures: well-formed, and with what they must show.
@Suite struct RunPlotTests {
  /// A run whose loss falls as losses do, and whose best validation is at step 800.
  static func points(_ count: Int = 50, step: Int = 20) -> [RunPoint] {
    (1...count).map { number in
      var point = RunPoint(step: number * step)
      point.epochs = Double(number) / 10
      point.seconds = Double(number) * 40
      point.trainNats = 1.2 + 3 / Double(number)
      if number % 5 == 0 { point.validNats = 1.5 + min(abs(Double(number) - 40), 30) / 100 }
      point.learningRate = 0.005
      point.gradientNorm = number == 30 ? 40 : 0.5
      return point
    }
  }

  @Test("a run's picture has three panels, a legend and the best validation")
  func oneRun() throws {
    let picture = RunPlot("english", runs: [("english", Self.points())]).svg()
    let parsed = try ParsedXML(picture)
    #expect(parsed.elements["svg"] == 4)
    #expect(parsed.elements["polyline"] == 4)
    #expect(parsed.elements["circle"] == 1)
    for text in [
      "english", "training", "validation", "best 1.5000 at step 800", "learning rate", "gradient norm", "steps",
    ] {
      #expect(parsed.text.contains(text), "\(text)")
    }
  }

  @Test("numbers that no picture can hold are left out", arguments: [1e300, -1e300, 1.7e308, 1e31])
  func beyondDrawing(_ number: Double) throws {
    var points = Self.points()
    (points[3].epochs, points[4].seconds, points[5].trainNats, points[9].validNats) = (number, number, number, number)
    (points[6].learningRate, points[7].gradientNorm) = (Float(number), number)
    for axis in RunPlot.Horizontal.allCases {
      let picture = RunPlot("run", runs: [("run", points)], over: axis).svg()
      _ = try ParsedXML(picture)
      #expect(!picture.contains("inf") && !picture.contains("nan"), "\(axis)")
      #expect(picture.contains("polyline"), "\(axis)")
    }
  }

  @Test("several runs are told apart by name and colour")
  func severalRuns() throws {
    let runs = (0..<3).map { (name: "run <\($0)> & co", points: Self.points()) }
    let picture = RunPlot("runs", runs: runs).svg()
    let parsed = try ParsedXML(picture)
    for (name, _) in runs { #expect(parsed.text.contains(name + ", best 1.500")) }
    #expect(Set(picture.matches(of: /<polyline [^>]*stroke="(#\w+)"/).map { String($0.1) }).count == 3)
  }

  @Test("control characters in a name are shown")
  func controls() throws {
    #expect(try ParsedXML(RunPlot("a\u{1B}b\u{0}", runs: [("a", Self.points())]).svg()).text.contains("a␛b␀"))
  }

  @Test("times are shown in a unit that suits them", arguments: [(10, "seconds"), (50, "minutes"), (1000, "hours")])
  func units(_ count: Int, _ unit: String) throws {
    let parsed = try ParsedXML(RunPlot("", runs: [("a", Self.points(count))], over: .seconds).svg())
    #expect(parsed.text.contains(unit))
  }

  @Test("the steep fall at the start is cut off, so that the rest can be seen")
  func steepFall() throws {
    let parsed = try ParsedXML(RunPlot("", runs: [("a", Self.points(400))]).svg())
    #expect(parsed.text.contains("1.4") && !parsed.text.contains("4.0"))
  }

  @Test(
    "what a run lacks has no panel", arguments: [[RunPoint(step: 20)], [], [RunPoint(step: 20), RunPoint(step: 40)]])
  func nothing(_ points: [RunPoint]) throws {
    #expect(RunPlot("", runs: [("a", points)]).isEmpty)
    var points = points
    if !points.isEmpty { points[0].trainNats = 2 }
    _ = try ParsedXML(RunPlot("", runs: [("a", points)]).svg())
  }

  @Test(
    "axes have round values",
    arguments: [
      (0.0...1.0, false, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (0...12_000, false, ["0", "2,000", "4,000"]),
      (1.31...1.52, false, ["1.35", "1.40", "1.45", "1.50"]), (0...0.005, false, ["0.000", "0.001", "0.002"]),
      (0.1...40, true, ["0.1", "0.3", "1", "3", "10", "30"]), (1e-9...1, true, ["1e-8", "1e-6", "0.0001"]),
      (0.005...0.005, false, []),
    ])
  func ticks(_ range: ClosedRange<Double>, _ isLogarithmic: Bool, _ labels: [String]) {
    let axis = Axis(range, from: 0, to: 100, isLogarithmic: isLogarithmic)
    #expect(axis.ticks.allSatisfy { (-1e-6...100 + 1e-6).contains($0.place) })
    #expect(axis.ticks.count <= 10 && !axis.ticks.isEmpty)
    for label in labels { #expect(axis.ticks.map(\.label).contains(label), "\(label) in \(axis.ticks)") }
  }

  @Test("a picture of one panel has its labels, marks and gaps")
  func onePanel() throws {
    let line = LinePlot.Line("norm", [(1, 1e-3), (10, .nan), (100, 1)], color: "#123456", dashes: "6 4")
    let picture = LinePlot(
      "title", xLabel: "rate", yLabel: "y < x", isLogarithmic: true, xIsLogarithmic: true, legendIsLow: true,
      marks: [(10, "here")], [line]
    ).svg()
    let parsed = try ParsedXML(picture)
    for text in ["title", "rate", "y < x", "norm", "here", "0.001"] { #expect(parsed.text.contains(text), "\(text)") }
    #expect(picture.contains("stroke-dasharray=\"6 4\""))
    #expect(picture.matches(of: /<polyline points="[^ "]+ [^ "]+"/).count == 1)
  }

  @Test("a long line keeps its peaks")
  func thinning() {
    let points = (0..<20_000).map { (x: Double($0), y: $0 == 7777 ? 9.0 : sin($0)) }
    let kept = PanelDrawing.thinned(points)
    #expect(kept.count <= 1600 && kept.contains { $0.y == 9 })
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x < $1.x })
  }

  private func sin(_ number: Int) -> Double { Double(number % 100) / 100 }
}
