import CharLM
import CharLMData
import CharLMText
import TrainingWatch

/// What `charlm score` prints.
struct ScoreReport: Encodable {
  let model: String
  /// Only for several models.
  let models: [String]?
  let file: String
  let tokens: Int
  let bytes: Int
  let unknownTokens: Int
  let bitsPerToken: OrNull<Double>
  let bitsPerByte: OrNull<Double>
  let words: [Part]
  let lines: [Part]

  /// A word or a line.
  struct Part: Encodable {
    let text: String
    let line: Int
    let column: Int
    let offset: Int
    let bits: Double
    let tokens: Int
    /// What it is ranked by.
    let strength: Double
    /// The text around a word, or at a line's most surprising place.
    let context: String
    /// What the model expected: of a word, another word; of a line, what would stand at `surpriseColumn`.
    let expected: String
    let surpriseColumn: Int
    /// The likeliest tokens at the most surprising place.
    let likeliest: [Guess]
  }

  /// A token that may come; one without text by its description.
  struct Guess: Encodable {
    let text: String
    let probability: Float
  }

  private enum CodingKeys: String, CodingKey {
    case model, models, file, tokens, bytes, unknownTokens, bitsPerToken, bitsPerByte, words, lines
  }

  init(
    _ models: [String], _ file: String, _ predictor: Ensemble, _ text: PlacedText, _ result: ScoreRun.Result
  ) throws {
    model = models.joined(separator: " + ")
    self.models = models.count > 1 ? models : nil
    self.file = file
    tokens = result.sums.tokenCount
    bytes = text.evaluation.predicted.byteCount
    unknownTokens = text.evaluation.unknownCount
    bitsPerToken = OrNull(finite: result.sums.bits / Double(tokens))
    bitsPerByte = OrNull(finite: result.sums.bits / Double(bytes))
    let parts = PartDescription(predictor, text)
    words = try result.parts.words.map { try parts.word($0) }
    lines = try result.parts.lines.map { try parts.line($0) }
  }

  /// For people.
  var text: String {
    let width = Terminal.showsOutput ? Terminal.outputWidth : nil
    let facts = [
      ("model", model), ("file", file),
      (
        "bits",
        "\(Quantity.fixed(bitsPerToken.value ?? 0, 4)) per token, \(Quantity.fixed(bitsPerByte.value ?? 0, 4)) per byte, "
          + "of \(Quantity.count(tokens, "token"))"
      ),
    ]
    let unknown = unknownTokens > 0 ? [("unknown", Quantity.count(unknownTokens, "token") + " of the text")] : []
    return WrappedText.text(facts + unknown, width: width) + list("Most surprising words", words) { $0.wordText }
      + list("Most surprising lines", lines) { $0.lineText }
  }

  private func list(_ heading: String, _ parts: [Part], _ text: (Part) -> String) -> String {
    guard !parts.isEmpty else { return "" }
    let places = parts.map { "\($0.line):\($0.column)" }
    let room = (places.map(\.count).max() ?? 0) + 2
    let width = Terminal.showsOutput ? Terminal.outputWidth : nil
    let rows = zip(places, parts).map { place, part in
      let label = "  " + place + String(repeating: " ", count: room - place.count)
      return WrappedText.text(label, VisibleText.line(text(part)), width: width) + "\n"
    }
    return "\n\(heading)\n" + rows.joined()
  }

  /// The page.
  func page(_ text: ScoredText) -> ScorePage {
    var page = ScorePage(text)
    page.title = file
    page.subtitle = "How surprising the text is to \(model)"
    page.figures = [
      KeyFigure("bits per byte", Quantity.fixed(bitsPerByte.value ?? 0, 3)),
      KeyFigure("bits per token", Quantity.fixed(bitsPerToken.value ?? 0, 3)),
      KeyFigure("tokens", Quantity.count(tokens)), KeyFigure("size", Quantity.bytes(bytes)),
    ]
    if unknownTokens > 0 {
      page.remarks.append(
        "The model does not know \(Quantity.count(unknownTokens, "token")) of the text, which are shown pale.")
    }
    if text.isCut {
      page.remarks.append(
        "The page shows the first \(Quantity.count(text.shownByteCount)) of \(Quantity.count(text.wholeByteCount)) "
          + "bytes of the text; the lists are of all of it.")
    }
    page.words = words.map { part in
      ScorePage.Entry(
        line: part.line, column: part.column, text: part.text, figure: "\(Quantity.fixed(part.bits, 1)) bits",
        expected: part.expected)
    }
    page.lines = lines.map { part in
      ScorePage.Entry(
        line: part.line, column: part.column, text: part.text,
        figure: "\(Quantity.fixed(part.bits / Double(part.tokens), 2)) bits a token", expected: part.guessText)
    }
    page.footer = "Made by charlm \(Version.number)."
    return page
  }
}

