import HTTPTypes

extension Operation {
  /// Describes the interface.
  static let description = Operation(
    method: .get, path: "/openapi.json", name: "description", summary: "Describe this interface.", isOpen: true,
    answers: [("application/json", ["type": "object"])], respond: { _ in .json(openAPI) })

  private static let openAPI = JSONValue.object([
    "openapi": "3.1.0",
    "info": [
      "title": "charlm serve", "version": "1",
      "description": "Character-level language models: continue, score and tokenize texts.",
    ],
    "paths": .object(
      Dictionary(grouping: all, by: \.path).mapValues { operations in
        .object(Dictionary(operations.map { ($0.method.rawValue.lowercased(), $0.json) }) { first, _ in first })
      }),
    "components": [
      "schemas": ["Error": errorSchema],
      "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
    ],
  ]).json

  private static var errorSchema: JSONValue {
    Schema.object([
      "error": Schema.object([
        "message": Schema.text, "type": Schema.text, "param": Schema.orNull(Schema.text),
        "code": Schema.orNull(Schema.text),
      ])
    ])
  }

  private var json: JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .text(name), "summary": .text(summary), "responses": .object(responses),
      "security": isOpen ? [] : [[:], ["token": []]],
    ]
    if !parameters.isEmpty {
      members["parameters"] = .list(
        parameters.map { field in
          ["name": .text(field.name), "in": "query", "description": .text(field.help), "schema": field.kind.schema]
        })
    }
    if let body {
      members["requestBody"] = [
        "required": true, "content": ["application/json": ["schema": Field.schema(of: body)]],
      ]
    }
    return .object(members)
  }

  private var responses: [String: JSONValue] {
    var responses: [String: JSONValue] = [
      "200": [
        "description": "What was asked for.",
        "content": .object(
          Dictionary(answers.map { ($0.type, .object(["schema": $0.schema])) }) { first, _ in first }),
      ]
    ]
    let ofBody: [HTTPResponse.Status] = body == nil ? [] : [.contentTooLarge, .unsupportedMediaType, .requestTimeout]
    let any: [HTTPResponse.Status] = [.badRequest, .unauthorized, .forbidden]
    for status in any + ofBody + refusals {
      responses["\(status.code)"] = [
        "description": .text(status.reasonPhrase),
        "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
      ]
    }
    return responses
  }
}
