import Foundation
import Testing

@testable import CharLMServer

/// Requests that are refused, and what is said of them.
@Suite struct RequestTests {
  static let wrong: [(path: String, body: String, status: Int, field: String?)] = [
    ("/api/complete", "{", 400, nil), ("/api/complete", "[1]", 400, nil), ("/api/complete", "", 400, nil),
    ("/api/complete", #"{"lenght":5}"#, 400, "lenght"), ("/api/complete", #"{"length":0}"#, 400, "length"),
    ("/api/complete", #"{"length":100001}"#, 400, "length"), ("/api/complete", #"{"length":1.5}"#, 400, "length"),
    ("/api/complete", #"{"length":-5}"#, 400, "length"), ("/api/complete", #"{"length":"5"}"#, 400, "length"),
    ("/api/complete", #"{"temperature":-1}"#, 400, "temperature"),
    ("/api/complete", #"{"temperature":1e999}"#, 400, nil), ("/api/complete", #"{"top_p":0}"#, 400, "top_p"),
    ("/api/complete", #"{"top_p":5e-324}"#, 400, "top_p"), ("/api/complete", #"{"mirostat":1e-60}"#, 400, "mirostat"),
    ("/api/complete", #"{"top_k":true}"#, 400, "top_k"), ("/api/complete", #"{"allow":"["}"#, 400, "allow"),
    ("/api/complete", #"{"allow":"[0-9]"}"#, 400, "allow"),
    ("/api/complete", #"{"logit_bias":["q"]}"#, 400, "logit_bias"),
    ("/api/complete", #"{"samplers":["top-k","top-q"]}"#, 400, "samplers"),
    ("/api/complete", #"{"seed":"日本"}"#, 400, "seed"), ("/api/complete", #"{"stop":5}"#, 400, "stop"),
    ("/api/complete", #"{"word_temperature":1,"dynamic_temperature":1}"#, 400, "word_temperature"),
    ("/api/complete", #"{"on_unknown":"guess"}"#, 400, "on_unknown"),
    ("/api/complete", #"{"model":"none"}"#, 404, "model"), ("/api/score", "{}", 400, "text"),
    ("/api/score", #"{"text":null}"#, 400, "text"), ("/api/score", #"{"text":"a"}"#, 400, "text"),
    ("/api/score", #"{"text":"日本語"}"#, 400, "text"), ("/api/tokenize", #"{"text":"日"}"#, 400, "text"),
    ("/v1/completions", #"{"prompt":{}}"#, 400, "prompt"), ("/v1/completions", #"{"prompt":[]}"#, 400, "prompt"),
    ("/v1/completions", #"{"prompt":[1,900]}"#, 400, "prompt"), ("/v1/completions", #"{"n":17}"#, 400, "n"),
    ("/v1/completions", #"{"suffix":"x"}"#, 400, "suffix"),
    ("/v1/completions", #"{"stream_options":{"a":1}}"#, 400, "stream_options"),
  ]

  @Test("an error says which field is wrong")
  func fields() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      for (path, body, status, field) in Self.wrong {
        let answer = try await ask("POST", path, body)
        #expect(answer.status == status, "\(path) \(body): \(answer.text)")
        #expect(answer.wrongField == field, "\(path) \(body): \(answer.text)")
        #expect(!answer.message.isEmpty)
      }
      let text = try await ask("POST", "/api/complete", #"{"temperature":-1}"#).message
      #expect(text == "temperature is -1.0; it must be a number from 0 to 1000")
    }
  }

  @Test("paths that there are not, and methods that they do not take")
  func paths() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      for path in ["/nothing", "/../../etc/passwd", "/%2e%2e/etc/passwd", "/index.html", "/api", "//", "/models/first"]
      {
        #expect(try await ask("GET", path).status == 404, "\(path)")
      }
      let wrong = try await ask("GET", "/api/complete")
      #expect(wrong.status == 405 && wrong.fields["allow"] == "POST")
      #expect(try await ask("POST", "/", "{}").status == 405)
      #expect(try await ask("DELETE", "/api/info").status == 405)
      let head = try await ask("HEAD", "/api/models")
      #expect(head.status == 200 && head.bytes.isEmpty)
    }
  }

  @Test("bodies that are too large, of a wrong type, or never end")
  func bodies() async throws {
    try await TestServer.with({ ($0.bodySize, $0.idleLimit) = (1000, .seconds(2)) }) {
      (ask: TestClient) async throws in
      let large = "{\"seed\":\"" + String(repeating: "a", count: 2000) + "\"}"
      #expect(try await ask("POST", "/api/complete", large).status == 413)
      let chunked = Array(
        ("POST /api/complete HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
          + String(repeating: "64\r\n" + String(repeating: " ", count: 100) + "\r\n", count: 20) + "0\r\n\r\n").utf8)
      #expect(Answer(try await ask.send(chunked))?.status == 413)
      #expect(
        try await ask("POST", "/api/complete", "{}", fields: ["Content-Type": "text/plain"]).status == 415)
      // The connection is closed, instead of waiting for the rest.
      let cut = TestClient.request("POST", "/api/complete", "{}", fields: ["Content-Length": "500"])
      #expect(try await ask.send(cut).isEmpty)
      #expect(try await ask.send(Array("GET / HTTP/1.1\r\nHost: loc".utf8)).isEmpty)
      for operation in Operation.all where operation.body != nil {
        let half = TestClient.request("POST", operation.path, "{}", fields: ["Content-Length": "500"])
        let answer = Answer(try await ask.send(half, shutsOff: true))
        #expect(answer.map { $0.status < 500 } ?? true, "\(operation.path): \(answer?.text ?? "")")
      }
      #expect(try await ask("GET", "/health").status == 200)
    }
  }

  @Test("bytes at random, and requests with bytes changed, end nothing")
  func noise() async throws {
    try await TestServer.with({ $0.idleLimit = .milliseconds(500) }) { (ask: TestClient) async throws in
      var random = SystemRandomNumberGenerator()
      let good = TestClient.request("POST", "/api/complete", #"{"seed":"abc","length":5,"stop":["x"],"top_p":0.5}"#)
      let requests = (0..<300).map { number -> [UInt8] in
        if number % 3 == 0 { return (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) } }
        var bytes = good
        for _ in 0..<(1 + number % 5) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        return bytes
      }
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for bytes in requests {
          tasks.addTask {
            if let answer = Answer(try await ask.send(bytes)) {
              #expect(answer.status < 500, "\(String(decoding: bytes, as: UTF8.self))")
            }
          }
        }
        try await tasks.waitForAll()
      }
      #expect(try await ask("GET", "/health").status == 200)
      let deep = String(repeating: "[", count: 100_000)
      #expect(try await ask("POST", "/api/complete", deep).status == 400)
      #expect(try await ask("POST", "/api/complete", "{\"seed\":" + deep).status == 400)
    }
  }

  @Test("other names for this machine, and pages from elsewhere, are refused")
  func strangers() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      for host in ["evil.example", "evil.example:80", "localhost.evil.example", "", "127.0.0.1.nip.io"] {
        #expect(try await ask("GET", "/api/models", fields: ["Host": host]).status == 403, "\(host)")
      }
      for host in ["localhost", "localhost:\(ask.port)", "127.0.0.1:\(ask.port)", "LOCALHOST", "[::1]:80"] {
        #expect(try await ask("GET", "/api/models", fields: ["Host": host]).status == 200, "\(host)")
      }
      for origin in ["http://evil.example", "null", "http://localhost:1"] {
        #expect(try await ask("GET", "/api/models", fields: ["Origin": origin]).status == 403, "\(origin)")
      }
      #expect(try await ask("GET", "/api/models", fields: ["Origin": "http://localhost"]).status == 200)
    }
  }

  @Test("a token opens all but the page and what says that the server is there")
  func token() async throws {
    try await TestServer.with({ ($0.host, $0.token) = ("0.0.0.0", "secret") }) { (ask: TestClient) async throws in
      for path in ["/", "/page.js", "/health", "/openapi.json"] {
        #expect(try await ask("GET", path).status == 200, "\(path)")
      }
      for path in ["/api/models", "/metrics", "/v1/models", "/api/info"] {
        let without = try await ask("GET", path)
        #expect(without.status == 401 && without.fields["www-authenticate"] == "Bearer", "\(path)")
        for wrong in ["Bearer secre", "Bearer secret2", "secret", "Bearer  secret", "Basic secret", ""] {
          #expect(try await ask("GET", path, fields: ["Authorization": wrong]).status == 401, "\(path) \(wrong)")
        }
        #expect(try await ask("GET", path, fields: ["Authorization": "Bearer secret"]).status == 200, "\(path)")
      }
    }
  }

  @Test("every answer tells browsers to be careful")
  func headers() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      for (method, path) in [("GET", "/"), ("GET", "/api/models"), ("GET", "/nothing"), ("POST", "/api/score")] {
        let answer = try await ask(method, path, method == "POST" ? "{}" : nil)
        #expect(answer.fields["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self'") == true)
        #expect(answer.fields["x-content-type-options"] == "nosniff")
        #expect(answer.fields["cross-origin-resource-policy"] == "same-origin")
      }
    }
  }
}
