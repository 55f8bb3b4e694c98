import CharLM
import Foundation
import NIOCore
import Testing

@testable import CharLMServer

/// Texts that are written for clients.
@Suite struct CompletionTests {
  private func samples(_ answer: Answer) -> [[String: Any]] { answer.json["samples"] as? [[String: Any]] ?? [] }

  @Test("a continuation is what the library writes with the same settings and seed")
  func same() async throws {
    let model = try TestServer.model(seed: 1)
    let sampling = SamplingSettings(temperature: 0.9, topK: 7)
    let expected = try (0..<3).map { number in
      let text = TextStream(
        model, seed: try SampleSeed("hello", for: model), length: 50, sampling: sampling,
        randomSeed: 5 + UInt64(number),
        precision: .fastest
      ).joined()
      return String(text.dropFirst(5))
    }
    try await TestServer.with { (ask: TestClient) async throws in
      let body = #"{"seed":"hello","length":50,"temperature":0.9,"top_k":7,"random_seed":5,"count":3"#
      let whole = try await ask("POST", "/api/complete", body + "}")
      #expect(whole.status == 200, "\(whole.text)")
      #expect(samples(whole).map { $0["text"] as? String } == expected)
      #expect(samples(whole).map { $0["end"] as? String } == ["length", "length", "length"])
      let stream = try await ask("POST", "/api/complete", body + #","stream":true}"#)
      #expect(stream.fields["content-type"] == "text/event-stream")
      var texts = ["", "", ""]
      for event in stream.eventObjects.dropFirst() {
        texts[try #require(event["index"] as? Int)] += try #require(event["text"] as? String)
      }
      #expect(texts == expected)
      #expect(stream.eventObjects.first?["random_seed"] as? Int == 5)
    }
  }

  @Test("candidates come with the probabilities of their places")
  func candidates() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let answer = try await ask(
        "POST", "/api/complete", #"{"seed":"a","length":4,"random_seed":1,"show_candidates":3,"temperature":0}"#)
      let logprobs = try #require(samples(answer).first?["logprobs"] as? [String: Any])
      let content = try #require(logprobs["content"] as? [[String: Any]])
      #expect(content.count == 4)
      for token in content {
        let top = try #require(token["top_logprobs"] as? [[String: Any]])
        #expect(top.count == 3)
        // At temperature 0 the likeliest is drawn.
        #expect(top[0]["token"] as? String == token["token"] as? String)
      }
    }
  }

  @Test("a stop text ends a continuation before it")
  func stop() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let free = try await ask("POST", "/api/complete", #"{"seed":"a","length":200,"random_seed":3,"temperature":1}"#)
      let text = try #require(samples(free).first?["text"] as? String)
      let stop = String(text.dropFirst(20).prefix(2))
      let body: [String: Any] = ["seed": "a", "length": 200, "random_seed": 3, "temperature": 1, "stop": [stop]]
      let json = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
      let stopped = try await ask("POST", "/api/complete", json)
      let expected = try #require(text.range(of: stop)).lowerBound
      #expect(samples(stopped).first?["text"] as? String == String(text[..<expected]))
      #expect(samples(stopped).first?["end"] as? String == "stop")
    }
  }

