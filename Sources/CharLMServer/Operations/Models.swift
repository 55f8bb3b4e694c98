import CharLM
import CharLMFiles
import CharLMText

extension Operation {
  /// Says what `charlm info` says.
  static let info = Operation(
    method: .get, path: "/api/info", name: "info", summary: "Say what is known of a model.", parameters: [.model],
    refusals: [.notFound],
    answers: [("application/json", Schema.object(["model": Schema.text, "parameters": Schema.integer]))],
    respond: { call in
      let served = try call.service.model(named: call.fields.text("model"))
      return .json(SnakeCaseJSON.text(served.report))
    })

  /// Lists a model's tokens.
  static let vocabulary = Operation(
    method: .get, path: "/api/vocabulary", name: "vocabulary",
    summary: "List a model's tokens, with their code points and Unicode's names.", parameters: [.model],
    refusals: [.notFound],
    answers: [
      (
        "application/json",
        Schema.object([
          "model": Schema.text,
          "tokens": Schema.list(
            TokenJSON.schema(with: [
              "id": Schema.integer, "code_points": Schema.list(Schema.text), "names": Schema.list(Schema.text),
            ])),
        ])
      )
    ],
    respond: { call in
      let served = try call.service.model(named: call.fields.text("model"))
      let vocabulary = served.model.tokenizer.vocabulary
      return try await call.service.desk.run(for: call.client) {
        let names = TokenJSON(vocabulary: vocabulary)
        let tokens = (0..<TokenID(vocabulary.count)).map { id in
          // No grapheme of a written language has more.
          let scalars = names.text(id).unicodeScalars.prefix(32)
          return JSONText.object(
            [("id", "\(id)")] + names.members(id) + [
              ("code_points", JSONText.list(scalars.map { JSONText.quoted(UnicodeNames.codePoint($0)) })),
              ("names", JSONText.list(scalars.map { JSONText.quoted(UnicodeNames.name(of: $0)) })),
            ])
        }
        return .json(JSONText.object([("model", JSONText.quoted(served.name)), ("tokens", JSONText.list(tokens))]))
      }
    })

  /// Lists the models.
  static let models = Operation(
    method: .get, path: "/api/models", name: "models", summary: "List the models that this server offers.",
    answers: [
      (
        "application/json",
        Schema.object([
          "shows_runs": Schema.flag, "allows_training": Schema.flag,
          "models": Schema.list(
            Schema.object([
              "name": Schema.text, "created": Schema.text, "parameters": Schema.integer, "cell": Schema.text,
              "layers": Schema.integer, "hidden": Schema.integer, "vocabulary": Schema.integer,
              "knows_documents": Schema.flag,
            ])),
        ])
      )
    ],
    respond: { call in
      let models = call.service.models.map { served in
        let (snapshot, settings) = (served.model.snapshot, served.model.snapshot.settings)
        return JSONText.object([
          ("name", JSONText.quoted(served.name)), ("created", JSONText.quoted(snapshot.created)),
          ("parameters", "\(snapshot.parameterCount)"), ("cell", JSONText.quoted(settings.cell.rawValue)),
          ("layers", "\(settings.layers)"), ("hidden", "\(settings.hidden)"),
          ("vocabulary", "\(served.model.tokenizer.vocabulary.count)"),
          ("knows_documents", "\(served.model.knowsDocuments)"),
        ])
      }
      return .json(
        JSONText.object([
          ("models", JSONText.list(models)), ("shows_runs", "\(call.service.showsRuns)"),
          ("allows_training", "\(call.service.allowsTraining)"),
        ]))
    })
}
