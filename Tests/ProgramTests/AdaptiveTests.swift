import Foundation
import TestSupport
import Testing

/// Models that go on learning, and mixtures with counts.
@Suite struct AdaptiveTests {
  @Test("eval reports what goes on learning beside the usual figure, which stays")
  func evaluation() throws {
    let folder = try WorkFolder.trained()
    let usual = try folder.charlm("eval", "--json").json()
    let run = try folder.charlm("eval", "--dynamic", "--mix", "--json", "--threads", "2")
    let report = try run.json()
    let added = [
      "dynamic_bits_per_byte", "mix_bits_per_byte", "dynamic_mix_bits_per_byte", "dynamic_learning_rate",
      "dynamic_decay", "primed_tokens",
    ]
    #expect(Set(report.keys) == Set(usual.keys).union(added))
    func figure(_ name: String) throws -> Double { try #require(report[name] as? Double, "\(name)") }
    #expect(try figure("bits_per_byte") == usual["bits_per_byte"] as? Double)
    #expect(try figure("dynamic_bits_per_byte") < figure("bits_per_byte"))
    #expect(try figure("mix_bits_per_byte") < figure("bits_per_byte"))
    #expect(try figure("dynamic_mix_bits_per_byte") < figure("bits_per_byte"))
    #expect(try figure("dynamic_learning_rate") > 0 && figure("dynamic_decay") >= 0)
    #expect(report["primed_tokens"] as? Int ?? 0 > 5000)
    #expect(run.errors.contains("choosing how fast to learn, on the end of the training text\n"))
    for (option, name) in [("--dynamic", "dynamic_bits_per_byte"), ("--mix", "mix_bits_per_byte")] {
      let alone = try folder.charlm("eval", option, "--json", "--threads", "1").json()
      #expect(alone[name] as? Double == report[name] as? Double, "\(option)")
      #expect(alone["dynamic_mix_bits_per_byte"] == nil)
    }
    let text = try folder.charlm("eval", "--dynamic", "--mix").output
    for label in ["dynamic  ", "mix      ", "both     "] { #expect(text.contains("\n" + label), "\(text)") }
  }

  @Test(
    "with baselines, differences to the n-grams and of what goes on learning come with their bounds"
  )
  func differences() throws {
    let folder = try WorkFolder.trained()
    let report = try folder.charlm("eval", "--baselines", "--mix", "--json").json()
    let differences = try #require(report["differences"] as? [[String: Any]])
    #expect(
      differences.map { [$0["first"] as? String, $0["second"] as? String] } == [
        ["this model", "ngram"], ["this model, mix", "this model"],
      ])
    let (model, mix) = (
      report["bits_per_byte"] as? Double ?? 0, report["mix_bits_per_byte"] as? Double ?? 0
    )
    let ngram = (report["baselines"] as? [String: Double])?["ngram"] ?? 0
    for (difference, expected) in zip(differences, [model - ngram, mix - model]) {
      let value = try #require(difference["difference"] as? Double)
      let interval = try #require(difference["interval"] as? [Double])
      #expect(abs(value - expected) < 1e-3, "\(difference)")
      #expect(interval[0] <= value && value <= interval[1] && difference["lines"] as? Int ?? 0 > 10)
    }
    let text = try folder.charlm("eval", "--baselines").output
    #expect(text.contains("\ninterval ") && text.contains("this model"), "\(text)")
    let cold = try folder.charlm("eval", "--baselines", "--protocol", "cold256", "--json").json()
    #expect(cold["differences"] == nil)
  }

  @Test(
    "another text is read with what the training text taught; without it counts begin from nothing")
  func otherText() throws {
    let folder = try WorkFolder.trained()
    try folder.file("other.txt", TestCorpus.words(400))
    let primed = try folder.charlm("eval", "other.txt", "--mix", "--json").json()
    try FileManager.default.removeItem(atPath: folder("corpus.txt"))
    let run = try folder.charlm("eval", "other.txt", "--mix", "--json")
    let report = try run.json()
    #expect(report["primed_tokens"] as? Int == 0 && primed["primed_tokens"] as? Int ?? 0 > 0)
    let (bits, less) = (report["mix_bits_per_byte"] as? Double, primed["mix_bits_per_byte"] as? Double)
    #expect(try #require(less) < #require(bits))
    let refused = try folder.charlm("eval", "other.txt", "--dynamic")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(
      refused.errorLines.last
        == "charlm: corpus.txt: the corpus that the model was trained on is neither in the working folder nor in '.'; "
        + "--dynamic chooses its rates on that text; leave it out", "\(refused.errors)")
  }

  @Test("a sample of a mixture is repeated by its random seed, alone and among others, with the corpus and without")
  func sample() throws {
    let folder = try WorkFolder.trained()
    for isThere in [true, false] {
      if !isThere { try FileManager.default.removeItem(atPath: folder("corpus.txt")) }
      let arguments = [
        "sample", "--mix", "--length", "60", "--json", "--seed", "badoki", "--random-seed",
      ]
      let run = try folder.charlm(arguments + ["7", "--count", "3"])
      let samples = try #require(try run.json()["samples"] as? [[String: Any]])
      let alone = try #require(try folder.charlm(arguments + ["8"]).json()["samples"] as? [[String: Any]])
      #expect(samples.count == 3 && samples[1]["text"] as? String == alone[0]["text"] as? String)
      #expect(run.errors.contains(isThere ? "counting " : "was not found: counting only what is sampled\n"))
    }
  }

  @Test("a transducer is refused")
  func transducer() throws {
    let folder = try WorkFolder()
    try folder.file("pairs.tsv", String(repeating: "hello\tohlol\n", count: 20))
    _ = try folder.charlm("train", "pairs.tsv", "--pairs", "--steps", "1", "--model", "t.safetensors")
    let run = try folder.charlm("eval", "pairs.tsv", "--model", "t.safetensors", "--mix")
    #expect(run.status == 1)
    #expect(
      run.errors == "charlm: t.safetensors: is a transducer, but --mix is for language models; leave it out\n")
  }
}
