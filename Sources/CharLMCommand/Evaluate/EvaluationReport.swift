import CharLM
import CharLMText

/// What `charlm eval` prints.
struct EvaluationReport: Encodable, Sendable {
  let model: String
  /// Only for several models.
  let models: [String]?
  let file: String
  let `protocol`: OrNull<Evaluation.EvaluationProtocol>
  let tokens: Int
  let bytes: OrNull<Int>
  let graphemes: OrNull<Int>
  let unknownTokens: Int
  let natsPerToken: OrNull<Double>
  let bitsPerToken: OrNull<Double>
  let bitsPerByte: OrNull<Double>
  let bitsPerGrapheme: OrNull<Double>
  let perplexity: OrNull<Double>
  let accuracy: OrNull<Double>
  let tokensPerSecond: OrNull<Double>
  /// Only for a transducer.
  let sequences: Int?
  let sequenceAccuracy: Double?
  let words: Int?
  let wordAccuracy: OrNull<Double>?
  /// Bits per byte of simple predictors of the same text, by name. Only for a language model.
  private(set) var baselines: [String: Double]?
  private(set) var dynamicBitsPerByte: OrNull<Double>?
  private(set) var mixBitsPerByte: OrNull<Double>?
  private(set) var dynamicMixBitsPerByte: OrNull<Double>?
  private(set) var dynamicLearningRate: Float?
  private(set) var dynamicDecay: Float?
  private(set) var primedTokens: Int?
  /// What goes on learning as it reads. Only where it was asked for.
  var adaptive: AdaptiveFigures? {
    didSet {
      dynamicBitsPerByte = adaptive?.dynamicBitsPerByte.map { OrNull(finite: $0) }
      mixBitsPerByte = adaptive?.mixBitsPerByte.map { OrNull(finite: $0) }
      dynamicMixBitsPerByte = adaptive?.dynamicMixBitsPerByte.map { OrNull(finite: $0) }
      dynamicLearningRate = adaptive?.rates?.learningRate
      dynamicDecay = adaptive?.rates?.decay
      primedTokens = adaptive?.primedTokenCount
    }
  }
  /// The figures of each file. Only with `--baselines` and several files.
  var parts: [Part]?
  /// What one of several files gave.
  struct Part: Encodable, Sendable {
    let file: String
    let bytes: Int
    let bitsPerByte: OrNull<Double>
  }
  /// How sure the differences to and from the model are. Only with `--baselines`.
  var differences: [PairedDifferences.Difference]?
  /// Each document. Only with `--documents`.
  private(set) var documents: [DocumentFigures.Document]?
  /// What the model makes of each document; nil where it was not asked for.
  var documentFigures: DocumentFigures? {
    didSet { documents = documentFigures?.documents }
  }
  /// Whether compressors were asked for, and so a table.
  private var hasTable = false
  /// Which part of the corpus was read, in words; for people only.
  var part: String?
  private var yardstick: YardstickText?

  private enum CodingKeys: String, CodingKey {
    case model, models, file, `protocol`, tokens, bytes, graphemes, unknownTokens, natsPerToken, bitsPerToken
    case bitsPerByte, bitsPerGrapheme, perplexity, accuracy, tokensPerSecond, sequences, sequenceAccuracy, words
    case wordAccuracy, baselines, dynamicBitsPerByte, mixBitsPerByte, dynamicMixBitsPerByte, dynamicLearningRate
    case dynamicDecay, primedTokens, parts, differences, documents
  }

  /// A language model's.
  init(
    models: [String], file: String, _ evaluation: ModelEvaluation, _ evaluationProtocol: Evaluation.EvaluationProtocol,
    seconds: Double
  ) {
    self.init(
      models: models, file: file, evaluation.sums, evaluationProtocol, text: evaluation, pairs: nil, seconds: seconds)
  }

  /// A transducer's: the size of its text and the protocol are null.
  init(models: [String], file: String, _ evaluation: PairEvaluation, seconds: Double) {
    self.init(models: models, file: file, evaluation.sums, nil, text: nil, pairs: evaluation, seconds: seconds)
  }

