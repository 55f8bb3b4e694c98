import CharLMFiles
import CharLM
import CharLMData
import CharLMText
import CharLMTraining
import TrainingWatch

/// Makes the page of `--report` from a run's record, its saved model and its observers.
struct TrainingPage {
  let report: TrainingReport
  let run: TrainingRun
  /// The model that was saved.
  let model: ModelSnapshot
  let end: TrainingEnd
  let introduction: TrainingIntroduction
  let recorder: ReportRecorder
  /// What was shown at the end.
  let conclusion: TrainingConclusion

  private static let temperatures: [Float] = [0.5, 0.8, 1]
  private static let sampleLength = 400
  private static let tokenLimit = 60
  private static let countedTokens = 1_000_000

  /// The page, with samples of the saved model.
  func make() throws -> RunReport {
    var page = RunReport()
    page.title = TrainingPage.stem(report.model)
    page.subtitle = model.settings.summary(parameterCount: report.parameters)
    page.figures = figures
    if !recorder.points.isEmpty {
      let plot = RunPlot("", runs: [(page.title, recorder.points)])
      (page.picture, page.narrowPicture) = (plot.svg(), plot.svg(width: .narrow))
    }
    page.samples = samples
    page.pairs = try pairs
    page.course = recorder.samples.map { .init("step \(Quantity.count($0.step))", $0.text) }
    page.settings = introduction.lines.filter { $0.subject != .advice && $0.subject != .machine }
      .map { (name: $0.subject.rawValue, text: $0.text) }
    (page.vocabularyRemark, page.tokens) = try vocabulary
    page.history = history
    page.machine = machine
    page.command = recorder.description.map { $0.command.map(CommandText.quoted).joined(separator: " ") } ?? ""
    page.next = conclusion.next.map { .init($0.purpose, $0.command) }
    page.remarks = remarks
    page.footer = "Made by \(recorder.description?.program ?? "charlm"), \(Timestamp.now())."
    return page
  }

  /// "english" of "models/english.safetensors".
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return ModelPath.stem(of: name)
  }

  private var unit: String { run.data.tokenizer.settings.unit.rawValue }

  private var machine: [(name: String, text: String)] {
    guard let machine = recorder.description?.machine else { return [] }
    return [
      ("processor", machine.processor ?? "unknown"),
      (
        "threads",
        "\(machine.threads) of \(Quantity.count(machine.cores, "core")), \(Quantity.bytes(machine.memoryMb << 20)) of memory"
      ),
      ("system", machine.system), ("kernels", machine.kernels), ("products", machine.products),
      ("precision", run.record.settings.precision.rawValue),
      ("memory", "\(Quantity.fixed(report.peakRssMb, 0)) MB at most"),
    ]
  }
}

// MARK: Results

extension TrainingPage {
  private var figures: [KeyFigure] {
    var figures: [KeyFigure] = []
    if let nats = report.validNatsStateful.value, let bits = report.validBitsPerToken.value {
      figures.append(.init("validation loss", Quantity.fixed(nats, 4), "nats per \(unit)"))
      figures.append(.init("bits per \(unit)", Quantity.fixed(bits, 3), "on the validation text"))
    }
    if let bits = report.validBitsPerByte.value {
      figures.append(.init("bits per byte", Quantity.fixed(bits, 3), "on the validation text"))
    }
    if let best = run.record.history.last(where: { $0.step == run.record.bestStep }), let nats = best.validNats,
      best.trainNats.isFinite
    {
      let gap = nats - best.trainNats
      let dropout = run.trainer.network.dropout > 0 ? ", measured with dropout" : ""
      figures.append(
        .init(
          "gap", Quantity.fixed(abs(gap), 3),
          "nats: validation is \(gap < 0 ? "better" : "worse") than training\(dropout)"))
    }
    figures.append(
      .init("steps", Quantity.count(report.steps), "\(Quantity.fixed(report.epochs, 2)) epochs, best at \(bestStep)"))
    let rate = report.trainTokensPerSecond.value.map { Quantity.count(Int($0)) + " tokens per second" } ?? ""
    figures.append(.init(end == .interrupted ? "time until interrupted" : "time", Quantity.time(report.seconds), rate))
    return figures
  }

