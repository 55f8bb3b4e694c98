import Testing

@testable import TrainingWatch

/// What is made of logs, whole ones and others.
@Suite struct RunLogTests {
  /// A line as the first versions wrote it.
  private static func line(_ step: Int, train: String = "2.5", valid: String = "null") -> String {
    #"{"epochs":0.5,"gradient_norm":0.25,"learning_rate":0.005,"seconds":1.5,"step":\#(step),"tokens_per_second":1000,"#
      + #""train_nats":\#(train),"valid_nats":\#(valid)}"# + "\n"
  }

  private func read(_ text: String) throws -> RunLog { try RunLog(Array(text.utf8), source: "run.jsonl") }

  @Test("a line with a step before the first is no line of a log")
  func negativeSteps() throws {
    let text = """
      {"step":-9223372036854775808,"epochs":0,"train_nats":3.2}
      {"step":9223372036854775807,"epochs":1,"train_nats":3.1}
      """
    let log = try read(text)
    #expect(log.brokenLines == [1] && log.points.map(\.step) == [.max])
    #expect(RunPlot("run", runs: [("run", log.points)]).svg().contains("<svg"))
  }

  @Test("lines are numbered from 1, empty ones too, and the last needs no end")
  func numbers() throws {
    let lines = LogLines(Array("a\n\nbc\n".utf8)).map { ($0.number, String(decoding: $0.bytes, as: UTF8.self)) }
    #expect(lines.map(\.0) == [1, 2, 3] && lines.map(\.1) == ["a", "", "bc"])
    #expect(Array(LogLines(Array("a\nb".utf8))).map(\.number) == [1, 2])
    #expect(Array(LogLines([])).isEmpty)
    let log = try read(Self.line(20) + "\n{\n" + Self.line(40) + "no JSON")
    #expect(log.brokenLines == [3, 5] && log.points.map(\.step) == [20, 40])
  }

  @Test("a log without events is read as one with them")
  func oldLog() throws {
    let log = try read(Self.line(20) + Self.line(40, valid: "2.25"))
    #expect(log.points.map(\.step) == [20, 40])
    #expect(log.points.map(\.validNats) == [nil, 2.25])
    #expect(log.points[1].trainNats == 2.5 && log.points[1].learningRate == 0.005)
    #expect(log.brokenLines.isEmpty)
  }

  @Test(
    "where steps are repeated the later lines replace all from there on",
    arguments: [([20, 40, 60, 40, 60], [20, 40, 60]), ([20, 40, 50], [20, 40, 50]), ([40, 60, 20], [20])])
  func resumed(_ steps: [Int], _ kept: [Int]) throws {
    let lines = steps.enumerated().map { Self.line($1, train: "\($0)") }
    let log = try read(lines.joined(separator: #"{"event":"resume","step":30}"# + "\n"))
    #expect(log.points.map(\.step) == kept)
    #expect(log.points.last?.trainNats == Double(steps.count - 1))
  }

  @Test("lines that cannot be read are skipped and counted, unknown events just skipped")
  func brokenLines() throws {
    let text =
      Self.line(20) + #"{"event":"eclipse","step":21}"# + "\n{\"step\":30,\"tra\n" + Self.line(40)
      + Self.line(60).dropLast(30)
    let log = try read(text)
    #expect(log.points.map(\.step) == [20, 40])
    #expect(log.brokenLines == [3, 5])
  }

  @Test(
    "a file that is no log says so",
    arguments: [
      ("", RunLogError.empty(path: "run.jsonl")), ("\n \n", .empty(path: "run.jsonl")),
      ("once upon a time\n", .notLog(path: "run.jsonl")), (#"{"a":1}"#, .notLog(path: "run.jsonl")),
      ("[1, 2]\n", .notLog(path: "run.jsonl")), ("{\"event\":\"saved\"}\n", .noFigures(path: "run.jsonl")),
    ])
  func notLog(_ text: String, _ expected: RunLogError) {
    #expect(throws: expected) { try read(text) }
    #expect(expected.description.hasPrefix("run.jsonl: "))
  }
}
