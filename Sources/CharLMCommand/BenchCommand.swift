import ArgumentParser
import CharLM
import CharLMTraining
import RecurrentNN

/// `charlm bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine trains and samples.",
    discussion: """
      Each shape runs in a process of its own. The shapes: \
      \(BenchmarkShape.all.map(\.name).joined(separator: ", ")).
      The limit of training is the time of a step's matrix products alone. Sampling keeps its weights in bfloat16, in \
      a second measurement in float32.

      Example:
        charlm bench --shape lstm-128 lstm-512 --seconds 5
      """)

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("The sizes to measure (default: all).", valueName: "name"))
  var shape: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("How long each shape trains.", valueName: "time"))
  var seconds = TimeSpan(seconds: 8)

  @Option(help: ArgumentHelp("What training multiplies in.", valueName: "precision"))
  var precision = Precision.float32

  @Option(parsing: .unconditional, help: ArgumentHelp("Another number of layers.", valueName: "number"))
  var layers: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Another hidden size.", valueName: "size"))
  var hidden: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Another number of streams.", valueName: "number"))
  var batch: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Another length of a chunk.", valueName: "number"))
  var bptt: Int?

  @Flag(help: "Measure training only, neither sampling nor evaluation.")
  var trainingOnly = false

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  @Flag(help: .hidden)
  var inProcess = false

  func validate() throws {
    try Limits.check(layers, 1...64, "--layers")
    try Limits.check(hidden, 1...65536, "--hidden")
    try Limits.check(batch, 1...65536, "--batch")
    try Limits.check(bptt, 1...65536, "--bptt")
    _ = try shapes()
  }

  private func shapes() throws -> [BenchmarkShape] {
    if shape.isEmpty { return BenchmarkShape.all.map(altered) }
    return try shape.map { name in
      guard let shape = BenchmarkShape.all.first(where: { $0.name == name }) else {
        throw ValidationError(
          "--shape \(name): there is no such shape; take one of "
            + BenchmarkShape.all.map(\.name).joined(separator: ", "))
      }
      return altered(shape)
    }
  }

  /// A shape with the sizes that were given.
  private func altered(_ shape: BenchmarkShape) -> BenchmarkShape {
    var shape = shape
    shape.model.layers = layers ?? shape.model.layers
    shape.model.hidden = hidden ?? shape.model.hidden
    shape.batch = batch ?? shape.batch
    shape.bptt = bptt ?? shape.bptt
    return shape
  }

  func run() throws {
    try Limits.checkAvailable(precision)
    let shapes = try shapes()
    if inProcess, let shape = shapes.first { return try measure(shape) }
    if !output.json { try StandardOutput.print(BenchmarkReport.heading) }
    for shape in shapes { try measureApart(shape) }
  }

  private func measureApart(_ shape: BenchmarkShape) throws {
    let arguments =
      [
        "bench", "--in-process", "--shape", shape.name, "--seconds", String(seconds.seconds), "--threads",
        String(threads.count), "--precision", precision.rawValue, "--layers", String(shape.model.layers), "--hidden",
        String(shape.model.hidden), "--batch", String(shape.batch), "--bptt", String(shape.bptt),
      ] + (trainingOnly ? ["--training-only"] : []) + (output.json ? ["--json"] : [])
    let status = try ChildProcess.run(arguments)
    guard status == 0 else {
      throw CommandFailure("the measurement of \(shape.name) failed (status \(status))")
    }
  }

  private func measure(_ shape: BenchmarkShape) throws {
    let benchmark = Benchmark(
      shape, precision: precision, threadCount: threads.count, clock: { Clock.seconds },
      peakMegabytes: { Resources.peakMegabytes })
    let result = try benchmark.run(seconds: seconds.seconds, isTrainingOnly: trainingOnly)
    let report = BenchmarkReport(shape, result, precision: precision, threadCount: threads.count)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.row)
    }
  }
}

/// A shape's figures, with the fields that the peers' benchmark has and some more.
struct BenchmarkReport: Encodable {
  let peer: String
  let shape: String
  let threads: Int
  let bf16: Bool
  let batch: Int
  let bptt: Int
  let layers: Int
  let hidden: Int
  let trainCharsPerSecond: Double
  let stepMs: Double
  let productMs: Double
  let shareOfLimit: Double
  let nominalGflops: Double
  let sampleCharsPerSecond: Double?
  let sampleFloat32CharsPerSecond: Double?
  let sample64CharsPerSecond: Double?
  let evalCharsPerSecond: Double?
  let peakRssMb: Double

  init(_ shape: BenchmarkShape, _ result: BenchmarkResult, precision: Precision, threadCount: Int) {
    peer = "charlm-" + Version.number
    self.shape = shape.name
    threads = threadCount
    bf16 = precision == .bfloat16
    (batch, bptt, layers, hidden) = (shape.batch, shape.bptt, shape.model.layers, shape.model.hidden)
    trainCharsPerSecond = result.trainTokensPerSecond
    stepMs = result.stepSeconds * 1e3
    productMs = result.productSeconds * 1e3
    shareOfLimit = result.shareOfLimit
    nominalGflops = shape.nominalFlops / result.stepSeconds / 1e9
    sampleCharsPerSecond = result.sampleTokensPerSecond
    sampleFloat32CharsPerSecond = result.sampleFloat32TokensPerSecond
    sample64CharsPerSecond = result.groupTokensPerSecond
    evalCharsPerSecond = result.evaluationTokensPerSecond
    peakRssMb = result.trainPeakMegabytes
  }

  static let heading = row([
    "shape", "training tok/s", "a step", "of the limit", "GFLOP/s", "sampling tok/s", "in float32", "64 streams",
    "evaluation tok/s", "memory",
  ])

  var row: String {
    BenchmarkReport.row([
      shape, Quantity.count(Int(trainCharsPerSecond)), Quantity.fixed(stepMs, 2) + " ms",
      Quantity.fixed(shareOfLimit * 100, 0) + " %", Quantity.fixed(nominalGflops, 0),
      rate(sampleCharsPerSecond), rate(sampleFloat32CharsPerSecond),
      rate(sample64CharsPerSecond), rate(evalCharsPerSecond),
      Quantity.fixed(peakRssMb, 0) + " MB",
    ])
  }

  private func rate(_ tokensPerSecond: Double?) -> String {
    tokensPerSecond.map { Quantity.count(Int($0)) } ?? "–"
  }

  private static func row(_ columns: [String]) -> String {
    let cells = columns.enumerated().map { number, text in
      let space = String(repeating: " ", count: max(0, (number == 0 ? 10 : number == 8 ? 18 : 15) - text.count))
      return number == 0 ? text + space : space + text
    }
    return cells.joined() + "\n"
  }
}
