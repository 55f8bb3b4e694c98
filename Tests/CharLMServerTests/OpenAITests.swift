import CharLM
import Foundation
import Testing

@testable import CharLMServer

/// Completions as OpenAI's clients ask for them.
@Suite struct OpenAITests {
  private func choices(_ answer: Answer) -> [[String: Any]] { answer.json["choices"] as? [[String: Any]] ?? [] }

  @Test("texts, how they end, and how many tokens there were")
  func completion() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let body = #"{"model":"first","prompt":["hello","go on"],"n":2,"max_tokens":12,"seed":4,"temperature":1}"#
      let answer = try await ask("POST", "/v1/completions", body)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(answer.json["object"] as? String == "text_completion")
      #expect(choices(answer).map { $0["index"] as? Int } == [0, 1, 2, 3])
      #expect(choices(answer).allSatisfy { $0["finish_reason"] as? String == "length" })
      let usage = answer.json["usage"] as? [String: Int]
      #expect(usage == ["prompt_tokens": 10, "completion_tokens": 48, "total_tokens": 58])
      let again = try await ask("POST", "/v1/completions", body)
      #expect(choices(again).map { $0["text"] as? String } == choices(answer).map { $0["text"] as? String })
      let numbers = try await ask(
        "POST", "/v1/completions", #"{"prompt":[7,4,11,11,14],"max_tokens":12,"seed":4,"temperature":1}"#)
      #expect(choices(numbers)[0]["text"] as? String == choices(answer)[0]["text"] as? String)
    }
  }

  @Test("a stream gives the same text, and ends as clients expect")
  func stream() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let body = #"{"prompt":"hello","max_tokens":60,"seed":4,"temperature":1,"logprobs":1,"echo":true"#
      let whole = try await ask("POST", "/v1/completions", body + "}")
      let stream = try await ask(
        "POST", "/v1/completions", body + #","stream":true,"stream_options":{"include_usage":true}}"#)
      #expect(stream.events.last == "[DONE]")
      let parts = stream.eventObjects.compactMap { ($0["choices"] as? [[String: Any]])?.first }
      let text = parts.compactMap { $0["text"] as? String }.joined()
      #expect(text == choices(whole)[0]["text"] as? String && text.hasPrefix("hello"))
      #expect(parts.last?["finish_reason"] as? String == "length")
      let offsets = parts.flatMap { ($0["logprobs"] as? [String: Any])?["text_offset"] as? [Int] ?? [] }
      // A line feed, which the text starts from, is no part of it.
      #expect(offsets == Array(0..<65))
      #expect((stream.eventObjects.last?["usage"] as? [String: Int])?["completion_tokens"] == 60)
    }
  }

  @Test("an echoed text has its probabilities, which those of the library are")
  func echo() async throws {
    let model = try TestServer.model(seed: 1)
    let text = "the cat sat"
    let expected = try model.evaluate(text).sums
    try await TestServer.with { (ask: TestClient) async throws in
      let answer = try await ask(
        "POST", "/v1/completions", #"{"prompt":"\#(text)","max_tokens":0,"echo":true,"logprobs":2}"#)
      let logprobs = try #require(choices(answer).first?["logprobs"] as? [String: Any], "\(answer.text)")
      let values = try #require(logprobs["token_logprobs"] as? [Any])
      #expect((logprobs["tokens"] as? [String])?.joined() == text && values.first is NSNull)
      let nats = values.compactMap { $0 as? Double }.reduce(0, +)
      #expect(abs(nats + expected.nats) < 1e-4 * expected.nats, "\(nats) \(expected.nats)")
      #expect(choices(answer)[0]["text"] as? String == text)
    }
  }

  @Test("models as clients list them")
  func models() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let data = try await ask("GET", "/v1/models").json["data"] as? [[String: Any]]
      #expect(data?.map { $0["id"] as? String } == ["first", "second"])
      #expect(data?.first?["created"] as? Int == 1_767_323_045)
    }
  }
}
