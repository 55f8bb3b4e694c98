import CharLM
import CharLMText
import Foundation
import Testing

@testable import CharLMServer

/// Texts that must have a shape.
@Suite struct ShapeTests {
  private func samples(_ answer: Answer) -> [[String: Any]] { answer.json["samples"] as? [[String: Any]] ?? [] }

  private func json(_ object: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  @Test("texts match an expression, and are those of the library")
  func match() async throws {
    let model = try TestServer.model(seed: 1)
    let pattern = "[a-f]{3,8}( [g-z]+)?"
    let queue = try SampleQueue(
      model, constraint: ExpressionConstraint(TextExpression(pattern)), seed: SampleSeed("ab", for: model), length: 40,
      sampling: SamplingSettings(temperature: 0.9), randomSeed: 5, capacity: 3, precision: .fastest)
    let expected = try (0..<3).map { try #require(try queue.next(of: 3 - $0)) }
    try await TestServer.with { (ask: TestClient) async throws in
      let object: [String: Any] = [
        "match": pattern, "seed": "ab", "length": 40, "count": 3, "random_seed": 5, "temperature": 0.9,
        "show_candidates": 1,
      ]
      let whole = try await ask("POST", "/api/complete", json(object))
      #expect(samples(whole).map { $0["text"] as? String } == expected.map { String($0.text.dropFirst(2)) })
      #expect(samples(whole).allSatisfy { $0["end"] as? String == "shape" }, "\(whole.text)")
      #expect(samples(whole).map { $0["random_seed"] as? UInt64 } == expected.map(\.randomSeed))
      let content = (samples(whole).first?["logprobs"] as? [String: Any])?["content"] as? [[String: Any]]
      #expect(content?.compactMap { $0["token"] as? String }.joined() == samples(whole).first?["text"] as? String)
      let stream = try await ask("POST", "/api/complete", json(object.merging(["stream": true]) { $1 }))
      #expect(
        stream.eventObjects.dropFirst().map { $0["text"] as? String } == samples(whole).map { $0["text"] as? String })
      let openAI = try await ask(
        "POST", "/v1/completions", json(["prompt": "ab", "match": "abc|xyz", "max_tokens": 9, "n": 2]))
      let choices = try #require(openAI.json["choices"] as? [[String: Any]], "\(openAI.text)")
      #expect(choices.allSatisfy { ["abc", "xyz"].contains($0["text"] as? String) })
      #expect(choices.allSatisfy { $0["finish_reason"] as? String == "stop" })
    }
  }

  @Test("texts are of a grammar; none is where none fits")
  func grammar() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let grammar = #"root ::= "yes" | "no" " never"?"#
      let answer = try await ask("POST", "/api/complete", json(["grammar": grammar, "count": 4]))
      #expect(
        samples(answer).allSatisfy { ["yes", "no", "no never"].contains($0["text"] as? String) }, "\(answer.text)")
      let long = try await ask("POST", "/api/complete", json(["grammar": #"root ::= [a-z]{50}"#, "length": 20]))
      #expect(samples(long).first?["end"] as? String == "none" && samples(long).first?["text"] as? String == "")
      // The model has no brackets.
      let impossible = try await ask("POST", "/api/complete", json(["grammar": "json"]))
      #expect(impossible.status == 400 && impossible.message.contains("the model cannot write"))
      let event = try await ask("POST", "/api/complete", json(["grammar": "json", "stream": true])).eventObjects.last
      #expect((event?["error"] as? [String: Any])?["message"] as? String == impossible.message)
    }
  }

  @Test("shapes that are wrong, or contradict other fields, are refused by name")
  func refusals() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      for (object, field) in [
        (["match": "(a"], "match"), (["grammar": "root ::= x"], "grammar"), (["grammar": "root ::= root"], "grammar"),
        (["match": "a", "grammar": "json"], "grammar"), (["match": "a", "stop": "b"], "stop"),
        (["documents": 2], "documents"), (["documents": 0], "documents"),
        (["match": String(repeating: "a", count: 1001)], "match"),
        (["match": "(((a{1,9999}){1,9999}){1,9999}){1,9999}(?=b)\\1", "length": 0], "length"),
      ] as [([String: Any], String)] {
        let answer = try await ask("POST", "/api/complete", json(object))
        #expect(answer.status == 400 && answer.wrongField == field, "\(object): \(answer.text)")
      }
      let large = try await ask(
        "POST", "/api/complete", json(["length": 100_000, "count": 16, "show_candidates": 100]))
      #expect(large.status == 400 && large.message.contains("stream"))
    }
  }

  @Test("an expression that takes for ever ends in its time, holds up no other text, and leaves when its client does")
  func hanging() async throws {
    let slow = try json(["match": "(?=(a|aa|a.)+$)((([a-z])+)+)+!", "length": 100_000, "count": 8])
    try await TestServer.with({ $0.shapedTimeLimit = .seconds(1) }) { (ask: TestClient) async throws in
      async let hanging = ask("POST", "/api/complete", slow)
      #expect(try await ask("POST", "/api/complete", #"{"length":50}"#).status == 200)
      let answer = try await hanging
      // In time, or refused because it cannot be matched in time.
      #expect(
        answer.status == 400 || samples(answer).allSatisfy { ["time", "none"].contains($0["end"] as? String) },
        "\(answer.text)")
      let gone = Task { try await ask("POST", "/api/complete", slow) }
      gone.cancel()
      let next = try await ask("POST", "/api/complete", json(["match": "abc", "length": 10]))
      #expect(samples(next).first?["text"] as? String == "abc" || samples(next).first?["end"] as? String == "time")
    }
  }
}
