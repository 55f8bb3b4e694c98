import CharLMFiles
import Foundation
import TestSupport
import Testing

/// Whatever is tried, what was there before is kept.
@Suite struct NothingLostTests {
  static func corpusFolder() throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    return folder
  }

  private func train(_ arguments: String...) -> [String] {
    ["train", "corpus.txt"] + TestCorpus.smallSettings + arguments
  }

  private func names(_ folder: WorkFolder, in part: String = "models/") -> [String] {
    folder.contents.map { String($0.split(separator: " ")[0]) }.filter { $0.hasPrefix(part) && $0 != part.dropLast() }
  }

  @Test("ten tries, of which some are interrupted, lose no model", arguments: [nil, "models/good.safetensors"])
  func tenTries(_ given: String?) throws {
    let folder = try Self.corpusFolder()
    let option = given.map { ["--model", $0] } ?? []
    let path = given ?? "models/corpus.safetensors"
    try #require(try folder.charlm(train("--steps", "40") + option).status == 0)
    var models = [try folder.bytes(path)]
    for number in 1...9 {
      let run: CharLMRun
      if number % 3 == 0 {
        let started = try folder.start(train("--steps", "1000000", "--save-every", "3steps") + option)
        started.wait(for: "length ")
        usleep(200_000)
        started.interrupt()
        run = try started.finish()
        #expect(run.status == 130)
      } else {
        run = try folder.charlm(train("--steps", "\(number)") + option)
        #expect(run.status == 0)
      }
      let kept = path.dropLast(".safetensors".count) + ".\(number).safetensors"
      #expect(run.errors.contains("the existing model is kept as \(kept)\n"), "\(run.errors)")
      if number == 1 {
        #expect(
          run.errors.contains("\nnote: the earlier model, \(kept), is better: validation "), "\(run.errors)")
      }
      models.append(try folder.bytes(path))
    }
    #expect(Set(models).count == 10)
    let found = try names(folder).filter { $0.hasSuffix(".safetensors") }.map { try folder.bytes($0) }
    #expect(Set(found) == Set(models))
    #expect(names(folder).count == 20, "each has its state: \(names(folder))")
    // The numbered ones are models like any other.
    let stem = String(path.dropLast(".safetensors".count))
    #expect(try folder.charlm("eval", "--model", stem + ".1.safetensors").status == 0)
    let resumed = try folder.charlm("train", "--resume", "--model", stem + ".1.safetensors", "--steps", "50", "--json")
    #expect(try resumed.json()["steps"] as? Int == 50)
    #expect(try folder.charlm("info").errors == "model: \(path)\n")
  }

  @Test("--overwrite keeps nothing, and what it would read it does not write over")
  func overwrite() throws {
    let folder = try Self.corpusFolder()
    for _ in 0..<2 {
      let run = try folder.charlm(train("--steps", "2", "--overwrite", "--log", "a.jsonl", "--report", "a.html"))
      #expect(run.status == 0 && !run.errors.contains("kept"), "\(run.errors)")
    }
    #expect(names(folder) == ["models/corpus.safetensors", "models/corpus.state"])
    #expect(names(folder, in: "a.") == ["a.html", "a.jsonl"])
    let model = "models/corpus.safetensors"
    let run = try folder.charlm("train", "corpus.txt", "--init-from", model, "--overwrite")
    #expect(run.errors == "charlm: --model \(model): is the model of --init-from; name another file\n")
    let tuned = try folder.charlm(
      "train", "corpus.txt", "--init-from", model, "--steps", "1", "--batch", "4", "--bptt", "12")
    #expect(tuned.status == 0 && tuned.errors.contains("kept as models/corpus.1.safetensors"), "\(tuned.errors)")
  }

  @Test("logs and reports of earlier runs are kept, and a resumed run continues its own")
  func logs() throws {
    let folder = try Self.corpusFolder()
    let watched = ["--log", "a.jsonl", "--report", "a.html"]
    try #require(try folder.charlm(train("--steps", "2") + watched).status == 0)
    let (log, report) = (try folder.bytes("a.jsonl"), try folder.bytes("a.html"))
    #expect(!String(decoding: report, as: UTF8.self).contains("is kept as"), "there was nothing to keep")
    let again = try folder.charlm(train("--steps", "3") + watched)
    #expect(again.errors.contains("the existing log is kept as a.1.jsonl\nthe existing report is kept as a.1.html\n"))
    #expect(try folder.bytes("a.1.jsonl") == log && folder.bytes("a.1.html") == report)
    let second = try folder.bytes("a.jsonl")
    let resumed = try folder.charlm(["train", "--resume", "--steps", "5"] + watched)
    #expect(resumed.status == 0 && !resumed.errors.contains("kept"), "\(resumed.errors)")
    #expect(try folder.bytes("a.jsonl").starts(with: second))
    #expect(names(folder, in: "a.") == ["a.1.html", "a.1.jsonl", "a.html", "a.jsonl"])
  }

  @Test("old temporary files of killed processes are removed")
  func abandoned() throws {
    let folder = try Self.corpusFolder()
    let old = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -7200)]
    try FileManager.default.createDirectory(atPath: folder("models"), withIntermediateDirectories: true)
    for name in ["models/.charlm-a.tmp", "models/.charlm-b.tmp", "models/c.tmp"] { try folder.file(name, "x") }
    for name in ["models/.charlm-a.tmp", "models/c.tmp"] {
      try FileManager.default.setAttributes(old, ofItemAtPath: folder(name))
    }
    #expect(try folder.charlm(train("--steps", "1")).status == 0)
    #expect(names(folder).filter { $0.hasSuffix(".tmp") } == ["models/.charlm-b.tmp", "models/c.tmp"])
  }
}
