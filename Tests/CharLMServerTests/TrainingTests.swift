import CharLM
import CharLMData
import CharLMTraining
import Foundation
import Testing

@testable import CharLMServer

/// Runs that clients begin, stop and resume.
@Suite struct TrainingTests {
  /// A folder with `runs` and, in `texts`, corpora.
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "charlm-training-" + UUID().uuidString
    for name in ["runs", "texts/below"] {
      try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }
    let text = String(repeating: "the cat sat on the mat and saw a rat. ", count: 200)
    for name in ["texts/cats.txt", "texts/short.txt", "texts/below/more.txt", "secret.txt"] {
      try Data((name.contains("short") ? "a" : text).utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }
    return path
  }

  private func allow(_ settings: inout ServerSettings, _ folder: String) {
    settings.runFolder = folder + "/runs"
    settings.training = TrainingPermission(corpusFolder: folder + "/texts", program: "a test")
  }

  private static let settings = #""hidden":8,"embedding":4,"batch":4,"bptt":16,"layers":1,"cell":"gru""#

  /// Waits until no run trains.
  private func wait(_ ask: TestClient) async throws -> [[String: Any]] {
    for _ in 0..<600 {
      let runs = try await ask("GET", "/api/runs").json["runs"] as? [[String: Any]] ?? []
      if !runs.contains(where: { $0["is_training"] as? Bool == true }) { return runs }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("a run does not end")
    return []
  }

  @Test("a run is begun with the settings that were asked for, and ends with a model and a log")
  func start() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await TestServer.with({ allow(&$0, path) }) { (ask: TestClient) async throws in
      #expect(try await ask("GET", "/api/models").json["allows_training"] as? Bool == true)
      #expect(try await ask("GET", "/api/corpora").json["corpora"] as? [String] == ["cats.txt", "short.txt"])
      let begun = try await ask(
        "POST", "/api/runs", #"{"name":"größe_1","corpus":"cats.txt","steps":30,\#(Self.settings),"random_seed":7}"#)
      #expect(begun.status == 200 && begun.json["name"] as? String == "größe_1", "\(begun.text)")
      let runs = try await wait(ask)
      #expect(runs.map { $0["name"] as? String } == ["größe_1"])
      let read = try await ask("POST", "/api/runs/read", #"{"run":"größe_1"}"#).json
      #expect((read["end"] as? [String: Any])?["end"] as? String == "finished")
      #expect((read["last"] as? [String: Any])?["step"] as? Int == 30)
      let start = try #require(read["start"] as? [String: Any])
      #expect((start["settings"] as? [String: Any])?["hidden"] as? Int == 8)
      #expect((start["settings"] as? [String: Any])?["cell"] as? String == "gru")
      #expect((start["training"] as? [String: Any])?["random_seed"] as? Int == 7)
      #expect((start["corpus"] as? [String: Any])?["validation_fraction"] as? Double == 0.1)
      #expect(start["program"] as? String == "a test" && start["command"] as? [String] == [])
      let model = try Checkpoint.read(path: path + "/runs/größe_1.safetensors").model
      #expect(model.training.steps == 30 && model.settings.hidden == 8)
      // It writes from now on.
      let models = try await ask("GET", "/api/models").json["models"] as? [[String: Any]] ?? []
      #expect(models.count == 3 && models.last?["name"] as? String == "größe_1")
      let written = try await ask("POST", "/api/complete", #"{"model":"größe_1","seed":"the ","length":10}"#)
      #expect(written.status == 200, "\(written.text)")
    }
  }

  @Test("one run trains at a time; stopped, it is saved, and goes on where it was, in another server, too")
  func stopAndResume() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let body = #"{"name":"long","corpus":"cats.txt","steps":1000000,\#(Self.settings)}"#
    let step = try await TestServer.with({ allow(&$0, path) }) { (ask: TestClient) async throws in
      #expect(try await ask("POST", "/api/runs/stop", #"{"run":"long"}"#).status == 409)
      #expect(try await ask("POST", "/api/runs", body).json["is_training"] as? Bool == true)
      let other = try await ask("POST", "/api/runs", #"{"name":"other","corpus":"cats.txt"}"#)
      #expect(other.status == 409 && other.message.contains("'long' is training"), "\(other.text)")
      #expect(try await ask("POST", "/api/runs/resume", #"{"run":"long"}"#).status == 409)
      let stopped = try await ask("POST", "/api/runs/stop", #"{"run":"long"}"#)
      #expect(stopped.json["is_training"] as? Bool == false && stopped.json["has_state"] as? Bool == true)
      let step = try TrainingRun.savedRecord(forModel: path + "/runs/long.safetensors").steps
      #expect(try await ask("POST", "/api/runs/resume", #"{"run":"long"}"#).status == 200)
      return step
    }
    // The server's end stops the run, too.
    let saved = try TrainingRun.savedRecord(forModel: path + "/runs/long.safetensors").steps
    #expect(saved >= step)
    try await TestServer.with({ allow(&$0, path) }) { (ask: TestClient) async throws in
      let resumed = try await ask("POST", "/api/runs/resume", #"{"run":"long","steps":\#(saved + 5)}"#)
      #expect(resumed.status == 200, "\(resumed.text)")
      _ = try await wait(ask)
      let read = try await ask("POST", "/api/runs/read", #"{"run":"long"}"#).json
      #expect((read["end"] as? [String: Any])?["step"] as? Int == saved + 5)
      #expect((read["start"] as? [String: Any])?["event"] as? String == "resume")
    }
  }

  @Test("what cannot be trained is refused, with the field, and leaves nothing behind")
  func refusals() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path + "/runs/there.jsonl"))
    let cases: [(body: String, status: Int, field: String?)] = [
      (#"{"name":"there","corpus":"cats.txt"}"#, 409, "name"),
      (#"{"name":"../a","corpus":"cats.txt"}"#, 400, "name"), (#"{"name":"","corpus":"cats.txt"}"#, 400, "name"),
      (#"{"name":"a.b","corpus":"cats.txt"}"#, 400, "name"), (#"{"name":"-a","corpus":"cats.txt"}"#, 400, "name"),
      (#"{"name":"a","corpus":"../secret.txt"}"#, 404, "corpus"), (#"{"name":"a","corpus":"below"}"#, 404, "corpus"),
      (#"{"name":"a","corpus":"below/more.txt"}"#, 404, "corpus"), (#"{"name":"a","corpus":"*"}"#, 404, "corpus"),
      (#"{"name":"a","corpus":"-"}"#, 404, "corpus"), (#"{"name":"a","corpus":"short.txt"}"#, 400, "corpus"),
      (#"{"name":"a","corpus":"cats.txt","steps":1,"epochs":1}"#, 400, "epochs"),
      (#"{"name":"a","corpus":"cats.txt","steps":0}"#, 400, "steps"),
      (#"{"name":"a","corpus":"cats.txt","dropout":0.96}"#, 400, "dropout"),
      (#"{"name":"a","corpus":"cats.txt","cell":"transformer"}"#, 400, "cell"),
      (#"{"name":"a","corpus":"cats.txt","batch":65536,"bptt":100000}"#, 400, nil),
      (#"{"name":"a","corpus":"cats.txt","hidden":65536,"layers":1000}"#, 400, nil),
      (#"{"name":"a","corpus":"cats.txt","tied":true,"hidden":8,"embedding":4}"#, 400, nil),
      (#"{"name":"a","corpus":"cats.txt","document_separator":""}"#, 400, "document_separator"),
    ]
    try await TestServer.with({ allow(&$0, path) }) { (ask: TestClient) async throws in
      for (body, status, field) in cases {
        let answer = try await ask("POST", "/api/runs", body)
        #expect(answer.status == status && answer.wrongField == field, "\(body): \(answer.text)")
      }
      #expect(try await ask("POST", "/api/runs/resume", #"{"run":"there"}"#).status == 409)
      #expect(try await ask("POST", "/api/runs/resume", #"{"run":"../secret"}"#).status == 404)
      let left = try FileManager.default.contentsOfDirectory(atPath: path + "/runs").filter { !$0.hasSuffix(".lock") }
      #expect(left == ["there.jsonl"])
    }
  }

  @Test("a run goes on with texts of the folder alone")
  func foreignCorpus() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = try TrainingRun.ofFile(path + "/secret.txt", modelPath: path + "/runs/foreign.safetensors")
    _ = try run.run(clock: { 0 }, isInterrupted: { false }, observe: { _ in })
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path + "/runs/foreign.jsonl"))
    try await TestServer.with({ allow(&$0, path) }) { (ask: TestClient) async throws in
      let answer = try await ask("POST", "/api/runs/resume", #"{"run":"foreign","steps":9}"#)
      #expect(answer.status == 400 && answer.message.contains("'secret.txt', which is not among the corpora"))
    }
  }

  @Test("a server that was not told to trains nothing")
  func forbidden() async throws {
    let path = try folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await TestServer.with({ $0.runFolder = path + "/runs" }) { (ask: TestClient) async throws in
      #expect(try await ask("GET", "/api/models").json["allows_training"] as? Bool == false)
      for (method, path, body) in [
        ("POST", "/api/runs", #"{"name":"a","corpus":"cats.txt"}"#), ("POST", "/api/runs/stop", #"{"run":"a"}"#),
        ("POST", "/api/runs/resume", #"{"run":"a"}"#), ("GET", "/api/corpora", nil),
      ] as [(String, String, String?)] {
        let answer = try await ask(method, path, body)
        #expect(answer.status == 403 && answer.message.contains("--allow-training"), "\(path): \(answer.text)")
      }
    }
  }
}

extension TrainingRun {
  /// A short run on a file.
  fileprivate static func ofFile(_ path: String, modelPath: String) throws -> TrainingRun {
    var requested = RequestedSettings()
    requested[\.training.length] = .steps(3)
    (requested[\.network.hidden], requested[\.training.batch], requested[\.training.bptt]) = (8, 4, 16)
    let data = TrainingData(try Corpus(paths: [path]))
    let settings = try AutomaticSettings.settings(for: data, requested: requested)
    return TrainingRun(
      data, network: settings.network, settings: settings.training, modelPath: modelPath, threadCount: 1)
  }
}
