import Foundation
import TestSupport
import Testing

/// What comes before and after a first training: a learning rate, another corpus.
@Suite struct FineTuningTests {
  @Test("a model continues with a corpus of more letters, and the added ones are shown")
  func extended() throws {
    let folder = try WorkFolder()
    try folder.file("first.txt", TestCorpus.words(200))
    try folder.file("second.txt", TestCorpus.words(200).split(separator: "é").joined(separator: "ü☃"))
    let first = try folder.charlm(["train", "first.txt", "--steps", "5", "--quiet"] + TestCorpus.smallSettings)
    try #require(first.status == 0, "\(first.errors)")
    let second = try folder.charlm(
      "train", "second.txt", "--steps", "5", "--init-from", "models/first.safetensors", "--json")
    try #require(second.status == 0, "\(second.errors)")
    #expect(
      second.errors.contains("  added     2 tokens that models/first.safetensors lacks: 'ü' (U+00FC")
        || second.errors.contains("  added     2 tokens that models/first.safetensors lacks: 'ü' '☃'\n"),
      "\(second.errors)")
    #expect(try second.json()["vocabulary"] as? Int == 17)
    let sample = try folder.charlm("sample", "--model", "models/second.safetensors", "--seed", "ü☃é", "--length", "3")
    #expect(sample.status == 0)
    let resumed = try folder.charlm(
      "train", "--resume", "--model", "models/second.safetensors", "--steps", "7", "--json")
    #expect(try resumed.json()["steps"] as? Int == 7)
    let same = try folder.charlm("train", "first.txt", "--steps", "1", "--init-from", "models/first.safetensors")
    #expect(!same.errors.contains("  added"))
  }

  @Test("a transducer continues with pairs of more letters")
  func pairs() throws {
    let folder = try WorkFolder()
    try folder.file("first.tsv", "ab\tba\n")
    try folder.file("second.tsv", "abc\tcb0\n")
    _ = try folder.charlm("train", "first.tsv", "--pairs", "--steps", "5")
    let second = try folder.charlm(
      "train", "second.tsv", "--pairs", "--init-from", "models/first.safetensors", "--steps", "300")
    try #require(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("  added     1 token that models/first.safetensors lacks: 'c'\n"))
    #expect(
      second.errors.contains("  added     2 tokens of the outputs that models/first.safetensors lacks: '0' 'c'\n"))
    #expect(try folder.charlm("transduce", "--model", "models/second.safetensors", "abc").output == "cb0\n")
  }

  @Test("a first model without a checksum brings a warning that damage would go unnoticed")
  func noChecksum() throws {
    let folder = try WorkFolder()
    try folder.file("first.txt", TestCorpus.words(200))
    let first = try folder.charlm(["train", "first.txt", "--steps", "2", "--quiet"] + TestCorpus.smallSettings)
    try #require(first.status == 0, "\(first.errors)")
    var bytes = try folder.bytes("models/first.safetensors")
    let key = Array("\"sha256\":\"".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
    bytes[place + 1] = UInt8(ascii: "x")
    try folder.file("plain.safetensors", bytes)
    let run = try folder.charlm("train", "first.txt", "--steps", "1", "--init-from", "plain.safetensors")
    #expect(run.status == 0)
    #expect(
      run.errors.contains(
        "warning: plain.safetensors has no checksum, so damage to its numbers would go unnoticed\n"), "\(run.errors)")
  }

  @Test("find-lr writes a picture and no model, and names a rate and the next command")
  func learningRate() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    let run = try folder.charlm(["train", "corpus.txt", "--find-lr"] + TestCorpus.smallSettings)
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("    rate    loss  (averaged over about ten steps)\n"))
    #expect(run.output.contains("\nlearning rate: "))
    #expect(
      run.errors.contains("\n  rates     150 steps, from 1e-05 to 1; picture models/corpus.find-lr.svg\n"),
      "\(run.errors)")
    #expect(!run.errors.contains("  length  ") && !run.errors.contains("  model  "))
    #expect(run.errorLines.last?.contains(" train corpus.txt --hidden 12 ") == true)
    #expect(run.errorLines.last?.contains(" --learning-rate 0.") == true)
    let names = folder.contents.map { String($0.split(separator: " ")[0]) }
    #expect(names == ["corpus.txt", "models", "models/corpus.find-lr.svg"])
    #expect(String(decoding: try folder.bytes("models/corpus.find-lr.svg"), as: UTF8.self).hasPrefix("<svg"))
    let report = try folder.charlm(["train", "corpus.txt", "--find-lr", "--json"] + TestCorpus.smallSettings).json()
    #expect(report["picture"] as? String == "models/corpus.find-lr.svg")
    #expect((report["points"] as? [Any])?.isEmpty == false)
    let rate = try #require(report["learning_rate"] as? Double)
    let quarter = try #require(report["quarter_of_minimum"] as? Double)
    #expect(abs(rate / quarter - 1) < 0.05)
    #expect(rate > 1e-4 && rate < 0.2)
  }
}