extension ScoreReport.Part {
  /// "tehn  23.1 bits; expected 'then'; … of the tehn that …".
  fileprivate var wordText: String {
    let instead = expected.isEmpty ? "" : "; expected '\(expected)'"
    return "\(text)  \(Quantity.fixed(bits, 1)) bits\(instead); in '\(context)'"
  }

  /// "4.93 bits a token; at column 12, …".
  fileprivate var lineText: String {
    "\(Quantity.fixed(bits / Double(tokens), 2)) bits a token; \(guessText); in '\(context)'"
  }

  /// What was expected at the most surprising place.
  var guessText: String {
    let guesses = likeliest.map { guess in
      "\(guess.text) (\(guess.probability < 0.01 ? "below 1" : Quantity.fixed(Double(guess.probability) * 100, 0))%)"
    }
    return "at column \(surpriseColumn) expected " + guesses.joined(separator: ", ")
  }
}

/// Says what words and lines of a text are, and what a model expected instead.
private struct PartDescription {
  private let predictor: Ensemble
  private let text: PlacedText

  /// So many bytes of a line, or around a word, are shown.
  private static let contextSize = 24
  private static let lineSize = 64

  init(_ predictor: Ensemble, _ text: PlacedText) { (self.predictor, self.text) = (predictor, text) }

  func word(_ part: SurprisingPart) throws -> ScoreReport.Part {
    let around =
      part.range.lowerBound - PartDescription.contextSize..<part.range.upperBound + PartDescription.contextSize
    return description(
      part, context: around, expected: try predictor.expectedWord(insteadOf: part, of: text),
      surpriseColumn: column(part.peak.range.lowerBound))
  }

  func line(_ part: SurprisingPart) throws -> ScoreReport.Part {
    let place = part.peak.range.lowerBound
    let half = PartDescription.lineSize / 2
    let start = max(part.range.lowerBound, place - half)
    // The peak may be one of the carriage returns behind a line, which do not belong to it.
    return description(
      part, context: start..<max(start, min(part.range.upperBound, place + half)),
      expected: try predictor.expectation(at: part.peak.index, of: text), surpriseColumn: column(place))
  }

  private func description(
    _ part: SurprisingPart, context: Range<Int>, expected: String, surpriseColumn: Int
  ) -> ScoreReport.Part {
    ScoreReport.Part(
      text: string(part.range), line: part.line, column: part.column, offset: part.range.lowerBound, bits: part.bits,
      tokens: part.tokenCount, strength: part.strength, context: excerpt(context), expected: expected,
      surpriseColumn: surpriseColumn,
      likeliest: part.peak.likeliest.map { guess in
        let token = predictor.tokenizer.vocabulary[guess.token]
        return ScoreReport.Guess(text: token.description, probability: guess.probability)
      })
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: text.utf8[range], as: UTF8.self) }

  /// The text of a range within its line, begun and ended between scalars.
  private func excerpt(_ range: Range<Int>) -> String {
    let utf8 = text.utf8
    var (start, end) = (max(0, min(range.lowerBound, utf8.count)), min(range.upperBound, utf8.count))
    while start < end, utf8[start] & 0xC0 == 0x80 { start += 1 }
    while end > start, end < utf8.count, utf8[end] & 0xC0 == 0x80 { end -= 1 }
    let shown = string(start..<max(start, end))
    return shown.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// The column of a place in its line, in scalars.
  private func column(_ place: Int) -> Int {
    var start = place
    while start > 0, text.utf8[start - 1] != 0x0A { start -= 1 }
    return 1 + text.utf8[start..<place].scalarCount
  }
}
