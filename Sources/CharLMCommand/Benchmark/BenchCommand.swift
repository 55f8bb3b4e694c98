import ArgumentParser
import CharLM
import CharLMTraining
import RecurrentNN

/// `charlm bench`.
struct BenchCommand: ParsableCommand, DeclaredOptions {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine trains and samples.",
    discussion: """
      Each shape runs in its own process. Shapes: \
      \(BenchmarkShape.all.map(\.name).joined(separator: ", ")).
      The limit of training is the time of a step's matrix products alone. Sampling is measured with weights in \
      bfloat16, float32 and int8.

      Example:
        charlm bench --shape lstm-128 lstm-512 --seconds 5
      """)

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("The shapes to measure (default: all).", valueName: "name"))
  var shape: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("How long each shape trains.", valueName: "time"))
  var seconds = Seconds(8)

  @Option(help: ArgumentHelp("The precision of training.", valueName: "precision"))
  var precision = Precision.float32

  @Option(parsing: .unconditional, help: ArgumentHelp("Override the number of layers.", valueName: "number"))
  var layers: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Override the hidden size.", valueName: "size"))
  var hidden: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Override the number of streams.", valueName: "number"))
  var batch: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Override the length of a chunk.", valueName: "number"))
  var bptt: Int?

  @Flag(help: "Measure only training, not sampling and evaluation.")
  var trainingOnly = false

  @OptionGroup
  var threads: ThreadOption

  @OptionGroup
  var output: OutputOptions

  @Flag(help: .private)
  var inProcess = false

  static let declarations: [Declaration<Self>] =
    [
      Declaration("--seconds", withDefault: \.seconds), Declaration("--precision", withDefault: \.precision),
      Declaration("--layers", \.layers, in: .range(SettingRanges.layers)),
      Declaration("--hidden", \.hidden, in: .range(SettingRanges.width)),
      Declaration("--batch", \.batch, in: .range(SettingRanges.batch)),
      Declaration("--bptt", \.bptt, in: .range(SettingRanges.bptt)),
      Declaration("--training-only", flag: \.trainingOnly),
    ] + Declaration.group(\.threads) + Declaration.group(\.output)

  func validate() throws {
    try checkRanges()
    _ = try shapes()
  }

  private func shapes() throws -> [BenchmarkShape] {
    if shape.isEmpty { return BenchmarkShape.all.map(altered) }
    return try shape.map { name in
      guard let shape = BenchmarkShape.all.first(where: { $0.name == name }) else {
        throw ValidationError(
          "--shape \(name): there is no such shape; choose one of "
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
    try precision.checkAvailability()
    let shapes = try shapes()
    if inProcess, let shape = shapes.first { return try measure(shape) }
    if !output.json { try StandardOutput.print(BenchmarkReport.heading) }
    for shape in shapes { try measureApart(shape) }
  }

  private func measureApart(_ shape: BenchmarkShape) throws {
    let status = try ChildProcess.runThisProgram(["bench", "--in-process", "--shape", shape.name] + words())
    guard status == 0 else {
      throw CommandFailure("the measurement of \(shape.name) failed (status \(status))")
    }
  }

  private func measure(_ shape: BenchmarkShape) throws {
    let benchmark = Benchmark(
      shape, precision: precision, threadCount: threads.count, clock: { Clock.seconds },
      peakMegabytes: { ThisProcess.peakMegabytes })
    try benchmark.checkMemory()
    let result = try benchmark.run(seconds: seconds.time.seconds, isTrainingOnly: trainingOnly)
    let report = BenchmarkReport(shape, result, precision: precision, threadCount: threads.count)
    if output.json {
      try StandardOutput.print(json: report)
    } else {
      try StandardOutput.print(report.row)
    }
  }
}
