import ArgumentParser
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import CharLMCommand
@testable import CharLMServer

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// `charlm serve` as a command; what it answers is tested beside the server.
@Suite struct ServeTests {
  @Test("the sampling fields of the interface are the options of sample, with their ranges")
  func fields() throws {
    let options = DrawingOptions.declarations.map(\.name) + ["--logit-bias"]
    let names = SamplingFields.all.map { "--" + $0.name.replacing("_", with: "-") }
    #expect(Set(names) == Set(options))
    for field in SamplingFields.all {
      let name = "--" + field.name.replacing("_", with: "-")
      for value in ["-1", "0", "1", "1.5", "100.5", "1000.5"] {
        let isNumber = if case .number = field.kind { true } else { false }
        let isInteger = if case .integer = field.kind { true } else { false }
        guard isNumber || isInteger && !value.contains(".") else { continue }
        let json = try #require(JSONValue(Array(value.utf8)))
        let isAccepted = (try? DrawingOptions.parse([name, value]).checkRanges()) != nil
        #expect((field.kind.problem(json) == nil) == isAccepted, "\(name) \(value)")
      }
    }
  }

  @Test("the fields of a run are options of train, with their ranges")
  func trainingFields() throws {
    let options = TrainCommand.declarations
    // A time is a number of seconds here, and has a unit there.
    let lengths = TrainingFields.length.filter { $0.name != "budget" }
    for field in lengths + TrainingFields.settings.map(\.field) + TrainingFields.text {
      let name = "--" + field.name.replacing("_", with: "-")
      #expect(options.contains { $0.name == name }, "\(name)")
      for value in ["-1", "0", "1", "0.5", "0.95", "1.5", "1001", "65537", "2000000000"] {
        let isNumber = if case .number = field.kind { true } else { false }
        let isInteger = if case .integer = field.kind { true } else { false }
        guard isNumber || isInteger && !value.contains(".") else { continue }
        let json = try #require(JSONValue(Array(value.utf8)))
        let parsed = try? TrainCommand.parse(["corpus.txt", name, value])
        #expect((field.kind.problem(json) == nil) == (parsed != nil), "\(name) \(value)")
      }
    }
  }

  @Test("SIGTERM saves a run that trains, and 'train --resume' goes on with it", .timeLimit(.minutes(5)))
  func training() throws {
    let folder = try WorkFolder.trained(steps: 2)
    try FileManager.default.createDirectory(atPath: folder("texts"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: folder("corpus.txt"), toPath: folder("texts/corpus.txt"))
    let server = try folder.start(
      ["serve", "--port", "0", "--runs", "runs", "--allow-training", "--corpora", "texts"])
    server.wait(for: "listening at")
    let address = try #require(server.errorsSoFar.firstMatch(of: /(http:\/\/127\.0\.0\.1:\d+)\//)).output.1
    let body = #"{"name":"here","corpus":"corpus.txt","steps":1000000,"hidden":8,"batch":2,"bptt":8}"#
    var request = URLRequest(url: try #require(URL(string: address + "/api/runs")))
    (request.httpMethod, request.httpBody) = ("POST", Data(body.utf8))
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    let answer = Mutex("")
    let answered = DispatchSemaphore(value: 0)
    // A process must be awaited in the thread that began it.
    URLSession.shared.dataTask(with: request) { data, _, _ in
      answer.withLock { $0 = String(decoding: data ?? Data(), as: UTF8.self) }
      answered.signal()
    }.resume()
    answered.wait()
    let begun = answer.withLock { $0 }
    #expect(begun.contains(#""is_training":true"#), "\(begun)")
    server.send(SIGTERM)
    #expect(try server.finish().status == 0)
    let log = try String(contentsOfFile: folder("runs/here.jsonl"), encoding: .utf8)
    #expect(log.contains(#""end":"interrupted""#))
    let steps = try #require(log.firstMatch(of: /"end":"interrupted".*?"step":(\d+)/)?.output.1)
    let resumed = try folder.charlm(
      "train", "--resume", "--model", "runs/here.safetensors", "--steps", "\((Int(steps) ?? 0) + 3)", "--quiet")
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  @Test("it says where it listens, refuses a port that is taken, and ends when it is asked to", .timeLimit(.minutes(5)))
  func listening() throws {
    let folder = try WorkFolder.trained(steps: 2)
    let first = try folder.start(["serve", "--port", "0"])
    first.wait(for: "listening at")
    let address = try #require(first.errorsSoFar.firstMatch(of: /listening at http:\/\/127\.0\.0\.1:(\d+)\//))
    #expect(first.errorsSoFar.hasPrefix("model: models/corpus.safetensors\n"))
    let second = try folder.charlm("serve", "--quiet", "--port", String(address.output.1))
    #expect(
      second.status == 1
        && second.errors
          == "charlm: cannot listen at 127.0.0.1, port \(address.output.1): another program listens there; "
          + "give another --port, or 0 for one that is free\n"
    )
    first.send(SIGTERM)
    let ended = try first.finish()
    #expect(ended.status == 0 && ended.output.isEmpty)
  }

  @Test("a token stands in the address for browsers, and no other word of it is printed")
  func token() throws {
    let folder = try WorkFolder.trained(steps: 2)
    let run = try folder.start(["serve", "--host", "0.0.0.0", "--port", "0", "--token", "secret"])
    run.wait(for: "listening at")
    #expect(run.errorsSoFar.contains("/#token=secret ("))
    run.interrupt()
    #expect(try run.finish().status == 0)
  }

  @Test("what cannot be served, each with what to do")
  func refusals() throws {
    let folder = try WorkFolder()
    let none = try folder.charlm("serve")
    #expect(
      none.errors == "charlm: no language model here: there is no folder 'models'; give one with --model, or make one "
        + "with 'charlm train FILE'\n")
    let trained = try WorkFolder.trained(steps: 2)
    try FileManager.default.copyItem(
      atPath: trained("models/corpus.safetensors"), toPath: trained("corpus.safetensors"))
    let twice = try trained.charlm("serve", "--model", "./corpus.safetensors", "--model", "models/corpus.safetensors")
    #expect(
      twice.status == 2 && twice.errors == "charlm: two models are called 'corpus'; rename one of their files\n")
    let noFolder = try trained.charlm("serve", "--runs", "nowhere")
    #expect(
      noFolder.errors
        == "charlm: --runs nowhere: there is no such folder; name the folder of the logs of train --log\n")
    let noTexts = try trained.charlm("serve", "--runs", "runs", "--allow-training", "--corpora", "nowhere")
    #expect(noTexts.errors == "charlm: --corpora nowhere: there is no such folder; name a folder with texts\n")
    let foreign = try trained.charlm("serve", "--host", "192.0.2.1", "--token", "x", "--port", "0", "--quiet")
    #expect(foreign.status == 1 && foreign.errors.hasPrefix("charlm: cannot listen at 192.0.2.1, port 0: "))
  }
}