  /// How the model compares, and what the run's figures say.
  private var remarks: [String] {
    let comparison = conclusion.comparison.map { [sentence($0.comparison), sentence($0.meaning)] } ?? []
    return comparison + [conclusion.diagnosis?.text].compactMap(\.self).map(sentence)
  }

  private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

  private var bestStep: String { Quantity.count(report.bestStep) }

  private var history: (heads: [String], rows: [[String]]) {
    let rows = run.record.history.map { entry in
      [
        Quantity.count(entry.step), Quantity.fixed(entry.trainNats, 4),
        entry.validNats.map { Quantity.fixed($0, 4) } ?? "–",
        entry.validNats.map { Quantity.fixed($0 - entry.trainNats, 4) } ?? "–",
        entry.step == run.record.bestStep && entry.validNats != nil ? "best" : "",
      ]
    }
    return (["step", "training", "validation", "gap", ""], rows)
  }
}

// MARK: What the model writes

extension TrainingPage {
  private var samples: [RunReport.Writing] {
    guard let model = LanguageModel(model) else { return [] }
    let seed = run.record.settings.randomSeed
    return TrainingPage.temperatures.map { temperature in
      let text = TextStream.excerpt(
        of: model, length: TrainingPage.sampleLength, sampling: SamplingSettings(temperature: temperature),
        randomSeed: seed)
      return .init("temperature \(Quantity.short(temperature)), random seed \(seed)", text)
    }
  }

  /// Pairs of the validation part, or the first one of the training part where there is none: input, output, expected
  /// output.
  private var pairs: [[String]] {
    get throws {
      guard let transducer = Transducer(model) else { return [] }
      var pairs = run.data.validationPairs.prefix(12).map { pair in
        (input: text(pair.input, model.tokenizer), wanted: text(pair.output, model.outputTokenizer))
      }
      if pairs.isEmpty, let first = run.preview { pairs = [(first.input, first.wanted)] }
      let outputs = try transducer.transduce(pairs.map(\.input), onUnknown: .skip)
      return zip(pairs, outputs).map { pair, output in [pair.input, output, pair.wanted] }
    }
  }

  private func text(_ tokens: TokenSequence, _ tokenizer: Tokenizer) -> String {
    String(decoding: tokenizer.decode(tokens), as: UTF8.self)
  }

  /// The most frequent tokens of the training text, counted in its first part where it is long.
  private var vocabulary: (String, [(token: String, remark: String)]) {
    get throws {
      let vocabulary = run.data.tokenizer.vocabulary
      let size = "\(Quantity.count(vocabulary.count, unit)) in total"
      guard let text = run.data.trainingText else {
        let first = (0..<min(vocabulary.count, TrainingPage.tokenLimit)).map { vocabulary[TokenID($0)].description }
        return (size + (first.count < vocabulary.count ? "; the first:" : ":"), first.map { ($0, "") })
      }
      let counted = min(text.count, TrainingPage.countedTokens)
      var counts = [Int](repeating: 0, count: vocabulary.count)
      for token in try text.tokens(0..<counted) { counts[Int(token)] += 1 }
      let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
      let shown = order.prefix(TrainingPage.tokenLimit).map { index in
        let share = Double(counts[index]) / Double(max(counted, 1)) * 100
        return (vocabulary[TokenID(index)].description, Quantity.fixed(share, share < 0.1 ? 3 : 1) + " %")
      }
      let part = counted < text.count ? " in the first \(Quantity.count(counted))" : ""
      return (size + "; the most frequent\(part):", shown)
    }
  }
}
