import Foundation
import TestSupport
import Testing

/// Words as tokens, and vectors for them.
@Suite struct WordUnitTests {
  @Test("a model of words trains, is measured in bytes, and writes words")
  func words() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", TestCorpus.words(600))
    let run = try folder.charlm(
      ["train", "text.txt", "--unit", "word", "--steps", "10", "--json"] + TestCorpus.smallSettings)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("words to train on"))
    let trained = try run.json()
    let evaluated = try folder.charlm("eval", "--json").json()
    #expect(evaluated["bits_per_byte"] as? Double == trained["valid_bits_per_byte"] as? Double)
    let sample = try folder.charlm("sample", "--length", "12", "--random-seed", "1", "--quiet")
    #expect(sample.status == 0 && !sample.output.isEmpty)
  }

  @Test("the embedding starts from vectors, and the number of tokens that do is shown")
  func vectors() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", String(repeating: "the boat and the bell\n", count: 40))
    try folder.file("vectors.txt", "the 1 2 3\nboat 4 5 6\ngull 7 8 9\nthe 0 0 0\n")
    let train = ["train", "text.txt", "--unit", "word", "--steps", "1", "--hidden", "8", "--batch", "2", "--bptt", "4"]
    let run = try folder.charlm(train + ["--embedding-init", "vectors.txt"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains(
        "embedding: 2 of 6 tokens start from vectors.txt (4 vectors of 3), the others at random; "
          + "1 repeated vector skipped"))
    let settings = try folder.charlm("info", "--json").json()["settings"] as? [String: Any]
    #expect(settings?["embedding"] as? Int == 3)
  }

  @Test("vectors that do not fit are refused")
  func refusals() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", String(repeating: "the boat and the bell\n", count: 40))
    try folder.file("vectors.txt", "the 1 2 3\n")
    try folder.file("bad.txt", "the 1 2 3\nboat 4 5\n")
    for (arguments, status, message) in [
      (
        ["--embedding-init", "vectors.txt", "--embedding", "4"], 1,
        "charlm: --embedding 4, but the vectors of vectors.txt have 3 dimensions; leave --embedding out\n"
      ),
      (["--embedding-init", "bad.txt"], 1, "charlm: bad.txt: line 2: 2 numbers after the token, not 3\n"),
      (
        ["--embedding-init", "vectors.txt", "--init-from", "m"], 2,
        "charlm: --embedding-init cannot be given with --init-from, which uses that model's settings; leave it out\n"
      ),
      (
        ["--embedding-init", "vectors.txt", "--resume"], 2,
        "charlm: --embedding-init cannot be given with --resume, which continues with the run's own settings; leave it out\n"
      ),
    ] as [([String], Int32, String)] {
      let run = try folder.charlm(["train", "text.txt"] + arguments)
      #expect(run.status == status)
      #expect(run.errors == message)
    }
  }
}

/// Pairs read in both directions.
@Suite struct BidirectionalTests {
  @Test("what follows decides: both directions learn it, one cannot")
  func lookingAhead() throws {
    let folder = try WorkFolder()
    // Each x becomes what comes after it.
    var (state, lines) = (UInt64(7), "")
    for _ in 0..<120 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let letters = (0..<6).map { state >> (33 + UInt64($0)) & 1 == 0 ? "a" : "b" }
      let (inputs, outputs) = (letters.map { "x" + $0 }, letters.map { $0 + $0 })
      lines += inputs.joined(separator: " ") + "\t" + outputs.joined(separator: " ") + "\n"
    }
    try folder.file("pairs.tsv", lines)
    var accuracy: [Double] = []
    for direction in [[], ["--bidirectional"]] {
      let train = ["train", "pairs.tsv", "--pairs", "--hidden", "16", "--embedding", "8", "--epochs", "60", "--quiet"]
      #expect(try folder.charlm(train + direction).status == 0)
      let report = try folder.charlm("eval", "pairs.tsv", "--json").json()
      #expect(report["words"] as? Int == 720)
      accuracy.append(try Failure.unwrap(report["word_accuracy"] as? Double, "no word_accuracy"))
    }
    #expect(accuracy[0] < 0.8)
    #expect(accuracy[1] > 0.95)
    #expect(try folder.charlm("info").output.contains("bidirectional"))
    #expect(try folder.charlm("eval", "pairs.tsv").output.contains(" words, "))
  }
}
