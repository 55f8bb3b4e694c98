import CharLM
import Foundation
import TestSupport
import Testing

/// What a person does: train, sample, evaluate, look.
@Suite struct EndToEndTests {
  private func trained(_ arguments: [String] = []) throws -> (folder: WorkFolder, run: CharLMRun) {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(600))
    let run = try folder.charlm(
      ["train", "corpus.txt", "--steps", "40", "--json"] + TestCorpus.smallSettings + arguments)
    try #require(run.status == 0, "\(run.errors)")
    return (folder, run)
  }

  @Test("train says what it does, writes the model, and names the next command")
  func trainTalks() throws {
    let (folder, run) = try trained()
    #expect(folder.contents.map { String($0.split(separator: " ")[0]) }.contains("models/corpus.safetensors"))
    #expect(run.errorLines.first == "training")
    #expect(run.errors.contains("corpus    corpus.txt, "))
    #expect(run.errors.contains("length    40 steps"))
    #expect(run.errorLines.last == "next: \(CharLMRun.program) sample --model models/corpus.safetensors")
    let again = try folder.charlm(["train", "corpus.txt", "--steps", "2"] + TestCorpus.smallSettings)
    #expect(again.errors.contains("the existing model is kept as models/corpus.1.safetensors"))
    #expect(folder.contents.contains { $0.hasPrefix("models/corpus.1.safetensors ") })
  }

  @Test("the figures of train --json are those of eval --json, bit for bit")
  func trainEqualsEval() throws {
    let (folder, run) = try trained()
    let (train, evaluation) = (try run.json(), try folder.charlm("eval", "--json").json())
    for (name, other) in [
      ("valid_nats_stateful", "nats_per_token"), ("valid_bits_per_token", "bits_per_token"),
      ("valid_bits_per_byte", "bits_per_byte"),
    ] {
      let value = try #require(train[name] as? Double)
      #expect(value == evaluation[other] as? Double, "\(name)")
    }
    #expect(
      Set(train.keys) == [
        "model", "corpus_bytes", "train_tokens", "valid_tokens", "vocabulary", "parameters", "steps", "epochs",
        "seconds",
        "train_tokens_per_second", "train_nats", "valid_nats_stateful", "valid_bits_per_token", "valid_bits_per_byte",
        "best_step", "peak_rss_mb",
      ])
    #expect(train["steps"] as? Int == 40)
  }

  @Test("without validation its figures are null, and eval asks for a file")
  func noValidation() throws {
    let (folder, run) = try trained(["--validation", "0"])
    let report = try run.json()
    for name in ["valid_nats_stateful", "valid_bits_per_token", "valid_bits_per_byte"] {
      #expect(report[name] is NSNull, "\(name)")
    }
    let evaluation = try folder.charlm("eval")
    #expect(evaluation.status == 1)
    #expect(
      evaluation.errors
        == "charlm: models/corpus.safetensors: was trained without a validation part; name a file: charlm eval FILE\n")
  }

  @Test("eval reads a file by both protocols", arguments: Evaluation.EvaluationProtocol.allCases)
  func protocols(_ evaluationProtocol: Evaluation.EvaluationProtocol) throws {
    let (folder, _) = try trained()
    let text = TestCorpus.words(100)
    try folder.file("other.txt", text)
    let report = try folder.charlm("eval", "other.txt", "--protocol", evaluationProtocol.rawValue, "--json").json()
    #expect(
      Set(report.keys) == [
        "model", "file", "protocol", "tokens", "bytes", "graphemes", "unknown_tokens", "nats_per_token",
        "bits_per_token", "bits_per_byte", "bits_per_grapheme", "perplexity", "accuracy", "tokens_per_second",
        "baselines",
      ])
    let tokens = try #require(report["tokens"] as? Int)
    let bits = try #require(report["bits_per_token"] as? Double) * Double(tokens)
    #expect(tokens == (evaluationProtocol == .stateful ? text.count - 1 : 200 * 256))
    #expect(report["graphemes"] as? Int == tokens)
    if evaluationProtocol == .stateful { #expect(report["bytes"] as? Int == text.utf8.count - 1) }
    for (name, count) in [("bits_per_byte", "bytes"), ("bits_per_grapheme", "graphemes")] {
      let value = try #require(report[name] as? Double) * Double(try #require(report[count] as? Int))
      #expect(abs(value - bits) < 1e-6 * bits, "\(name)")
    }
  }

  @Test("eval stops at unknown characters, and skips and counts them when told")
  func unknownCharacters() throws {
    let (folder, _) = try trained()
    try folder.file("other.txt", "badokilu☃ badoki ☃lu\n")
    let refused = try folder.charlm("eval", "other.txt")
    #expect(refused.status == 1)
    #expect(
      refused.errors
        == "charlm: other.txt: 2 tokens are not in the vocabulary, the first: '☃' (U+2603 SNOWMAN) at byte 8; "
        + "give --on-unknown skip to leave them out and count them\n")
    let report = try folder.charlm("eval", "other.txt", "--on-unknown", "skip", "--json").json()
    #expect(report["unknown_tokens"] as? Int == 2)
    #expect(report["bytes"] as? Int == "badokilu badoki lu\n".utf8.count - 1)
  }

  @Test("sample prints the seed and as many tokens as asked for, the same for the same random seed")
  func sampling() throws {
    let (folder, _) = try trained()
    let arguments = ["sample", "--seed", "bado", "--length", "50", "--random-seed", "7"]
    let run = try folder.charlm(arguments)
    #expect(run.errors == "model: models/corpus.safetensors\n")
    #expect(run.output.hasPrefix("bado"))
    #expect(run.output.count == 54)
    #expect(try folder.charlm(arguments).output == run.output)
    #expect(try folder.charlm(arguments.dropLast() + ["8"]).output != run.output)
    let drawn = try folder.charlm("sample", "--length", "5")
    #expect(drawn.errorLines.count == 2 && drawn.errorLines[1].hasPrefix("random seed: "))
    #expect(drawn.output.count == 5)
    let greedy = try (1...2).map { try folder.charlm("sample", "--temperature", "0", "--random-seed", "\($0)").output }
    #expect(greedy[0] == greedy[1])
  }

  @Test("sample ends before the stop text, separates several samples, and prints JSON")
  func samplingOptions() throws {
    let (folder, _) = try trained()
    let stopped = try folder.charlm(
      "sample", "--stop", " ", "--length", "400", "--random-seed", "1", "--json", "--quiet", "--seed", "a b")
    let sample = try #require((try stopped.json()["samples"] as? [[String: Any]])?.first)
    #expect(sample["stopped"] as? Bool == true)
    #expect((sample["text"] as? String)?.dropFirst(3).contains(" ") == false)
    #expect(stopped.errors.isEmpty)
    let several = try folder.charlm("sample", "--count", "2", "--length", "4", "--random-seed", "5")
    let lines = several.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.filter { $0.hasPrefix("--- sample ") } == [
        "--- sample 1 of 2, random seed 5 ---", "--- sample 2 of 2, random seed 6 ---",
      ])
  }

  @Test("candidates: a line for each drawn token, the text below; in JSON as servers give them")
  func candidates() throws {
    let (folder, _) = try trained()
    let arguments = ["sample", "--seed", "bado", "--length", "12", "--random-seed", "7", "--quiet"]
    let plain = try folder.charlm(arguments).output
    let run = try folder.charlm(arguments + ["--show-candidates", "2"])
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let (rows, text) = (lines.prefix { !$0.isEmpty }, lines.drop { !$0.isEmpty }.dropFirst().joined(separator: "\n"))
    #expect(rows.count == 12 && text == plain, "\(run.output)")
    let shape = "^('[^']+'|U\\+[0-9A-F]+|<document>) +[0-9]+\\.[0-9]%(   ?('[^']+'|<document>) +[0-9]+\\.[0-9]%){2}$"
    for row in rows { #expect(row.range(of: shape, options: .regularExpression) != nil, "\(row)") }

    let json = try folder.charlm(arguments + ["--show-candidates", "3", "--json"]).json()
    let sample = try Failure.unwrap((json["samples"] as? [[String: Any]])?.first, "\(json)")
    let content = try Failure.unwrap(
      (sample["logprobs"] as? [String: Any])?["content"] as? [[String: Any]], "\(sample)")
    #expect(content.count == 12)
    #expect("bado" + content.compactMap { $0["token"] as? String }.joined() == sample["text"] as? String)
    for token in content {
      let top = try Failure.unwrap(token["top_logprobs"] as? [[String: Any]], "\(token)")
      let logprobs = top.compactMap { $0["logprob"] as? Double }
      #expect(logprobs.count == 3 && logprobs == logprobs.sorted(by: >))
      #expect((token["logprob"] as? Double).map { $0 <= logprobs[0] } == true)
      #expect((token["bytes"] as? [Int])?.count == (token["token"] as? String)?.utf8.count)
    }
    #expect(try folder.charlm(arguments + ["--json"]).json().keys.contains("samples"))
    let twice = try folder.charlm(arguments + ["--count", "2", "--show-candidates", "0"]).output
    #expect(twice.hasPrefix("--- sample 1 of 2, random seed 7 ---\n'"))
  }

  @Test("a seed with unknown characters is an error that names them, unless the nearest is to be taken")
  func unknownSeed() throws {
    let (folder, _) = try trained()
    let run = try folder.charlm("sample", "--seed", "bÉ☃")
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(
      run.errors
        == "charlm: the seed text: 2 tokens are not in the vocabulary, the first: 'É' (U+00C9 LATIN CAPITAL LETTER E WITH "
        + "ACUTE) at byte 1, nearest 'é'; '☃' (U+2603 SNOWMAN) at byte 3; give --on-unknown nearest to "
        + "take similar characters, or --on-unknown skip to leave them out\n")
    #expect(try folder.charlm("sample", "--seed", "bÉ", "--on-unknown", "nearest", "--length", "0").output == "bÉ")
    let skipped = try folder.charlm("sample", "--seed", "b☃a", "--on-unknown", "skip", "--length", "3")
    #expect(skipped.status == 0)
    #expect(skipped.output.hasPrefix("b☃a"))
  }

  @Test("a model of bytes prints whole scalars only", arguments: 1...8)
  func wholeScalars(_ length: Int) throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", String(repeating: "é☃", count: 200))
    let run = try folder.charlm(
      ["train", "corpus.txt", "--unit", "byte", "--steps", "90", "--learning-rate", "0.02"] + TestCorpus.smallSettings)
    try #require(run.status == 0, "\(run.errors)")
    let sample = try folder.charlm("sample", "--seed", "é", "--length", "\(length)", "--temperature", "0").output
    #expect(sample == String("é☃é☃é".prefix([1, 1, 1, 2, 2, 3, 3, 3, 4][length])))
  }

  @Test("info shows a model, as text and as JSON")
  func info() throws {
    let (folder, _) = try trained()
    let text = try folder.charlm("info").output
    #expect(text.contains("network     LSTM, 1 layer of 12, embedding 6"))
    #expect(text.contains("checksum    verified"))
    let report = try folder.charlm("info", "models/corpus.safetensors", "--json").json()
    #expect(report["kind"] as? String == "language")
    #expect((report["vocabulary"] as? [Any])?.count == 15)
  }

  @Test("dry-run writes nothing")
  func rehearsal() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    let before = folder.contents
    let run = try folder.charlm(["train", "corpus.txt", "--dry-run", "--steps", "100"] + TestCorpus.smallSettings)
    #expect(run.status == 0)
    #expect(run.output.contains("length    100 steps"))
    #expect(folder.contents == before)
  }

  @Test("dry-run reports the settings by their options, which a run then takes as they are")
  func rehearsedSettings() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    let dry = ["train", "corpus.txt", "--dry-run", "--json", "--budget", "1s"]
    let report = try folder.charlm(dry + ["--layers", "2", "--tied", "--hidden", "16", "--bptt", "8"]).json()
    let settings = try #require(report["settings"] as? [String: Any])
    #expect(settings["layers"] as? Int == 2 && settings["hidden"] as? Int == 16 && settings["tied"] as? Bool == true)
    #expect(settings["learning-rate"] as? Double ?? 0 > 0 && settings["batch"] as? Int ?? 0 > 0, "\(settings)")
    #expect(report["expected_steps"] as? Int ?? 0 > 0)
    let options = settings.filter { $0.key != "tied" }.flatMap { ["--\($0.key)", "\($0.value)"] }
    let again = try folder.charlm(dry + ["--tied"] + options).json()["settings"] as? [String: Any]
    #expect(again?.mapValues { "\($0)" } == settings.mapValues { "\($0)" })
  }

  @Test("a corpus on standard input makes models/stdin.safetensors")
  func standardInput() throws {
    let folder = try WorkFolder()
    let run = try folder.charlm(
      ["train", "-", "--steps", "3", "--json"] + TestCorpus.smallSettings, input: TestCorpus.words(200))
    #expect(try run.json()["model"] as? String == "models/stdin.safetensors")
    let evaluation = try folder.charlm("eval")
    #expect(evaluation.status == 1)
    #expect(evaluation.errors.contains("was trained on standard input"))
  }

  @Test("bench prints the peers' fields, a shape a process")
  func bench() throws {
    let folder = try WorkFolder()
    let report = try folder.charlm("bench", "--shape", "lstm-128", "--seconds", "0.05", "--threads", "1", "--json")
      .json()
    #expect(
      Set(report.keys) == [
        "peer", "shape", "threads", "bf16", "batch", "bptt", "layers", "hidden", "train_chars_per_second", "step_ms",
        "product_ms", "share_of_limit", "nominal_gflops", "sample_chars_per_second",
        "sample_float32_chars_per_second", "sample_int8_chars_per_second", "sample64_chars_per_second",
        "sample64_int8_chars_per_second", "eval_chars_per_second", "peak_rss_mb",
      ])
    let share = try #require(report["share_of_limit"] as? Double)
    #expect(share > 0)
    #expect(report["peer"] as? String == "charlm-0.1.0")
  }
}
