import ArgumentParser
import CharLM

/// `charlm bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine trains and samples.",
    discussion: """
      Each shape runs in a process of its own. The shapes: \
      \(BenchmarkShape.all.map(\.name).joined(separator: ", ")).

      Example:
        charlm bench --shape lstm-128 lstm-512 --seconds 5
      """)

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("The sizes to measure (default: all).", valueName: "name"))
  var shape: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("How long each shape trains.", valueName: "time"))
  var seconds = TimeSpan(seconds: 8)

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  @Flag(help: .hidden)
  var inProcess = false

  func validate() throws { _ = try shapes() }

  private func shapes() throws -> [BenchmarkShape] {
    if shape.isEmpty { return BenchmarkShape.all }
    return try shape.map { name in
      guard let shape = BenchmarkShape.all.first(where: { $0.name == name }) else {
        throw ValidationError(
          "--shape \(name): there is no such shape; take one of "
            + BenchmarkShape.all.map(\.name).joined(separator: ", "))
      }
      return shape
    }
  }

  func run() throws {
    let shapes = try shapes()
    if inProcess, let shape = shapes.first { return try measure(shape) }
    if !output.json { try StandardOutput.print(BenchmarkReport.heading) }
    for shape in shapes { try measureApart(shape) }
  }

  private func measureApart(_ shape: BenchmarkShape) throws {
    let arguments =
      [
        "bench", "--in-process", "--shape", shape.name, "--seconds", String(seconds.seconds), "--threads",
        String(threads.count),
      ] + (output.json ? ["--json"] : [])
    let status = try ChildProcess.run(arguments)
    guard status == 0 else {
      throw CommandFailure("the measurement of \(shape.name) failed (status \(status))")
    }
  }

  private func measure(_ shape: BenchmarkShape) throws {
    let result = try Benchmark.run(
      shape, seconds: seconds.seconds, threadCount: threads.count, clock: { Clock.seconds })
    let report = BenchmarkReport(shape, result, threadCount: threads.count)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.row)
    }
  }
}

/// A shape's figures, with the fields that the peers' benchmark has.
struct BenchmarkReport: Encodable {
  let peer: String
  let shape: String
  let threads: Int
  let bf16: Bool
  let trainCharsPerSecond: Double
  let stepMs: Double
  let nominalGflops: Double
  let sampleCharsPerSecond: Double
  let peakRssMb: Double

  init(_ shape: BenchmarkShape, _ result: BenchmarkResult, threadCount: Int) {
    peer = "charlm-" + Version.number
    self.shape = shape.name
    threads = threadCount
    bf16 = false
    trainCharsPerSecond = result.trainTokensPerSecond
    stepMs = result.stepSeconds * 1e3
    nominalGflops = shape.nominalFlops / result.stepSeconds / 1e9
    sampleCharsPerSecond = result.sampleTokensPerSecond
    peakRssMb = Resources.peakMegabytes
  }

  static let heading = row(["shape", "training tok/s", "a step", "GFLOP/s", "sampling tok/s", "memory"])

  var row: String {
    BenchmarkReport.row([
      shape, Quantity.count(Int(trainCharsPerSecond)), Quantity.fixed(stepMs, 2) + " ms",
      Quantity.fixed(nominalGflops, 1), Quantity.count(Int(sampleCharsPerSecond)),
      Quantity.fixed(peakRssMb, 0) + " MB",
    ])
  }

  private static func row(_ columns: [String]) -> String {
    let cells = columns.enumerated().map { number, text in
      let space = String(repeating: " ", count: max(0, (number == 0 ? 10 : 16) - text.count))
      return number == 0 ? text + space : space + text
    }
    return cells.joined() + "\n"
  }
}
