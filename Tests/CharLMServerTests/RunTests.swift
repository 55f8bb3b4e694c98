import Foundation
import Testing

@testable import CharLMServer

/// Runs that train, as their logs say.
@Suite struct RunTests {
  private static let log = """
    {"event":"start","step":0,"settings":{"hidden":64},"training":{"batch":8}}
    {"step":1,"train_nats":3.5,"seconds":1}
    {"event":"sample","step":1,"text":"<b>a</b>"}
    {"step":2,"train_nats":3,"valid_nats":3.1,"best_valid_nats":3.1,"seconds":2}
    {"step":3,"train_na
    """

  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "charlm-runs-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path + "/below", withIntermediateDirectories: true)
    for (name, text) in [
      ("a.jsonl", Self.log), ("b.jsonl", Self.log + "\n{\"event\":\"end\",\"end\":\"finished\"}\n"), ("new.jsonl", ""),
      ("secret.txt", "secret"), ("below/c.jsonl", Self.log),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }
    return path
  }

  @Test("a folder's logs are listed, read and drawn, as far as they go")
  func runs() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await TestServer.with({ $0.runFolder = path }) { (ask: TestClient) async throws in
      let runs = try await ask("GET", "/api/runs").json["runs"] as? [[String: Any]]
      #expect(runs?.map { $0["name"] as? String } == ["a", "b", "new"])
      let read = try await ask("POST", "/api/runs/read", #"{"run":"a"}"#).json
      #expect((read["start"] as? [String: Any])?["training"] as? [String: Int] == ["batch": 8])
      #expect((read["last"] as? [String: Any])?["step"] as? Int == 2 && read["broken_lines"] as? Int == 1)
      #expect((read["samples"] as? [[String: Any]])?.map { $0["text"] as? String } == ["<b>a</b>"])
      #expect(read["end"] is NSNull)
      let ended = try await ask("POST", "/api/runs/read", #"{"run":"b"}"#).json
      #expect((ended["end"] as? [String: Any])?["end"] as? String == "finished")
      #expect(try await ask("POST", "/api/runs/read", #"{"run":"new"}"#).status == 200)
      let plot = try await ask("POST", "/api/runs/plot", #"{"runs":["a","b"],"over":"seconds"}"#)
      #expect(plot.fields["content-type"] == "image/svg+xml" && plot.text.hasPrefix("<svg"))
      #expect(try await ask("POST", "/api/runs/plot", #"{"runs":["new"]}"#).status == 400)
    }
  }

  @Test("no name opens another file")
  func otherFiles() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await TestServer.with({ $0.runFolder = path }) { (ask: TestClient) async throws in
      for name in ["secret", "secret.txt", "../a", "below/c", "./a", "", "a.jsonl", "/etc/passwd", "a\\u0000"] {
        let read = try await ask("POST", "/api/runs/read", #"{"run":"\#(name)"}"#)
        #expect(read.status == 404 && read.wrongField == "run", "\(name): \(read.text)")
        #expect(try await ask("POST", "/api/runs/plot", #"{"runs":["\#(name)"]}"#).status == 404, "\(name)")
      }
    }
    try await TestServer.with { (ask: TestClient) async throws in
      #expect(try await ask("GET", "/api/runs").status == 404)
    }
  }
}
