import CharLM
import CharLMText

/// Generates the samples of `charlm sample` and prints them.
struct SampleWriter<Model: Predictor> {
  let command: SampleCommand
  let model: Model
  let paths: [String]
  let seed: SampleSeed
  let randomSeed: UInt64

  /// Samples generated side by side; more would not be faster.
  private static var groupSize: Int { 64 }

  /// One sample, as it is generated.
  func printStream() throws {
    var text = TextOutput()
    let stream = TextStream(
      model, seed: seed, length: command.tokenLimit, documents: command.documents, stops: command.stop,
      sampling: command.drawing.settings, randomSeed: randomSeed, precision: command.precision,
      threadCount: command.threads.count)
    for piece in stream { try text.write(piece) }
    try end(&text)
  }

  /// All samples, one group after the other.
  func printAll() throws {
    var text = TextOutput()
    var number = 0
    for seeds in seedGroups {
      for sample in samples(seeds) {
        number += 1
        try text.write(
          (number == 1 ? "" : command.documents == nil ? "\n\n" : "\n")
            + "--- sample \(number) of \(command.count), random seed \(sample.randomSeed) ---\n" + sample.text)
      }
    }
    try end(&text)
  }

  private func end(_ text: inout TextOutput) throws {
    if StandardOutput.isTerminal, !text.endsLine { try text.write("\n") }
    try text.flush()
  }

  private struct Report: Encodable {
    let model: String
    let models: [String]?
    let seed: String
    let samples: [SampleReport]
    let seconds: Double
  }

  private struct SampleReport: Encodable {
    let randomSeed: UInt64
    let text: String
    let tokens: Int
    let stopped: Bool
    let documents: [String]?
  }

  /// All samples as one JSON object.
  func printJSON() throws {
    let start = Clock.seconds
    let reports = seedGroups.flatMap(samples).map { sample in
      SampleReport(
        randomSeed: sample.randomSeed, text: sample.text, tokens: sample.tokenCount, stopped: sample.isStopped,
        documents: command.documents.map { _ in sample.documents })
    }
    try StandardOutput.print(
      json: Report(
        model: paths.joined(separator: " + "), models: paths.count > 1 ? paths : nil, seed: seed.text, samples: reports,
        seconds: Clock.seconds - start))
  }

  private var seedGroups: [[UInt64]] {
    stride(from: 0, to: command.count, by: SampleWriter.groupSize).map { first in
      (first..<min(first + SampleWriter.groupSize, command.count)).map { randomSeed &+ UInt64($0) }
    }
  }

  private func samples(_ seeds: [UInt64]) -> [Sample] {
    TextStream.samples(
      of: model, seed: seed, length: command.tokenLimit, documents: command.documents, stops: command.stop,
      sampling: command.drawing.settings, randomSeeds: seeds, precision: command.precision,
      threadCount: command.threads.count)
  }
}
