import CharLM
import CharLMText

/// Generates the samples of `charlm sample` and prints them.
struct SampleWriter<Model: Predictor> {
  let command: SampleCommand
  let model: Model
  let paths: [String]
  let seed: SampleSeed
  let randomSeed: UInt64

  /// One sample, as it is generated; where candidates are shown, their lines as they come, and the text below them.
  func printStream() throws {
    var text = TextOutput()
    var stream = TextStream(
      model, seed: seed, length: command.tokenLimit, documents: command.documents, stops: command.stop,
      sampling: command.drawing.settings, randomSeed: randomSeed, precision: command.precision,
      threadCount: command.threads.count, candidateCount: command.showCandidates)
    guard command.showCandidates != nil else {
      while let piece = stream.next() { try text.write(piece) }
      return try end(&text)
    }
    var (pieces, shownCount) = ("", 0)
    while let piece = stream.next() {
      pieces += piece
      try text.write(candidates(stream.drawn[shownCount...]))
      shownCount = stream.drawn.count
    }
    try text.write(candidates(stream.drawn[shownCount...]) + "\n" + pieces)
    try end(&text)
  }

  private func candidates(_ drawn: ArraySlice<DrawnToken>) -> String {
    let lines = CandidateText(vocabulary: model.tokenizer.vocabulary)
    return drawn.map { lines.line($0) + "\n" }.joined()
  }

  /// All samples, one group after the other: under headings, or, where they match an expression, each on a line of its own.
  func printAll() throws {
    var text = TextOutput()
    var source = source
    while let sample = source.next() {
      let candidates = command.showCandidates == nil ? "" : candidates(sample.drawn[...]) + "\n"
      try text.write(heading(sample, source.givenCount) + candidates + sample.text)
    }
    try end(&text)
    try checkAll(source)
  }

  private func heading(_ sample: Sample, _ number: Int) -> String {
    let isFirst = number == 1
    if command.match != nil { return isFirst ? "" : command.showCandidates == nil ? "\n" : "\n\n" }
    return (isFirst ? "" : command.documents == nil ? "\n\n" : "\n")
      + "--- sample \(number) of \(command.count), random seed \(sample.randomSeed) ---\n"
  }

  private var source: SampleSource<Model> { SampleSource(command, model, seed: seed, randomSeed: randomSeed) }

  private func checkAll(_ source: SampleSource<Model>) throws {
    guard source.isShort else { return }
    let what = command.match.map { "match '\($0.pattern)' within \(Quantity.count(command.tokenLimit, "token"))" }
    let found = [what, command.distinct ? "differ" : nil].compactMap(\.self).joined(separator: " and ")
    throw CommandFailure(
      "only \(source.givenCount) of \(Quantity.count(source.madeCount, "sample")) \(found)",
      next: "give a higher --temperature, a longer --length, or a lower --count")
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
    let logprobs: TokenReports?
  }

  /// All samples as one JSON object.
  func printJSON() throws {
    let start = Clock.seconds
    var source = source
    var reports: [SampleReport] = []
    while let sample = source.next() {
      reports.append(
        SampleReport(
          randomSeed: sample.randomSeed, text: sample.text, tokens: sample.tokenCount, stopped: sample.isStopped,
          documents: command.documents.map { _ in sample.documents },
          logprobs: command.showCandidates.map { _ in TokenReports(sample.drawn, model.tokenizer.vocabulary) }))
    }
    try checkAll(source)
    try StandardOutput.print(
      json: Report(
        model: paths.joined(separator: " + "), models: paths.count > 1 ? paths : nil, seed: seed.text, samples: reports,
        seconds: Clock.seconds - start))
  }
}
