import CharLM
import CharLMText

extension Operation {
  /// Continues a text.
  static let complete = Operation(
    method: .post, path: "/api/complete", name: "complete",
    summary: "Continue a text, once or several times; as a whole, or as server-sent events while it is written.",
    body: WritingFields.all + ShapeFields.all + SamplingFields.all,
    refusals: [.notFound, .tooManyRequests, .serviceUnavailable],
    answers: [("application/json", Completion.schema), ("text/event-stream", Schema.events)],
    respond: { call in
      let completion = try await Completion(call)
      return try await call.fields.flag("stream") ? completion.stream() : completion.whole()
    })
}

/// The fields that say what is written, by the names of the options of `charlm sample`.
enum WritingFields {
  static let lengthLimit = 100_000
  static let countLimit = 16

  static let all: [Field] = [
    .model,
    Field("seed", .text(bytes: Field.longestText), "The text to continue.", standard: ""),
    Field("length", .integer(1...lengthLimit), "The number of tokens to generate.", standard: 500),
    Field("count", .integer(1...countLimit), "How many continuations are written side by side.", standard: 1),
    stop("stop"),
    Field(
      "random_seed", .seed,
      "The random seed of the first continuation, greater by one for each next one (default: random)."
    ),
    Field(
      "on_unknown", .choice(Tokenizer.UnknownPolicy.allCases.map(\.rawValue)),
      "What to do with characters of the text that the model does not know.", standard: "error"),
    Field(
      "show_candidates", .integer(0...100),
      "Give the probability of each token that is drawn, and so many of the likeliest of its place."),
    Field("stream", .flag, "Give server-sent events while the text is written.", standard: false),
  ]

  static func stop(_ name: String) -> Field {
    let text = Field.Kind.text(bytes: 1000)
    return Field(name, .either(text, .list(text, most: 16)), "Texts that end a continuation, before the first of them.")
  }
}

/// Continuations of a text that were asked for.
struct Completion {
  private let served: OfferedModel
  private let fields: FieldValues
  private let writing: TimedWriting
  private let seed: String
  private let seedTokenCount: Int
  private let randomSeed: UInt64
  private let tokens: TokenJSON

  init(_ call: Call) async throws {
    fields = call.fields
    served = try call.service.model(named: fields.text("model"))
    let vocabulary = served.model.tokenizer.vocabulary
    tokens = TokenJSON(vocabulary: vocabulary)
    seed = fields.text("seed") ?? ""
    let policy = fields.text("on_unknown").flatMap { Tokenizer.UnknownPolicy(rawValue: $0) } ?? .error
    let encoded = try SampleSeed(seed, for: served.model, field: "seed", onUnknown: policy)
    seedTokenCount = encoded.tokens(startingFrom: served.model.startToken).count
    let randomSeed = fields.seed("random_seed") ?? UInt64.random(in: 0..<1_000_000)
    self.randomSeed = randomSeed
    let sampling = try fields.sampling(for: vocabulary)
    let shape = try await call.shape(of: served.model)
    // As long as documents get.
    let length = if case .documents? = shape, !fields.has("length") { 20_000 } else { fields.integer("length") ?? 500 }
    let stops = fields.texts("stop").filter { !$0.isEmpty }
    let candidateCount = fields.integer("show_candidates")
    let orders = (0..<(fields.integer("count") ?? 1)).map { number in
      WritingOrder(
        seed: encoded, length: length, stops: stops, sampling: sampling, randomSeed: randomSeed &+ UInt64(number),
        candidateCount: candidateCount)
    }
    writing = try TimedWriting(orders, shape, served, call, isWhole: !fields.flag("stream"))
  }

  private var head: [(name: String, json: String)] {
    [
      ("model", JSONText.quoted(served.name)), ("random_seed", "\(randomSeed)"), ("seed", JSONText.quoted(seed)),
      ("seed_tokens", "\(seedTokenCount)"),
    ]
  }

  /// All of it.
  func whole() async throws -> Reply {
    let samples = try await writing.whole().map { piece in
      [("random_seed", "\(piece.randomSeed ?? randomSeed &+ UInt64(piece.index))")] + members(piece)
    }
    return .json(JSONText.object(head + [("samples", JSONText.list(samples.map { JSONText.object($0) }))]))
  }

  /// An event with what is known before; then one for each piece of each text. One with an error where no text can have
  /// the shape.
  func stream() -> Reply {
    .events { [self] send in
      try await send(JSONText.object(head))
      do { try await writing.forEachPiece { try await send(JSONText.object(members($0))) } } catch let error
        as RequestError
      {
        try await send(error.json)
      }
    }
  }

  private func members(_ piece: WrittenPiece) -> [(name: String, json: String)] {
    var members = [
      ("index", "\(piece.index)"), ("text", JSONText.quoted(piece.text)), ("tokens", "\(piece.tokenCount)"),
      ("end", piece.end.map { JSONText.quoted($0.rawValue) } ?? "null"),
    ]
    if fields.has("show_candidates") { members.append(("logprobs", tokens.drawn(piece.drawn))) }
    return members
  }

  static var schema: JSONValue {
    let sample = Schema.object(
      [
        "index": Schema.integer, "random_seed": Schema.integer, "text": Schema.text, "tokens": Schema.integer,
        "end": ["enum": .list(WrittenPiece.End.allCases.map { .text($0.rawValue) })],
      ], optional: ["logprobs": TokenJSON.drawnSchema])
    return Schema.object([
      "model": Schema.text, "seed": Schema.text, "seed_tokens": Schema.integer, "random_seed": Schema.integer,
      "samples": Schema.list(sample),
    ])
  }
}

extension Call {
  /// The shape that is asked for; nil for any.
  func shape(of model: LanguageModel) async throws -> TextShape? {
    guard let requested = try fields.requestedShape(of: model) else { return nil }
    return try await service.desk.run(for: client) { try requested.shape() }
  }
}

extension SampleSeed {
  /// A text that a request has in a field.
  /// - Throws: `RequestError`, which names the field, where the model does not know its characters.
  init(
    _ text: String, for model: LanguageModel, field: String, onUnknown: Tokenizer.UnknownPolicy
  ) throws(RequestError) {
    do throws(TextError) {
      try self.init(text, for: model, source: field, onUnknown: onUnknown)
    } catch {
      throw RequestError(
        status: .badRequest, message: "\(error); on_unknown can be skip or nearest", field: field)
    }
  }
}