  private init(
    models: [String], file: String, _ sums: Evaluation, _ evaluationProtocol: Evaluation.EvaluationProtocol?,
    text: ModelEvaluation?, pairs: PairEvaluation?, seconds: Double
  ) {
    model = models.joined(separator: " + ")
    self.models = models.count > 1 ? models : nil
    self.file = file
    self.protocol = OrNull(evaluationProtocol)
    tokens = sums.tokenCount
    bytes = OrNull(text?.predicted.byteCount)
    graphemes = OrNull(text?.predicted.graphemeCount)
    unknownTokens = text?.unknownCount ?? 0
    natsPerToken = OrNull(finite: sums.natsPerToken)
    bitsPerToken = OrNull(finite: sums.bitsPerToken)
    bitsPerByte = OrNull(finite: text?.bitsPerByte)
    bitsPerGrapheme = OrNull(finite: text?.bitsPerGrapheme)
    perplexity = OrNull(finite: sums.perplexity)
    accuracy = OrNull(finite: sums.accuracy)
    tokensPerSecond = OrNull(finite: Double(sums.tokenCount) / seconds)
    sequences = pairs?.pairCount
    sequenceAccuracy = pairs?.sequenceAccuracy
    words = pairs?.wordCount
    wordAccuracy = pairs.map { OrNull(finite: $0.wordAccuracy) }
  }

  /// Adds the figures of simple predictors.
  mutating func compare(with yardstick: Yardstick, _ tokenizer: Tokenizer) {
    let figures = Yardstick.Baseline.allCases.compactMap { baseline in
      yardstick.bitsPerByte(baseline).map { (baseline.rawValue, $0) }
    }
    baselines = Dictionary(uniqueKeysWithValues: figures)
    self.yardstick = bitsPerToken.value.map { YardstickText(yardstick, tokenizer, modelBitsPerToken: $0) }
  }

  /// Adds the figures of compressors, in bits per byte, by name.
  mutating func add(compressors: [String: Double]) {
    baselines?.merge(compressors) { first, _ in first }
    hasTable = true
  }

  /// The table of all that predicts the text.
  private var table: BaselineTable? {
    guard hasTable, let baselines, let bits = bitsPerByte.value else { return nil }
    let learning = [
      ("this model, dynamic", dynamicBitsPerByte), ("this model, mix", mixBitsPerByte),
      ("this model, both", dynamicMixBitsPerByte),
    ].compactMap { name, bits in bits?.value.map { (name: name, bits: $0) } }
    return BaselineTable(baselines, model: [(name: "this model", bits: bits)] + learning)
  }

  /// For people.
  var text: String {
    func number(_ value: OrNull<Double>, _ decimals: Int) -> String {
      value.value.map { Quantity.fixed($0, decimals) } ?? "-"
    }
    var lines = [
      ("model", model), ("file", file + (self.protocol.value.map { ", \($0.rawValue)" } ?? "")),
    ]
    if let part { lines.append(("part", part)) }
    lines.append(("loss", "\(number(natsPerToken, 4)) nats per token, perplexity \(number(perplexity, 3))"))
    var bits = "\(number(bitsPerToken, 4)) per token"
    if bitsPerByte.value != nil {
      bits += ", \(number(bitsPerByte, 4)) per byte, \(number(bitsPerGrapheme, 4)) per grapheme"
    }
    lines.append(("bits", bits))
    lines.append(("correct", "\(percent(accuracy.value)) of \(Quantity.count(tokens, "token"))" + sequencesText))
    if unknownTokens > 0 { lines.append(("unknown", Quantity.count(unknownTokens, "token") + " of the text")) }
    if let adaptive { lines += adaptive.lines(usual: bitsPerByte.value) }
    if let table {
      lines += table.lines.enumerated().map { ($0 == 0 ? "compare" : "", $1) }
      if let meaning = table.meaning { lines.append(("", meaning)) }
      lines += (differences ?? []).enumerated().map { ($0 == 0 ? "interval" : "", text(of: $1)) }
      for part in parts ?? [] {
        lines.append(("of file", "\(number(part.bitsPerByte, 4)) bits per byte, \(part.file)"))
      }
    } else if let yardstick {
      lines += [("compare", yardstick.comparison), ("", yardstick.meaning)]
    }
    lines += documentFigures?.lines ?? []
    let width = Terminal.showsOutput ? Terminal.outputWidth : nil
    return WrappedText.text(lines, width: width)
  }

  /// A difference in a sentence, with its share of what the worse one takes: the other of the two is this model.
  private func text(of difference: PairedDifferences.Difference) -> String {
    let bits = bitsPerByte.value ?? .nan
    let isFirst = difference.first == "this model"
    let other = isFirst ? bits - difference.difference : bits + difference.difference
    return difference.text(of: max(bits, other))
  }

  private var sequencesText: String {
    guard let sequences, let sequenceAccuracy else { return "" }
    let wordsText =
      if let words, words > 0 {
        ", \(percent(wordAccuracy?.value)) of \(Quantity.count(words, "word"))"
      } else {
        ""
      }
    return wordsText + ", \(percent(sequenceAccuracy)) of \(Quantity.count(sequences, "sequence"))"
  }

  private func percent(_ part: Double?) -> String { part.map { Quantity.fixed($0 * 100, 2) + "%" } ?? "-" }
}
