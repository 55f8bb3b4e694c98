import HTTPTypes

/// What a client can ask for: where, with which fields, and how it is answered.
struct Operation: Sendable {
  let method: HTTPRequest.Method
  let path: String
  /// Its name in the description of the interface.
  let name: String
  /// What it does, in a sentence.
  let summary: String
  /// What follows the path.
  var parameters: [Field] = []
  /// The fields of the body; nil where there is none.
  var body: [Field]?
  /// Whether it needs no token.
  var isOpen = false
  /// The statuses that it may be answered with, besides 200 and those that any request may.
  var refusals: [HTTPResponse.Status] = []
  /// The types of a good answer, with what they hold.
  let answers: [(type: String, schema: JSONValue)]
  let respond: @Sendable (Call) async throws -> Reply
}

/// A request for an operation, with what the operation needs.
struct Call: Sendable {
  let fields: FieldValues
  let service: Service
  let client: Client
}

extension Operation {
  /// All of them. The order is that of the description.
  static let all: [Operation] = [
    .complete, .score, .neurons, .tokenize, .info, .vocabulary, .models, .runs, .run, .plot, .startRun, .stopRun,
    .resumeRun, .corpora, .openAICompletions, .openAIModels, .health, .metrics, .description,
  ]
}

extension Field {
  /// The longest text that a request may have, in bytes.
  static let longestText = 1 << 16

  static let model = Field("model", .text(bytes: 1000), "The model's name; without it, the first of the server's.")
}

/// Pieces of descriptions.
enum Schema {
  static let text: JSONValue = ["type": "string"]
  static let number: JSONValue = ["type": "number"]
  static let integer: JSONValue = ["type": "integer"]
  static let flag: JSONValue = ["type": "boolean"]
  static let events: JSONValue = ["description": "Server-sent events, with JSON as the data of each."]

  /// An object that has all of these members.
  static func object(_ members: [String: JSONValue], optional: [String: JSONValue] = [:]) -> JSONValue {
    [
      "type": "object", "properties": .object(members.merging(optional) { first, _ in first }),
      "required": .list(members.keys.sorted().map { .text($0) }),
    ]
  }

  static func list(_ element: JSONValue) -> JSONValue { ["type": "array", "items": element] }

  static func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }
}
