import CharLM
import CharLMTraining
import RecurrentNN

/// A shape's figures: the fields that comparable benchmarks have, and some more.
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
  let sampleInt8CharsPerSecond: Double?
  let sample64CharsPerSecond: Double?
  let sample64Int8CharsPerSecond: Double?
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
    sampleInt8CharsPerSecond = result.sampleInt8TokensPerSecond
    sample64CharsPerSecond = result.groupTokensPerSecond
    sample64Int8CharsPerSecond = result.groupInt8TokensPerSecond
    evalCharsPerSecond = result.evaluationTokensPerSecond
    peakRssMb = result.trainPeakMegabytes
  }

  static let heading = row([
    "shape", "training tok/s", "a step", "of the limit", "GFLOP/s", "sampling tok/s", "in float32", "in int8",
    "64 streams", "in int8", "evaluation tok/s", "memory",
  ])

  var row: String {
    BenchmarkReport.row([
      shape, Quantity.count(Int(trainCharsPerSecond)), Quantity.fixed(stepMs, 2) + " ms",
      Quantity.fixed(shareOfLimit * 100, 0) + " %", Quantity.fixed(nominalGflops, 0),
      rate(sampleCharsPerSecond), rate(sampleFloat32CharsPerSecond),
      rate(sampleInt8CharsPerSecond), rate(sample64CharsPerSecond), rate(sample64Int8CharsPerSecond),
      rate(evalCharsPerSecond),
      Quantity.fixed(peakRssMb, 0) + " MB",
    ])
  }

  private func rate(_ tokensPerSecond: Double?) -> String {
    tokensPerSecond.map { Quantity.count(Int($0)) } ?? "–"
  }

  private static func row(_ columns: [String]) -> String {
    let cells = columns.enumerated().map { number, text in
      let space = String(repeating: " ", count: max(0, (number == 0 ? 10 : number == 10 ? 18 : 15) - text.count))
      return number == 0 ? text + space : space + text
    }
    return cells.joined() + "\n"
  }
}
