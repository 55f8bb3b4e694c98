import CharLM
import CharLMText
import Foundation
import Testing

@testable import CharLMServer

/// What can be asked for besides texts.
@Suite struct OperationTests {
  @Test("scores are those of the library, and cover the text")
  func score() async throws {
    let model = try TestServer.model(seed: 1)
    let text = "the cat sat\non thé mat"
    try await TestServer.with { (ask: TestClient) async throws in
      let body = String(
        decoding: try JSONSerialization.data(withJSONObject: ["text": text, "likeliest": 2, "top": 3]), as: UTF8.self)
      let answer = try await ask("POST", "/api/score", body)
      let scores = try #require(answer.json["scores"] as? [[String: Any]], "\(answer.text)")
      #expect(scores.compactMap { $0["text"] as? String }.joined() == text)
      #expect(scores[0]["bits"] is NSNull && (scores[1]["likeliest"] as? [Any])?.count == 2)
      let sum = scores.compactMap { $0["bits"] as? Double }.reduce(0, +)
      let expected = try model.evaluate(text).sums.bits
      #expect(abs(sum - expected) < 1e-4 * expected)
      #expect((answer.json["words"] as? [Any])?.count == 3 && (answer.json["lines"] as? [Any])?.count == 2)
      let skipped = try await ask("POST", "/api/score", #"{"text":"a日b","on_unknown":"skip"}"#)
      #expect(skipped.json["unknown_tokens"] as? Int == 1)
    }
  }

  @Test("tokens, models, what is known of them, and their vocabularies")
  func models() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let tokens = try await ask("POST", "/api/tokenize", #"{"text":"aé\n"}"#)
      #expect((tokens.json["tokens"] as? [[String: Any]])?.map { $0["text"] as? String } == ["a", "é", "\n"])
      let models = try await ask("GET", "/api/models").json["models"] as? [[String: Any]]
      #expect(models?.map { $0["name"] as? String } == ["first", "second"])
      let info = try await ask("GET", "/api/info?model=second")
      #expect(info.json["model"] as? String == "second" && info.json["settings"] is [String: Any])
      let vocabulary = try await ask("GET", "/api/vocabulary").json["tokens"] as? [[String: Any]]
      let last = try #require(vocabulary?.last)
      #expect(last["names"] as? [String] == ["LATIN SMALL LETTER E WITH ACUTE"])
      #expect(last["code_points"] as? [String] == ["U+00E9"])
      #expect(try await ask("GET", "/api/info?model=none").status == 404)
      #expect(try await ask("GET", "/api/info?model=%zz").status == 400)
      #expect(try await ask("GET", "/api/info?nodel=first").wrongField == "nodel")
    }
  }

