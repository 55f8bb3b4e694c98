import CharLM
import CharLMText

extension Operation {
  /// Gives a text's tokens.
  static let tokenize = Operation(
    method: .post, path: "/api/tokenize", name: "tokenize", summary: "Give the tokens of a text.",
    body: [
      .model, Field("text", .text(bytes: Field.longestText), "The text.", isRequired: true),
      Field(
        "on_unknown", .choice(Tokenizer.UnknownPolicy.allCases.map(\.rawValue)),
        "What to do with characters that the model does not know.", standard: "error"),
    ],
    refusals: [.notFound],
    answers: [
      (
        "application/json",
        Schema.object([
          "model": Schema.text, "count": Schema.integer,
          "tokens": Schema.list(TokenJSON.schema(with: ["id": Schema.integer])),
        ])
      )
    ],
    respond: { call in
      let served = try call.service.model(named: call.fields.text("model"))
      let ids = try tokens(of: call.fields, served.model.tokenizer)
      let names = TokenJSON(vocabulary: served.model.tokenizer.vocabulary)
      let tokens = ids.map { JSONText.object([("id", "\($0)")] + names.members($0)) }
      return .json(
        JSONText.object([
          ("model", JSONText.quoted(served.name)), ("count", "\(ids.count)"), ("tokens", JSONText.list(tokens)),
        ]))
    })

  private static func tokens(of fields: FieldValues, _ tokenizer: Tokenizer) throws(RequestError) -> [TokenID] {
    let policy = fields.text("on_unknown").flatMap { Tokenizer.UnknownPolicy(rawValue: $0) } ?? .error
    do throws(TextError) {
      return Array(try tokenizer.encode(fields.text("text") ?? "", source: "text", onUnknown: policy))
    } catch {
      throw RequestError(
        status: .badRequest, message: "\(error); on_unknown can be skip or nearest", field: "text")
    }
  }
}
