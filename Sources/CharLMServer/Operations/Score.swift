import CharLM
import CharLMData
import CharLMText

extension Operation {
  /// Says how surprising a text is.
  static let score = Operation(
    method: .post, path: "/api/score", name: "score",
    summary: "Say how surprising each token of a text is, in bits, and what was expected.",
    body: [
      .model, Field("text", .text(bytes: Field.longestText), "The text.", isRequired: true),
      Field("likeliest", .integer(0...20), "How many of the likeliest tokens to give of each place.", standard: 3),
      Field("top", .integer(0...100), "How many of the most surprising words and lines to list.", standard: 0),
      Field(
        "on_unknown", .choice(["error", "skip"]), "What to do with characters that the model does not know.",
        standard: "error"),
    ],
    refusals: [.notFound, .tooManyRequests], answers: [("application/json", TextScores.schema)],
    respond: { call in
      let served = try call.service.model(named: call.fields.text("model"))
      return try await call.service.desk.run(for: call.client) {
        .json(try TextScores(call, served).json)
      }
    })
}

/// A text and what a model makes of it.
private struct TextScores {
  private let served: OfferedModel
  private let text: PlacedText
  private var scores: [String] = []
  private var (count, bits) = (0, 0.0)
  private let parts: SurprisingParts

  init(_ call: Call, _ served: OfferedModel) throws {
    self.served = served
    text = try PlacedText(field: "text", of: call.fields, for: served.model)
    let scorer = TextScorer(
      served.model, text, guessCount: call.fields.integer("likeliest") ?? 3,
      threadCount: call.service.readingThreadCount)
    var search = SurpriseSearch(text, limit: call.fields.integer("top") ?? 0)
    let tokens = TokenJSON(vocabulary: served.model.tokenizer.vocabulary)
    while let found = try scorer.next() {
      for score in found {
        if let bits = score.bits { (count, self.bits) = (count + 1, self.bits + bits) }
        scores.append(TextScores.json(score, tokens))
        search.add(score)
      }
      if call.client.isGone { throw CancellationError() }
    }
    parts = search.finish()
    call.service.metrics.scored(tokens: count)
  }

  private static func json(_ score: TokenScore, _ tokens: TokenJSON) -> String {
    let likeliest = score.likeliest.map { guess in
      JSONText.object(tokens.members(guess.token) + [("probability", JSONText.number(guess.probability))])
    }
    return JSONText.object(
      tokens.members(score.token) + [
        ("offset", "\(score.range.lowerBound)"), ("size", "\(score.range.count)"),
        ("bits", score.bits.map { JSONText.number($0) } ?? "null"), ("likeliest", JSONText.list(likeliest)),
      ])
  }

  var json: String {
    get throws {
      JSONText.object([
        ("model", JSONText.quoted(served.name)), ("tokens", "\(count)"),
        ("unknown_tokens", "\(text.evaluation.unknownCount)"),
        ("bits_per_token", JSONText.number(bits / Double(count))),
        ("bits_per_byte", JSONText.number(bits / Double(text.evaluation.predicted.byteCount))),
        ("text", JSONText.quoted(String(decoding: text.utf8, as: UTF8.self))), ("scores", JSONText.list(scores)),
        ("words", JSONText.list(try words())), ("lines", JSONText.list(try lines())),
      ])
    }
  }

  private func words() throws -> [String] {
    try parts.words.map { json($0, expected: try served.model.expectedWord(insteadOf: $0, of: text)) }
  }

  private func lines() throws -> [String] {
    try parts.lines.map { json($0, expected: try served.model.expectation(at: $0.peak.index, of: text)) }
  }

  private func json(_ part: SurprisingPart, expected: String) -> String {
    JSONText.object([
      ("text", JSONText.quoted(String(decoding: text.utf8[part.range], as: UTF8.self))),
      ("line", "\(part.line)"), ("column", "\(part.column)"), ("offset", "\(part.range.lowerBound)"),
      ("bits", JSONText.number(part.bits)), ("tokens", "\(part.tokenCount)"),
      ("surprise_offset", "\(part.peak.range.lowerBound)"), ("expected", JSONText.quoted(expected)),
    ])
  }

  static var schema: JSONValue {
    let part = Schema.object([
      "text": Schema.text, "line": Schema.integer, "column": Schema.integer, "offset": Schema.integer,
      "bits": Schema.number, "tokens": Schema.integer, "surprise_offset": Schema.integer, "expected": Schema.text,
    ])
    let guess = TokenJSON.schema(with: ["probability": Schema.number])
    let score = TokenJSON.schema(with: [
      "offset": Schema.integer, "size": Schema.integer, "bits": Schema.orNull(Schema.number),
      "likeliest": Schema.list(guess),
    ])
    return Schema.object([
      "model": Schema.text, "tokens": Schema.integer, "unknown_tokens": Schema.integer,
      "bits_per_token": Schema.orNull(Schema.number), "bits_per_byte": Schema.orNull(Schema.number),
      "text": Schema.text, "scores": Schema.list(score), "words": Schema.list(part), "lines": Schema.list(part),
    ])
  }
}

extension PlacedText {
  /// A text that a request has in a field.
  /// - Throws: `RequestError`, which names the field, where it is too short, or the model does not know its characters.
  init(field: String, of fields: FieldValues, for model: LanguageModel) throws(RequestError) {
    do throws(CorpusError) {
      try self.init(
        text: fields.text(field) ?? "", tokenizer: model.tokenizer, name: field,
        documentSeparator: model.documentSeparator, onUnknown: fields.text("on_unknown") == "skip" ? .skip : .error)
    } catch {
      let advice = if case .text(.unknownToken) = error { "; on_unknown can be skip" } else { "" }
      throw RequestError(status: .badRequest, message: "\(error)\(advice)", field: field)
    }
  }
}
