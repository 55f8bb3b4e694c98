import Foundation
import TestSupport
import Testing

/// Several models at once: means of probabilities, and of weights.
@Suite struct EnsembleTests {
  private func train(_ folder: WorkFolder, _ name: String, _ arguments: String...) throws {
    let run = try folder.charlm(
      ["train", "corpus.txt", "--model", name, "--quiet"] + TestCorpus.smallSettings(with: arguments))
    try #require(run.status == 0, "\(run.errors)")
  }

  private func corpusFolder() throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(500))
    return folder
  }

  private func nats(_ folder: WorkFolder, _ models: String...) throws -> Double {
    let run = try folder.charlm(["eval", "--json", "--quiet"] + models.flatMap { ["--model", $0] })
    return try #require(try run.json()["nats_per_token"] as? Double, "\(run.errors)")
  }

  @Test("models of different sizes and cells predict and write together")
  func ensemble() throws {
    let folder = try corpusFolder()
    try train(folder, "a.safetensors", "--steps", "60")
    try train(folder, "b.safetensors", "--steps", "60", "--cell", "gru", "--hidden", "20")
    let pair = ["--model", "a.safetensors", "--model", "b.safetensors"]
    let (a, b) = (try nats(folder, "a.safetensors"), try nats(folder, "b.safetensors"))
    let report = try folder.charlm(["eval", "--json", "--quiet"] + pair).json()
    #expect(try #require(report["nats_per_token"] as? Double) <= (a + b) / 2)
    #expect(report["models"] as? [String] == ["a.safetensors", "b.safetensors"])
    #expect(report["model"] as? String == "a.safetensors + b.safetensors")
    #expect(abs(try nats(folder, "a.safetensors", "a.safetensors") - a) < 1e-5)
    let sample = try folder.charlm(["sample", "--length", "30", "--random-seed", "1", "--json"] + pair)
    #expect(try sample.json()["models"] as? [String] == ["a.safetensors", "b.safetensors"])
    #expect(sample.errors.isEmpty)
    let cold = try folder.charlm(["eval", "corpus.txt", "--protocol", "cold256"] + pair)
    #expect(cold.status == 0 && cold.output.hasPrefix("model    a.safetensors + b.safetensors\n"))
  }

  @Test("models that do not fit together are refused in one line")
  func mismatch() throws {
    let folder = try corpusFolder()
    try train(folder, "a.safetensors", "--steps", "1")
    try train(folder, "b.safetensors", "--steps", "1", "--unit", "scalar")
    let run = try folder.charlm("sample", "--model", "a.safetensors", "--model", "b.safetensors")
    #expect(run.status == 1)
    #expect(
      run.errors
        == "charlm: a.safetensors and b.safetensors differ: the unit is grapheme in the one, scalar in the other; choose "
        + "models of the same text and settings, such as runs that differ only in --random-seed\n")
    try train(folder, "c.safetensors", "--steps", "1", "--validation", "0.2")
    let other = try folder.charlm("eval", "--model", "a.safetensors", "--model", "c.safetensors")
    #expect(
      other.errors
        == "charlm: a.safetensors and c.safetensors were not trained on the same text with the same split; name a "
        + "file: charlm eval FILE\n")
    try folder.file("pairs.tsv", "ab\tba\n")
    _ = try folder.charlm("train", "pairs.tsv", "--pairs", "--steps", "1", "--model", "t.safetensors")
    let transducer = try folder.charlm("eval", "--model", "a.safetensors", "--model", "t.safetensors")
    #expect(
      transducer.errors
        == "charlm: t.safetensors: is a transducer, but only language models can be averaged; evaluate it alone\n")
  }

  @Test("a run keeps its last models, whose mean is a model")
  func average() throws {
    let folder = try corpusFolder()
    let trained = try folder.charlm(
      ["train", "corpus.txt", "--model", "models/m.safetensors"]
        + TestCorpus.smallSettings(with: [
          "--steps", "70", "--schedule", "constant", "--keep", "2", "--validation-file", "corpus.txt", "--batch", "64",
        ]))
    try #require(trained.status == 0, "\(trained.errors)")
    let kept = folder.contents.filter { $0.contains(".step-") }.map { String($0.split(separator: " ")[0]) }
    #expect(kept.count == 2 && kept.last == "models/m.step-000070.safetensors")
    #expect(
      trained.errors.contains(
        "\naverage the last models: \(CharLMRun.program) average \(kept.joined(separator: " "))\n"), "\(trained.errors)"
    )
    // What is kept is found by its name alone.
    #expect(try folder.charlm("info").errors == "model: models/m.safetensors\n")
    let run = try folder.charlm(["average", "--json"] + kept)
    try #require(run.status == 0, "\(run.errors)")
    let report = try run.json()
    #expect(report["model"] as? String == "models/m.average.safetensors")
    #expect((report["averaged_steps"] as? [Int])?.count == 2)
    let nats = try #require(report["valid_nats_stateful"] as? Double)
    #expect(nats == (try self.nats(folder, "models/m.average.safetensors")))
    #expect(
      try folder.charlm("info", "models/m.average.safetensors").output.contains("the average of the models of steps"))
    let again = try folder.charlm(["average"] + kept)
    #expect(again.errors.contains("kept as models/m.average.1.safetensors"))
  }

  @Test("models of different runs are averaged by force alone, and without their corpus too")
  func force() throws {
    let folder = try corpusFolder()
    for seed in ["1", "2"] { try train(folder, "m\(seed).safetensors", "--steps", "2", "--random-seed", seed) }
    let refused = try folder.charlm("average", "m1.safetensors", "m2.safetensors")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("they are of different runs"))
    #expect(refused.errors.hasSuffix("or give --force if they started from the same weights\n"))
    try FileManager.default.removeItem(atPath: folder("corpus.txt"))
    let forced = try folder.charlm(
      "average", "m1.safetensors", "m2.safetensors", "--force", "--output", "mean.safetensors")
    #expect(forced.status == 0)
    #expect(forced.errorLines.first?.hasPrefix("not validated: corpus.txt: ") == true)
    #expect(try folder.charlm("info", "mean.safetensors", "--json").status == 0)
    // Whatever is wrong with the corpus: here, that it is a folder.
    try FileManager.default.createDirectory(atPath: folder("corpus.txt"), withIntermediateDirectories: true)
    let unread = try folder.charlm(
      "average", "m1.safetensors", "m2.safetensors", "--force", "--output", "other.safetensors")
    #expect(unread.status == 0, "\(unread.errors)")
    #expect(unread.errorLines.first?.hasPrefix("not validated: corpus.txt: ") == true, "\(unread.errors)")
    #expect(try folder.bytes("other.safetensors").count == folder.bytes("mean.safetensors").count)
  }
}
