import CharLMFiles
import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// Same command, same bits; stopped and resumed, same bits.
@Suite struct RepeatTests {
  private let settings =
    ["--hidden", "12", "--embedding", "6", "--batch", "5", "--bptt", "12", "--dropout", "0.2", "--layers", "2"]

  private func tensors(_ folder: WorkFolder, _ name: String) throws -> [Safetensors.Tensor] {
    try Safetensors.read(path: folder(name)).tensors
  }

  @Test("the same command gives the same tensors, with one thread and with two")
  func sameTensors() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(400))
    for (name, threads) in [("a", "1"), ("b", "2"), ("c", "2")] {
      let run = try folder.charlm(
        ["train", "corpus.txt", "--steps", "30", "--threads", threads, "--model", "\(name).safetensors"] + settings)
      try #require(run.status == 0, "\(run.errors)")
    }
    let first = try tensors(folder, "a.safetensors")
    #expect(try tensors(folder, "b.safetensors") == first)
    #expect(try tensors(folder, "c.safetensors") == first)
    #expect(try tensors(folder, "a.state") == tensors(folder, "b.state"))
  }

  @Test("a sample in int8 is the same text with every instruction set and any number of threads")
  func sameSample() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(400))
    for cell in ["lstm", "gru", "rnn"] {
      let training = try folder.charlm(
        ["train", "corpus.txt", "--steps", "40", "--cell", cell, "--overwrite", "--hidden", "70", "--layers", "2"])
      try #require(training.status == 0, "\(training.errors)")
      let sampling = ["sample", "--precision", "int8", "--random-seed", "7", "--length", "2000", "--top-p", "0.98"]
      let texts = try ["plain", "avx2", "avx512"].flatMap { kernels in
        try ["1", "2"].map { threads in
          try folder.start(sampling + ["--threads", threads], after: "export CHARLM_KERNELS=\(kernels)").finish().output
        }
      }
      #expect(texts[0].count >= 2000)
      #expect(Set(texts).count == 1, "\(cell)")
    }
  }

  @Test("an interrupted run saves, exits with 130, and resumed becomes what it would have been")
  func resumed() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(400))
    let length = ["--steps", "1500", "--json"]
    let begun = try folder.start(
      ["train", "corpus.txt", "--model", "stopped.safetensors", "--log", "log.jsonl"] + length + settings)
    let hasFigures = {
      (try? folder.bytes("log.jsonl")).map { String(decoding: $0, as: UTF8.self).contains("train_nats") } ?? false
    }
    for _ in 0..<2000 where !hasFigures() { usleep(5000) }
    begun.interrupt()
    let stopped = try begun.finish()
    #expect(stopped.status == 130)
    let steps = try #require(try stopped.json()["steps"] as? Int)
    try #require(steps > 0 && steps < 1500)
    #expect(
      stopped.errorLines.last
        == "continue with: \(CharLMRun.program) train --resume --model stopped.safetensors --log log.jsonl")
    let resumed = try folder.charlm("train", "--resume", "--model", "stopped.safetensors", "--json", "--quiet")
    #expect(resumed.status == 0)
    #expect(resumed.errors.isEmpty)
    #expect(try resumed.json()["steps"] as? Int == 1500)

    let whole = try folder.charlm(["train", "corpus.txt", "--model", "whole.safetensors"] + length + settings)
    #expect(whole.status == 0)
    #expect(try tensors(folder, "stopped.safetensors") == tensors(folder, "whole.safetensors"))
    #expect(try tensors(folder, "stopped.state") == tensors(folder, "whole.state"))
    for name in ["valid_nats_stateful", "best_step", "train_nats", "epochs"] {
      #expect(try resumed.json()[name] as? Double == whole.json()[name] as? Double, "\(name)")
    }
  }

  @Test(
    "a budget ends in time and names the command with steps",
    arguments: [[], ["--init-from", "first.safetensors"], ["--pairs"]])
  func budget(_ kind: [String]) throws {
    let folder = try WorkFolder()
    try folder.file(
      "corpus.txt", kind == ["--pairs"] ? (10..<60).map { "a\($0)\tb\($0)\n" }.joined() : TestCorpus.words(200))
    if kind.first == "--init-from" {
      let first = try folder.charlm(
        ["train", "corpus.txt", "--steps", "2", "--model", "first.safetensors"] + TestCorpus.smallSettings)
      try #require(first.status == 0, "\(first.errors)")
    }
    let start = Date()
    let arguments = ["train", "corpus.txt", "--budget", "1.5s", "--json", "--batch", "4"] + kind
    let run = try folder.charlm(arguments)
    try #require(run.status == 0, "\(run.errors)")
    #expect(Date().timeIntervalSince(start) < 8)
    let steps = try #require(try run.json()["steps"] as? Int)
    let line = try #require(run.errorLines.last)
    let begin = "about the same run again: \(CharLMRun.program) train corpus.txt --steps \(steps) --json --batch 4 "
    try #require(line.hasPrefix(begin), "\(line)")
    #expect(line.contains(" --ar ") && line.contains(" --hidden ") == (kind.first != "--init-from"))
    // The command is one that can be typed.
    let words = line.dropFirst("about the same run again: \(CharLMRun.program) ".count).split(separator: " ")
    let command = try #require(try RootCommand.parseAsRoot(words.map(String.init)) as? TrainCommand)
    #expect(command.length.steps == steps && command.training.batch == 4 && command.training.ema != nil)
  }

  @Test("a resumed run with a budget names no command: it has no settings of its own")
  func resumedBudget() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(200))
    _ = try folder.charlm(["train", "corpus.txt", "--steps", "2"] + settings)
    let run = try folder.charlm("train", "corpus.txt", "--resume", "--budget", "1s")
    #expect(run.status == 0 && !run.errors.contains("again:"), "\(run.errors)")
  }

  @Test("the command that resumes a run repeats the options of watching, saving and keeping, and no others")
  func watching() throws {
    let words = [
      "train", "a b.txt", "--log", "--log", "--batch", "4", "--report=a b.html", "--keep", "3", "--save-every=5steps",
    ]
    let command = try #require(try RootCommand.parsed(words) as? TrainCommand)
    #expect(
      command.resuming(modelPath: "m").hasSuffix(
        " train --resume --model m --log --log --report 'a b.html' --save-every 5steps --keep 3"))
  }

  @Test("a model starts from the weights of another")
  func initialModel() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(200))
    let first = try folder.charlm(
      ["train", "corpus.txt", "--steps", "20", "--model", "first.safetensors"] + settings)
    try #require(first.status == 0, "\(first.errors)")
    let second = try folder.charlm(
      "train", "corpus.txt", "--steps", "1", "--learning-rate", "1e-20", "--weight-decay", "0", "--init-from",
      "first.safetensors", "--model", "second.safetensors")
    try #require(second.status == 0, "\(second.errors)")
    #expect(try tensors(folder, "first.safetensors") == tensors(folder, "second.safetensors"))
  }
}
