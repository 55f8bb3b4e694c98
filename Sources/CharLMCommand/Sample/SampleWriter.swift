import CharLM
import CharLMData
import CharLMText

/// Generates the samples of `charlm sample` and prints them.
struct SampleWriter<Model: Predictor> {
  let command: SampleCommand
  let model: Model
  let constraint: (any TextConstraint)?
  let known: CorpusSearch?
  let novelty: SampleNovelty?
  let paths: [String]
  let seed: SampleSeed
  let randomSeed: UInt64

  /// One sample, as it is generated; where candidates are shown, their lines as they come, and the text below them.
  func printStream() throws {
    var text = TextOutput()
    var stream = TextStream(
      model, seed: seed, length: command.tokenLimit, documents: command.documents, stops: command.stop,
      sampling: command.drawing.settings, randomSeed: randomSeed, precision: command.streamOptions.precision,
      threadCount: command.streamOptions.threadCount, candidateCount: command.showCandidates)
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

  /// All samples, as they are complete: under headings, or, where they have a shape, each on a line of its own.
  func printAll() throws {
    var text = TextOutput()
    var explanation: String?
    let source = try forEachSample { sample, number, novelty in
      let candidates = command.showCandidates == nil ? "" : candidates(sample.drawn[...]) + "\n"
      try text.write(heading(sample, number, novelty) + candidates + sample.text)
      explanation = novelty?.explanation
    }
    try end(&text)
    if let explanation { command.output.console.say(explanation) }
    try checkAll(source)
  }

  /// Calls `body` with each sample, its number, and, where that is asked for, what of it is copied.
  /// - Returns: the source, which has no more.
  private func forEachSample(
    _ body: (Sample, Int, SampleNovelty.Report?) throws -> Void
  ) throws -> SampleSource<Model> {
    var (source, count, isAtEnd) = (try source, 0, false)
    while !isAtEnd {
      // Each search reads the whole corpus.
      var (batch, byteCount): ([Sample], Int) = ([], 0)
      while byteCount < SampleNovelty.batchSize, novelty != nil || batch.isEmpty {
        guard let sample = try source.next() else {
          isAtEnd = true
          break
        }
        byteCount += sample.text.utf8.count
        batch.append(sample)
      }
      let reports = batch.isEmpty ? nil : try novelty?.reports(of: batch.map(written))
      for (number, sample) in batch.enumerated() {
        count += 1
        try body(sample, count, reports?[number])
      }
    }
    return source
  }

  /// A sample without the seed text, which the model has not written.
  private func written(_ sample: Sample) -> String {
    sample.text.hasPrefix(seed.text) ? String(sample.text.dropFirst(seed.text.count)) : sample.text
  }

  private func heading(_ sample: Sample, _ number: Int, _ novelty: SampleNovelty.Report?) -> String {
    let isFirst = number == 1
    if let novelty {
      let origin = command.selection.beam == nil ? "random seed \(sample.randomSeed), " : ""
      return (isFirst ? "" : "\n\n")
        + "--- sample \(number) of \(command.count), \(origin)\(novelty.phrase) ---\n"
    }
    if constraint != nil { return isFirst ? "" : command.showCandidates == nil ? "\n" : "\n\n" }
    if command.count == 1 { return "" }
    let origin =
      command.selection.beam == nil
      ? "random seed \(sample.randomSeed)" : Quantity.fixed(sample.meanLogProbability ?? 0, 3) + " nats a token"
    return (isFirst ? "" : command.documents == nil ? "\n\n" : "\n")
      + "--- sample \(number) of \(command.count), \(origin) ---\n"
  }

  private var source: SampleSource<Model> {
    get throws { try SampleSource(command, model, constraint, unlike: known, seed: seed, randomSeed: randomSeed) }
  }

  private func checkAll(_ source: SampleSource<Model>) throws {
    guard source.isShort else { return }
    let what = command.shape.phrase.map { $0 + " within \(Quantity.count(command.tokenLimit, "token"))" }
    let ends = command.selection.beam == nil ? nil : "end within \(Quantity.count(command.tokenLimit, "token"))"
    let found = ([what ?? ends].compactMap(\.self) + command.selection.phrases).joined(separator: " and ")
    throw CommandFailure(
      "only \(source.givenCount) of \(Quantity.count(source.madeCount, "sample")) \(found)",
      next: command.selection.beam == nil
        ? "give a higher --temperature, a longer --length, or a lower --count"
        : "give a longer --length, a wider --beam, or a lower --count")
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
    let randomSeed: UInt64?
    let text: String
    let tokens: Int
    let stopped: Bool
    let documents: [String]?
    let logprobs: TokenReports?
    let meanLogprob: Double?
    let novelty: SampleNovelty.Report?
  }

  /// All samples as one JSON object.
  func printJSON() throws {
    let start = Clock.seconds
    var reports: [SampleReport] = []
    let source = try forEachSample { sample, _, novelty in
      reports.append(
        SampleReport(
          randomSeed: command.selection.beam == nil ? sample.randomSeed : nil, text: sample.text,
          tokens: sample.tokenCount, stopped: sample.isStopped,
          documents: command.documents.map { _ in sample.documents },
          logprobs: command.showCandidates.map { _ in TokenReports(sample.drawn, model.tokenizer.vocabulary) },
          meanLogprob: sample.meanLogProbability, novelty: novelty))
    }
    try checkAll(source)
    try StandardOutput.print(
      json: Report(
        model: paths.joined(separator: " + "), models: paths.count > 1 ? paths : nil, seed: seed.text, samples: reports,
        seconds: Clock.seconds - start))
  }
}
