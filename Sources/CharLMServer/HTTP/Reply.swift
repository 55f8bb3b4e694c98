import HTTPTypes

/// What a request is answered with.
struct Reply: Sendable {
  /// Where a reply's bytes come from.
  enum Body: Sendable {
    /// All of them are there.
    case bytes([UInt8])
    /// They come piece by piece: the closure hands each to the function that it is given, which returns once the
    /// client has room for more.
    case pieces(@Sendable (_ write: (String) async throws -> Void) async throws -> Void)
  }

  var status: HTTPResponse.Status = .ok
  var headers: HTTPFields = [:]
  var body: Body

  /// JSON.
  static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Reply {
    Reply(status: status, headers: [.contentType: "application/json"], body: .bytes(Array(text.utf8)))
  }

  /// Text of a type.
  static func text(_ bytes: [UInt8], type: String) -> Reply {
    Reply(headers: [.contentType: type], body: .bytes(bytes))
  }

  /// Server-sent events: each piece is the data of one.
  static func events(
    _ body: @escaping @Sendable (_ send: (String) async throws -> Void) async throws -> Void
  ) -> Reply {
    // What stands between may hold back no piece ("X-Accel-Buffering", of nginx).
    var headers: HTTPFields = [.contentType: "text/event-stream"]
    if let buffering = HTTPField.Name("X-Accel-Buffering") { headers[buffering] = "no" }
    return Reply(
      headers: headers,
      body: .pieces { write in
        try await body { data in try await write("data: " + data + "\n\n") }
      })
  }
}