  @Test("figures of what was done")
  func metrics() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      _ = try await ask("POST", "/api/complete", #"{"length":12}"#)
      _ = try await ask("POST", "/api/complete", #"{"length":0}"#)
      _ = try await ask("POST", "/api/score", #"{"text":"abc"}"#)
      _ = try await ask("GET", "/elsewhere/1")
      // The engine's count is taken once a step.
      _ = try await ask("POST", "/api/complete", #"{"length":1}"#)
      let answer = try await ask("GET", "/metrics")
      #expect(answer.fields["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
      for line in [
        #"charlm_requests_total{path="/api/complete",status="200"} 2"#,
        #"charlm_requests_total{path="/api/complete",status="400"} 1"#,
        #"charlm_requests_total{path="other",status="404"} 1"#, "charlm_scored_tokens_total 2",
        #"charlm_request_seconds_count{path="/api/complete"} 3"#, "# TYPE charlm_request_seconds histogram",
      ] {
        #expect(answer.text.contains(line + "\n"), "\(line)\n\(answer.text)")
      }
    }
  }

  @Test("the page and all of its files are there, and name nothing from elsewhere")
  func pages() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let page = try await ask("GET", "/")
      #expect(page.fields["content-type"] == "text/html; charset=utf-8")
      var names = Set(page.text.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.output.1) })
      var seen: Set<String> = []
      while let name = names.subtracting(seen).first {
        seen.insert(name)
        let file = try await ask("GET", "/" + name)
        #expect(file.status == 200, "\(name)")
        names.formUnion(file.text.matches(of: /from "\.\/([^"]+)"/).map { String($0.output.1) })
      }
      #expect(seen.count == 14, "\(seen)")
      #expect(!page.text.contains("://") && !page.text.contains("style=\"") && !page.text.contains("<script>"))
    }
  }

  @Test("what begins in the middle of nowhere is described: every operation, field and status")
  func description() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let described = try await ask("GET", "/openapi.json").json
      let paths = try #require(described["paths"] as? [String: [String: [String: Any]]])
      #expect(Set(paths.keys) == Set(Operation.all.map(\.path)))
      for operation in Operation.all {
        let own = try #require(paths[operation.path]?[operation.method.rawValue.lowercased()])
        let content = (own["requestBody"] as? [String: Any])?["content"] as? [String: [String: Any]]
        let schema = content?["application/json"]?["schema"] as? [String: Any]
        let properties = (schema?["properties"] as? [String: Any])?.keys.sorted() ?? []
        #expect(properties == (operation.body ?? []).map(\.name).sorted(), "\(operation.path)")
      }
    }
  }

  @Test("what is answered has the members that the description names")
  func answers() async throws {
    let bodies = [
      "/api/complete": #"{"length":3,"show_candidates":2}"#, "/api/score": #"{"text":"abc def","top":2}"#,
      "/api/tokenize": #"{"text":"abc"}"#, "/api/neurons": #"{"text":"abc def ghi","units":3}"#,
      "/v1/completions": #"{"prompt":"ab","logprobs":2,"max_tokens":3}"#,
    ]
    try await TestServer.with { (ask: TestClient) async throws in
      // There are no runs here, and nothing to train on.
      let operations = Operation.all.filter { !$0.path.hasPrefix("/api/runs") && $0.path != "/api/corpora" }
      for operation in operations where operation.answers[0].type == "application/json" {
        let answer = try await ask(operation.method.rawValue, operation.path, bodies[operation.path])
        #expect(answer.status == 200, "\(operation.path): \(answer.text)")
        let value = try #require(JSONValue(answer.bytes))
        #expect(problem(value, operation.answers[0].schema) == nil, "\(operation.path)")
      }
    }
  }

  /// Where a value is not what a schema says; nil where it is.
  private func problem(_ value: JSONValue, _ schema: JSONValue, at path: String = "") -> String? {
    if case .list(let choices)? = schema["anyOf"] {
      let problems = choices.map { problem(value, $0, at: path) }
      return problems.contains(nil) ? nil : problems[0]
    }
    if case .list(let values)? = schema["enum"], !values.contains(value) { return "\(path): \(value)" }
    switch (schema["type"], value) {
    case ("object"?, .object(let members)):
      if case .list(let names)? = schema["required"] {
        for case .text(let name) in names where members[name] == nil { return "\(path).\(name) is missing" }
      }
      guard case .object(let properties)? = schema["properties"] else { return nil }
      // What is not described is not there, unless the schema names a part alone.
      let others = members.keys.filter { properties[$0] == nil }
      if !others.isEmpty, path != "" { return "\(path): \(others)" }
      return properties.compactMap { name, schema in
        members[name].flatMap { problem($0, schema, at: path + "." + name) }
      }.first
    case ("array"?, .list(let values)):
      guard let items = schema["items"] else { return nil }
      return values.lazy.compactMap { problem($0, items, at: path + "[]") }.first
    case ("string"?, .text), ("number"?, .number), ("number"?, .whole), ("boolean"?, .flag), ("null"?, .null), (nil, _):
      return nil
    case ("integer"?, .whole): return nil
    default: return "\(path): \(value.kind)"
    }
  }

  @Test("requests that would take the server's time, memory or life are refused, and it goes on")
  func excess() async throws {
    let nested = String(repeating: #"{"a":"#, count: 5000) + "1" + String(repeating: "}", count: 5000)
    let marks = String(repeating: "\u{301}\u{323}", count: 1 << 15)
    let prompts = [String](repeating: "\"" + String(repeating: "a", count: 20_000) + "\"", count: 8).joined(
      separator: ",")
    let bodies: [(path: String, body: String, status: Int)] = [
      ("/api/score", nested, 400), ("/api/score", "{\"\(marks)\":1}", 400),
      ("/v1/completions", #"{"prompt":[\#(prompts)],"n":16,"echo":true,"logprobs":20,"max_tokens":0}"#, 400),
      ("/api/complete", #"{"repeat_penalty":1e-40,"top_k":5}"#, 400),
      ("/api/complete", #"{"logit_bias":["[a]=3e38","[a]=3e38"],"top_k":5}"#, 400),
      ("/api/complete", #"{"logit_bias":["[a-m]=-100"],"dynamic_temperature":0.3,"top_k":5,"length":5}"#, 200),
      ("/api/complete", #"{"temperature":0,"dynamic_temperature":0,"length":5}"#, 200),
      ("/api/complete", #"{"match":"[a-z]{5}","length":3,"top_k":5}"#, 200),
    ]
    try await TestServer.with { (ask: TestClient) async throws in
      for (path, body, status) in bodies {
        let answer = try await ask("POST", path, body)
        #expect(answer.status == status, "\(body.prefix(80)): \(answer.status) \(answer.text.prefix(300))")
      }
      #expect(try await ask("GET", "/health").status == 200)
    }
  }
}
