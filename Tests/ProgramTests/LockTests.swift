import Foundation
import TestSupport
import Testing

/// A run that is in progress, and what others may do meanwhile.
@Suite struct LockTests {
  @Test("a model in training is not written by others, and is read")
  func inProgress() throws {
    let folder = try NothingLostTests.corpusFolder()
    try folder.file("other.txt", TestCorpus.words(300))
    let settings = TestCorpus.smallSettings + ["--model", "models/t.safetensors"]
    let kept = TestCorpus.smallSettings + ["--steps", "60", "--keep", "2", "--model", "models/k.safetensors"]
    try #require(try folder.charlm(["train", "corpus.txt"] + kept).status == 0)
    let steps = folder.contents.filter { $0.contains(".step-") }.map { String($0.split(separator: " ")[0]) }
    try #require(
      try folder.charlm("convert", "models/k.safetensors", "--to", "k.st", "--vocabulary", "k.json").status == 0)

    let run = try folder.start(["train", "corpus.txt", "--steps", "10000000", "--save-every", "5steps"] + settings)
    for _ in 0..<3000 where !FileManager.default.fileExists(atPath: folder("models/t.safetensors")) { usleep(10_000) }
    let refusal =
      "charlm: another charlm (process \(run.number)) is training models/t.safetensors; wait until it is done, stop it "
      + "with 'kill -INT \(run.number)', or name another file\n"
    for arguments in [
      ["train", "other.txt"] + settings, ["train", "--resume", "--model", "models/t.safetensors"],
      ["average"] + steps + ["--output", "models/t.safetensors"],
      ["convert", "k.st", "--model", "models/t.safetensors", "--vocabulary", "k.json", "--unit", "grapheme"],
      ["convert", "models/k.safetensors", "--to", "models/t.safetensors"],
    ] {
      let other = try folder.charlm(arguments)
      #expect(other.status == 1 && other.errors == refusal && other.output.isEmpty, "\(arguments): \(other.errors)")
    }
    for arguments in [
      ["sample", "--length", "5"], ["eval"], ["info", "models/t.safetensors"],
      ["train", "other.txt", "--steps", "1"] + TestCorpus.smallSettings,
      ["train", "corpus.txt", "--dry-run"] + settings,
    ] {
      let model = ["sample", "eval"].contains(arguments[0]) ? ["--model", "models/t.safetensors"] : []
      let other = try folder.charlm(arguments + model)
      #expect(other.status == 0, "\(arguments): \(other.errors)")
    }
    #expect(run.isRunning)
    run.interrupt()
    #expect(try run.finish().status == 130)
    #expect(!folder.contents.contains { $0.contains(".lock") || $0.contains("t.1.") })
  }

  @Test("the lock of a killed run is no obstacle")
  func killed() throws {
    let folder = try NothingLostTests.corpusFolder()
    let run = try folder.start(["train", "corpus.txt", "--steps", "10000000"] + TestCorpus.smallSettings)
    run.wait(for: "length ")
    run.kill()
    let resumed = try folder.charlm("train", "corpus.txt", "--resume", "--steps", "3")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(!folder.contents.contains { $0.contains(".lock") })
  }
}
