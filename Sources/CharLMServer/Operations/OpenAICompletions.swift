import CharLM
import CharLMText

extension Operation {
  /// OpenAI's completions, for its clients.
  static let openAICompletions = Operation(
    method: .post, path: "/v1/completions", name: "openAICompletions",
    summary: "Continue texts, as OpenAI's clients ask for it.", body: OpenAIFields.all,
    refusals: [.notFound, .tooManyRequests, .serviceUnavailable],
    answers: [("application/json", OpenAICompletion.schema), ("text/event-stream", Schema.events)],
    respond: { call in
      let completion = try await OpenAICompletion(call)
      return try await call.fields.flag("stream") ? completion.stream() : completion.whole()
    })

  /// The models, for OpenAI's clients.
  static let openAIModels = Operation(
    method: .get, path: "/v1/models", name: "openAIModels", summary: "List the models, as OpenAI's clients ask for it.",
    answers: [
      (
        "application/json",
        Schema.object([
          "object": Schema.text,
          "data": Schema.list(
            Schema.object([
              "id": Schema.text, "object": Schema.text, "created": Schema.integer, "owned_by": Schema.text,
            ])),
        ])
      )
    ],
    respond: { call in
      let models = call.service.models.map { served in
        JSONText.object([
          ("id", JSONText.quoted(served.name)), ("object", "\"model\""),
          ("created", "\(OpenAITime.seconds(of: served.model.snapshot.created))"), ("owned_by", "\"charlm\""),
        ])
      }
      return .json(JSONText.object([("object", "\"list\""), ("data", JSONText.list(models))]))
    })
}

/// The fields of OpenAI's completions, and those of our own sampling settings that it does not have.
private enum OpenAIFields {
  static let promptLimit = 16

  static let all: [Field] =
    [
      .model,
      Field(
        "prompt",
        .either(
          .text(bytes: Field.longestText),
          .either(
            .list(.text(bytes: Field.longestText), most: promptLimit),
            .list(.integer(0...Int(Int32.max)), most: Field.longestText))),
        "The text to continue; or several, or one as the numbers of its tokens.", standard: ""),
      Field("max_tokens", .integer(0...WritingFields.lengthLimit), "The number of tokens to generate.", standard: 16),
      Field("n", .integer(1...WritingFields.countLimit), "How many continuations of each text.", standard: 1),
      Field("logprobs", .integer(0...20), "Give log-probabilities, and those of so many of the likeliest tokens."),
      Field("echo", .flag, "Give the text itself, too.", standard: false),
      WritingFields.stop("stop"),
      Field("seed", .seed, "The seed of the random numbers; without it a random one."),
      Field("stream", .flag, "Give server-sent events while the text is written.", standard: false),
      Field(
        "stream_options",
        .object([
          Field("include_usage", .flag, "Say at the end how many tokens there were."),
          Field("include_obfuscation", .flag, "Has no effect."),
        ]), "What a stream has besides texts."),
      Field(
        "on_unknown", .choice(Tokenizer.UnknownPolicy.allCases.map(\.rawValue)),
        "What to do with characters of the text that the model does not know.", standard: "error"),
      Field("user", .text(bytes: 1000), "Has no effect."),
      Field("best_of", .ignored([.whole(1)]), "Not supported."),
      Field("suffix", .ignored([.text("")]), "Not supported."),
      Field("presence_penalty", .ignored([.whole(0)]), "Not supported; repeat_penalty is."),
      Field("frequency_penalty", .ignored([.whole(0)]), "Not supported; repeat_penalty is."),
      Field("logit_bias", .ignored([.object([:])]), "Not supported by the numbers of tokens."),
    ] + ShapeFields.all.filter { $0.name != "documents" } + SamplingFields.all.filter { $0.name != "logit_bias" }
}

/// Continuations that OpenAI's client has asked for.
private struct OpenAICompletion {
  private let served: OfferedModel
  private let fields: FieldValues
  private let choices: [OpenAIChoice]
  private let writing: TimedWriting?
  private let promptTokenCount: Int
  private let id = "cmpl-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  private let created = OpenAITime.now

  init(_ call: Call) async throws {
    fields = call.fields
    let served = try call.service.model(named: fields.text("model"))
    self.served = served
    let policy = fields.text("on_unknown").flatMap { Tokenizer.UnknownPolicy(rawValue: $0) } ?? .error
    let prompts = try OpenAICompletion.prompts(of: fields, served.model.tokenizer)
    var seeds: [SampleSeed] = []
    for prompt in prompts {
      seeds.append(try SampleSeed(prompt, for: served.model, field: "prompt", onUnknown: policy))
    }
    promptTokenCount = seeds.reduce(0) { $0 + $1.tokens(startingFrom: served.model.startToken).count }
    let sampling = try fields.sampling(for: served.model.tokenizer.vocabulary)
    let candidateCount = fields.integer("logprobs")
    let (count, length) = (fields.integer("n") ?? 1, fields.integer("max_tokens") ?? 16)
    if fields.flag("echo") {
      try TimedWriting.check(size: promptTokenCount * count * (1 + (candidateCount ?? 0)), couldStream: false)
    }
    let randomSeed = fields.seed("seed") ?? UInt64.random(in: 0...UInt64.max)
    var (orders, choices): ([WritingOrder], [OpenAIChoice]) = ([], [])
    for (number, seed) in seeds.enumerated() {
      var echoed: [JudgedToken] = []
      if let candidateCount, fields.flag("echo") {
        echoed = try await call.service.desk.run(for: call.client) {
          served.model.probabilities(of: seed, candidateCount: candidateCount)
        }
      }
      for _ in 0..<count {
        choices.append(
          OpenAIChoice(
            index: choices.count, prompt: prompts[number], echoed: echoed, hasEcho: fields.flag("echo"),
            hasProbabilities: candidateCount != nil, TokenJSON(vocabulary: served.model.tokenizer.vocabulary)))
        orders.append(
          WritingOrder(
            seed: seed, length: max(length, 1), stops: fields.texts("stop").filter { !$0.isEmpty }, sampling: sampling,
            randomSeed: randomSeed &+ UInt64(orders.count), candidateCount: candidateCount))
      }
    }
    self.choices = choices
    let shape = try await call.shape(of: served.model)
    if shape != nil, seeds.count > 1 {
      throw RequestError.wrong("prompt", "must be a single text with match or grammar")
    }
    writing =
      length == 0 ? nil : try TimedWriting(orders, shape, served, call, isWhole: !fields.flag("stream"))
  }