  @Test("a model is chosen by its name")
  func models() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      let bodies = ["first", "second"].map {
        #"{"model":"\#($0)","seed":"a","length":40,"random_seed":3,"temperature":1}"#
      }
      let first = try await ask("POST", "/api/complete", bodies[0])
      let second = try await ask("POST", "/api/complete", bodies[1])
      #expect(samples(first).first?["text"] as? String != samples(second).first?["text"] as? String)
      let none = try await ask("POST", "/api/complete", #"{"model":"third"}"#)
      #expect(none.status == 404 && none.wrongField == "model")
    }
  }

  @Test("many at a time each get their own text, in whatever order they come and go")
  func concurrent() async throws {
    try await TestServer.with({ $0.streamCount = 5 }) { (ask: TestClient) async throws in
      let body = { @Sendable (number: Int) in
        #"{"seed":"go \#(number % 3 == 0 ? "on" : "up")","length":\#(20 + number % 7 * 10),"random_seed":\#(number)}"#
      }
      var alone: [String] = []
      for number in 0..<20 { alone.append(try await ask("POST", "/api/complete", body(number)).text) }
      let together = try await withThrowingTaskGroup(of: (Int, String).self) { tasks in
        for number in 0..<20 {
          tasks.addTask { (number, try await ask("POST", "/api/complete", body(number)).text) }
        }
        return try await tasks.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
      }
      for number in 0..<20 { #expect(together[number] == alone[number], "text \(number)") }
    }
  }

  @Test("beyond the texts that may wait, requests are refused, with a time to try again")
  func busy() async throws {
    try await TestServer.with({ ($0.streamCount, $0.waitingCount) = (1, 1) }) { (ask: TestClient) async throws in
      let long = TestClient.request("POST", "/api/complete", #"{"length":100000}"#)
      var readers = [Task { try await ask.send(long) }]
      var refused = try await ask("GET", "/metrics")
      for _ in 0..<100 where refused.status != 429 {
        // One is written, another waits; unless both are done by then, and it is tried again.
        readers += (0..<2).map { _ in Task { try await ask.send(long) } }
        var figures = ""
        for _ in 0..<100
        where !figures.contains(#"state="active"} 1"#) || !figures.contains(#"state="waiting"} 1"#) {
          try await Task.sleep(for: .milliseconds(5))
          figures = try await ask("GET", "/metrics").text
        }
        refused = try await ask("POST", "/api/complete", "{}")
      }
      #expect(refused.status == 429)
      #expect(refused.fields["retry-after"] == "1")
      // As they leave, others get their turn.
      for reader in readers { reader.cancel() }
      var status = 429
      for _ in 0..<2000 where status == 429 {
        try await Task.sleep(for: .milliseconds(50))
        status = try await ask("POST", "/api/complete", #"{"length":3}"#).status
      }
      #expect(status == 200)
    }
  }

  @Test("a reader that does not read holds up nobody, and loses nothing when it reads on")
  func slowReader() async throws {
    try await TestServer.with { (ask: TestClient) async throws in
      // About 20 MB, more than the system keeps between the two.
      let count = 16_000
      let body = #"{"length":\#(count),"random_seed":1,"stream":true,"show_candidates":28}"#
      let slow = try await ask.connect()
      try await slow.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(bytes: TestClient.request("POST", "/api/complete", body)))
        var paused = false
        // Beside other tests it may be long before those buffers are full.
        for _ in 0..<6000 where !paused {
          try await Task.sleep(for: .milliseconds(50))
          paused = try await ask("GET", "/metrics").text.contains(
            #"charlm_texts{model="first",state="paused"} 1"#)
        }
        #expect(paused)
        #expect(try await ask("POST", "/api/complete", #"{"length":20}"#).status == 200)
        var received: [UInt8] = []
        for try await buffer in inbound { received += buffer.readableBytesView }
        let tokens = try #require(Answer(received)).eventObjects.compactMap { $0["tokens"] as? Int }
        #expect(tokens.reduce(0, +) == count)
      }
    }
  }

  @Test("what takes too long ends, and says so")
  func time() async throws {
    try await TestServer.with({ $0.timeLimit = .milliseconds(200) }) { (ask: TestClient) async throws in
      let whole = try await ask("POST", "/api/complete", #"{"length":100000,"seed":"a"}"#)
      #expect(samples(whole).first?["end"] as? String == "time")
      let stream = try await ask("POST", "/api/complete", #"{"length":100000,"stream":true,"count":2}"#)
      #expect(stream.eventObjects.compactMap { $0["end"] as? String } == ["time", "time"])
    }
  }
}
