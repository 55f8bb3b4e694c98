import HTTPTypes

/// Why a request is refused: what is wrong, with which field, and the status that says so.
struct RequestError: Error, Hashable {
  /// The status.
  let status: HTTPResponse.Status
  /// One sentence: what is wrong, and what would be right.
  let message: String
  /// The field of the request that is wrong; nil where it is none.
  var field: String?
  /// After how many seconds it may be worth another try.
  var retryAfter: Int?

  /// A field with a value that it cannot have.
  static func wrong(_ field: String, _ problem: String) -> RequestError {
    RequestError(status: .badRequest, message: "\(field) \(problem)", field: field)
  }

  /// More is asked for at a time than is done.
  static func busy(_ message: String) -> RequestError {
    RequestError(status: .tooManyRequests, message: message, retryAfter: 1)
  }

  /// The error as JSON, in the shape that OpenAI's clients read.
  var json: String {
    let error = JSONText.object([
      ("message", JSONText.quoted(message)),
      ("type", JSONText.quoted(status.code >= 500 ? "server_error" : kind)),
      ("param", field.map { JSONText.quoted($0) } ?? "null"),
      ("code", "null"),
    ])
    return "{\"error\":\(error)}"
  }

  /// The answer.
  var reply: Reply {
    var reply = Reply.json(json, status: status)
    if let retryAfter { reply.headers[.retryAfter] = "\(retryAfter)" }
    if status == .unauthorized { reply.headers[.wwwAuthenticate] = "Bearer" }
    return reply
  }

  private var kind: String {
    switch status {
    case .unauthorized: "authentication_error"
    case .forbidden: "permission_error"
    case .notFound: "not_found_error"
    case .conflict: "conflict_error"
    case .tooManyRequests: "rate_limit_error"
    default: "invalid_request_error"
    }
  }
}