  /// The texts to continue.
  private static func prompts(of fields: FieldValues, _ tokenizer: Tokenizer) throws(RequestError) -> [String] {
    guard case .list(let values)? = fields["prompt"] else { return [fields.text("prompt") ?? ""] }
    if values.isEmpty { throw .wrong("prompt", "is an empty list") }
    let ids = values.compactMap { if case .whole(let id) = $0 { Int(id) } else { nil } }
    guard !ids.isEmpty else { return fields.texts("prompt") }
    let count = tokenizer.vocabulary.count
    if let wrong = ids.first(where: { $0 >= count }) {
      throw .wrong("prompt", "has token \(wrong); the model's go up to \(count - 1)")
    }
    return [String(decoding: tokenizer.decode(ids.map { TokenID($0) }), as: UTF8.self)]
  }

  /// All of it.
  func whole() async throws -> Reply {
    let pieces = try await writing?.whole() ?? choices.map { OpenAICompletion.nothing($0.index) }
    let texts = zip(choices, pieces).map { choice, piece in
      var choice = choice
      return choice.json(piece)
    }
    let tokenCount = pieces.reduce(0) { $0 + $1.tokenCount }
    return .json(json(texts, usage: usage(tokenCount)))
  }

  /// Where no token is asked for.
  private static func nothing(_ index: Int) -> WrittenPiece {
    var piece = WrittenPiece(index: index)
    piece.end = .length
    return piece
  }

  /// Event by event.
  func stream() -> Reply {
    .events { [self] send in
      var (choices, tokenCount) = (choices, 0)
      func event(_ piece: WrittenPiece) -> String {
        tokenCount += piece.tokenCount
        return json([choices[piece.index].json(piece)], usage: nil)
      }
      if let writing {
        do { try await writing.forEachPiece { try await send(event($0)) } } catch let error as RequestError {
          try await send(error.json)
        }
      } else {
        for choice in choices { try await send(event(OpenAICompletion.nothing(choice.index))) }
      }
      if fields["stream_options"]?["include_usage"] == .flag(true) {
        try await send(json([], usage: usage(tokenCount)))
      }
      try await send("[DONE]")
    }
  }

  private func usage(_ tokenCount: Int) -> String {
    JSONText.object([
      ("prompt_tokens", "\(promptTokenCount)"), ("completion_tokens", "\(tokenCount)"),
      ("total_tokens", "\(promptTokenCount + tokenCount)"),
    ])
  }

  private func json(_ choices: [String], usage: String?) -> String {
    JSONText.object(
      [
        ("id", JSONText.quoted(id)), ("object", "\"text_completion\""), ("created", "\(created)"),
        ("model", JSONText.quoted(served.name)), ("choices", JSONText.list(choices)),
      ] + (usage.map { [("usage", $0)] } ?? []))
  }

  static var schema: JSONValue {
    let logprobs = Schema.object([
      "tokens": Schema.list(Schema.text), "token_logprobs": Schema.list(Schema.orNull(Schema.number)),
      "top_logprobs": Schema.list(Schema.orNull(["type": "object"])), "text_offset": Schema.list(Schema.integer),
    ])
    return Schema.object([
      "id": Schema.text, "object": Schema.text, "created": Schema.integer, "model": Schema.text,
      "choices": Schema.list(
        Schema.object([
          "index": Schema.integer, "text": Schema.text, "finish_reason": ["enum": ["stop", "length"]],
          "logprobs": Schema.orNull(logprobs),
        ])),
      "usage": Schema.object([
        "prompt_tokens": Schema.integer, "completion_tokens": Schema.integer, "total_tokens": Schema.integer,
      ]),
    ])
  }
}

extension LanguageModel {
  /// The probability of each token of a text; nil for the first, which nothing predicts.
  /// - Parameter candidateCount: how many of the likeliest tokens come with each.
  fileprivate func probabilities(of seed: SampleSeed, candidateCount: Int) -> [JudgedToken] {
    guard !seed.text.isEmpty else { return [] }
    var stream = makeStream()
    var hasRead = false
    return seed.tokens(startingFrom: startToken).map { token in
      defer {
        stream.read(token)
        hasRead = true
      }
      guard hasRead else { return JudgedToken(token: token, drawn: nil) }
      let drawn = stream.withLogits { DrawnToken(token, from: $0, candidateCount: candidateCount) }
      return JudgedToken(token: token, drawn: drawn)
    }
  }
}
