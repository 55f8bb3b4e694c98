import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// Documents from training to samples.
@Suite struct DocumentCommandTests {
  private static let names = ["anna", "bela", "cleo", "dora", "edo", "fay"]

  private static let settings = ["--hidden", "32", "--steps", "200", "--learning-rate", "0.02"]

  /// A folder with a model of names that is sure of them.
  private func trained(_ separator: String? = "\\n") throws -> (WorkFolder, CharLMRun) {
    let folder = try WorkFolder()
    let lines = (0..<400).map { Self.names[$0 * 7 % 6] }
    try folder.file("names.txt", lines.joined(separator: "\n") + "\n")
    let options = separator.map { ["--document-separator", $0] } ?? []
    let run = try folder.charlm(
      ["train"] + TestCorpus.smallSettings(with: Self.settings) + options + ["names.txt"])
    try #require(run.status == 0, "\(run.errors)")
    return (folder, run)
  }

  @Test("a model of names writes names, as many as are asked for")
  func names() throws {
    let (folder, run) = try trained()
    #expect(!run.errors.contains("looks like"))
    let sample = try folder.charlm("sample", "--documents", "10", "--random-seed", "1", "--quiet")
    let lines = sample.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 11 && lines.last == "")
    #expect(lines.dropLast().filter { Self.names.contains(String($0)) }.count >= 8)
    let seeded = try folder.charlm("sample", "--seed", "anna\\nbe", "--documents", "1", "--temperature", "0", "--quiet")
    #expect(seeded.output == "anna\nbela\n")
    let cut = try folder.charlm("sample", "--documents", "3", "--length", "2", "--random-seed", "1", "--quiet")
    #expect(cut.output.split(separator: "\n").map(\.count) == [2, 2, 2])
    let stopped = try folder.charlm("sample", "--stop", "\\n", "--random-seed", "1", "--quiet")
    #expect(!stopped.output.contains("\n") && !stopped.output.isEmpty)
  }

  @Test("eval says what each document costs, and the sum is that of the text")
  func evaluation() throws {
    let (folder, _) = try trained()
    try folder.file("other.txt", "anna\nbela\nyafo\ncleo\n")
    let report = try folder.charlm(
      "eval", "other.txt", "--documents", "--json", "--on-unknown", "skip"
    ).json()
    let documents = try #require(report["documents"] as? [[String: Any]])
    #expect(documents.map { $0["number"] as? Int } == [1, 2, 3, 4])
    #expect(documents.map { $0["beginning"] as? String } == ["anna", "bela", "yafo", "cleo"])
    let bits = documents.compactMap { $0["bits"] as? Double }
    let total =
      try #require(report["bits_per_token"] as? Double) * Double(report["tokens"] as? Int ?? 0)
    #expect(bits.count == 4 && abs(bits.reduce(0, +) - total) < 1e-3 && bits[2] == bits.max())
    let text = try folder.charlm("eval", "--documents").output
    for label in ["spread   ", "hardest  ", "easiest  "] {
      #expect(text.contains("\n" + label), "\(text)")
    }
    let (whole, _) = try trained(nil)
    let refused = try whole.charlm("eval", "--documents")
    #expect(refused.status == 1 && refused.errors.contains("was not trained on separate documents"))
  }

  @Test("several samples of documents stand side by side, and JSON lists the documents")
  func json() throws {
    let (folder, _) = try trained()
    let run = try folder.charlm(
      "sample", "--documents", "4", "--count", "2", "--random-seed", "5", "--json", "--quiet")
    let samples = try #require(try run.json()["samples"] as? [[String: Any]])
    #expect(samples.count == 2)
    for (number, sample) in samples.enumerated() {
      let documents = try #require(sample["documents"] as? [String])
      #expect(documents.count == 4)
      #expect(sample["text"] as? String == documents.map { $0 + "\n" }.joined())
      let alone = try folder.charlm("sample", "--documents", "4", "--random-seed", "\(5 + number)", "--quiet")
      #expect(alone.output == sample["text"] as? String)
    }
    let plain = try folder.charlm("sample", "--json", "--quiet").json()
    #expect((plain["samples"] as? [[String: Any]])?.first?["documents"] == nil)
  }

  @Test("a list that is trained as one text gets a proposal, and its model has no documents to write")
  func proposal() throws {
    let (folder, run) = try trained(nil)
    #expect(
      run.errorLines.contains(
        "  documents this looks like a list: --document-separator '\\n' makes each line a document, so samples know "
          + "where one ends"))
    let sample = try folder.charlm("sample", "--documents", "10")
    #expect(sample.status == 1 && sample.output.isEmpty)
    #expect(
      sample.errors
        == "charlm: models/names.safetensors was not trained on separate documents, so it cannot tell where one ends; train it "
        + "again with --document-separator '\\n' for lines, such as names, '\\n\\n' for texts between blank lines, or on a "
        + "file for each; or give --length and --count instead\n")
  }

  @Test("samples that a run shows are whole documents")
  func shown() throws {
    let folder = try WorkFolder()
    try folder.file("names.txt", (0..<400).map { Self.names[$0 * 7 % 6] + "\n" }.joined())
    let run = try folder.charlm(
      ["train", "names.txt", "--document-separator", "\\n", "--show-samples", "1"]
        + TestCorpus.smallSettings(with: Self.settings))
    let shown = run.errorLines.drop { !$0.hasPrefix("sample") }.dropFirst().prefix { $0.hasPrefix("    ") }
    #expect(shown.count > 10)
    #expect(shown.last.map { Self.names.contains($0.trimmingCharacters(in: .whitespaces)) } == true)
  }

  @Test("escapes of a text of a person's own; other backslashes stand for themselves")
  func escapes() {
    #expect(EscapedText.unescaped("a\\nb\\tc\\\\n\\section\\") == "a\nb\tc\\n\\section\\")
    #expect(EscapedText.unescaped("") == "")
  }
}

/// `charlm sample` with a shape that texts must have.
@Suite struct MatchingCommandTests {
  @Test("texts that match come a line each, different ones where that is asked for")
  func matching() throws {
    let folder = try WorkFolder()
    try folder.file("words.txt", TestCorpus.words(400))
    try #require(try folder.charlm(["train"] + TestCorpus.smallSettings(with: []) + ["words.txt"]).status == 0)
    let run = try folder.charlm(
      "sample", "--match", "[a-z]{2,5}", "--count", "6", "--distinct", "--random-seed", "1", "--temperature", "2",
      "--quiet")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 6 && Set(lines).count == 6, "\(run.output)")
    #expect(lines.allSatisfy { $0.range(of: "^[a-z]{2,5}$", options: .regularExpression) != nil })
    let json = try folder.charlm("sample", "--match", "[a-z]{3}", "--count", "2", "--json", "--quiet").json()
    #expect((json["samples"] as? [[String: Any]])?.count == 2)
    let short = try folder.charlm("sample", "--match", "k{9}", "--count", "3", "--length", "8", "--distinct", "--quiet")
    #expect(short.status == 1)
    #expect(
      short.errors
        == "charlm: --match 'k{9}': every text has at least 9 characters, and --length is 8; give a longer --length\n")
    // A grapheme may be several scalars.
    try folder.file("family.txt", String(repeating: "👨‍👩‍👧 a ", count: 200))
    let settings = ["train", "family.txt", "--model", "family.safetensors"] + TestCorpus.smallSettings(with: [])
    try #require(try folder.charlm(settings).status == 0)
    let family = try folder.charlm(
      "sample", "--model", "family.safetensors", "--match", "👨‍👩‍👧", "--length", "1", "--quiet")
    #expect(family.output == "👨‍👩‍👧", "\(family.errors)")
    let few = try folder.charlm("sample", "--match", "(?=k)[k]{9}", "--count", "3", "--length", "8", "--quiet")
    #expect(few.status == 1)
    #expect(few.errors.hasPrefix("charlm: only 0 of 60 samples match '(?=k)[k]{9}' within 8 tokens; "))
    let none = try folder.charlm("sample", "--match", "[0-9]+", "--json", "--quiet")
    #expect(none.status == 1 && none.output.isEmpty)
  }

  private func trained() throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("words.txt", TestCorpus.words(400))
    try #require(try folder.charlm(["train"] + TestCorpus.smallSettings(with: []) + ["words.txt"]).status == 0)
    return folder
  }

  @Test("texts of a grammar, the best of several, and those that a corpus does not have")
  func grammars() throws {
    let folder = try trained()
    let rule = "root ::= word (\" \" word){1,2} \".\"\nword ::= (\"ba\" | \"do\" | \"ki\"){1,2}\n"
    try folder.file("words.gbnf", rule)
    let arguments = [
      "sample", "--grammar", "words.gbnf", "--count", "5", "--random-seed", "3", "--quiet",
    ]
    let lines = try folder.charlm(arguments).output.split(separator: "\n").map(String.init)
    let shape = "^(ba|do|ki){1,2}( (ba|do|ki){1,2}){1,2}\\.$"
    #expect(
      lines.count == 5 && lines.allSatisfy { $0.range(of: shape, options: .regularExpression) != nil }, "\(lines)")

    let best = try folder.charlm(arguments + ["--best-of", "6", "--json"]).json()
    let samples = try Failure.unwrap(best["samples"] as? [[String: Any]], "\(best)")
    let plain = try folder.charlm(arguments + ["--best-of", "1", "--json"]).json()["samples"] as? [[String: Any]]
    func mean(_ samples: [[String: Any]]?) -> Double {
      (samples ?? []).compactMap { $0["mean_logprob"] as? Double }.reduce(0, +)
    }
    #expect(samples.count == 5 && mean(samples) > mean(plain))

    let beams = try folder.charlm("sample", "--grammar", "words.gbnf", "--beam", "8", "--count", "3", "--json").json()
    let texts = try Failure.unwrap(beams["samples"] as? [[String: Any]], "\(beams)")
    let means = texts.compactMap { $0["mean_logprob"] as? Double }
    #expect(
      means.count == 3 && means == means.sorted(by: >) && Set(texts.compactMap { $0["text"] as? String }).count == 3)
    #expect(texts.allSatisfy { $0["random_seed"] == nil })

    // All that the corpus has is left out, whether it is a line or the whole file.
    try folder.file("known.txt", "badoki\r\nki ki.\n" + lines[0] + "\n")
    try folder.file("whole.txt", lines[1] + "\n\n")
    let unique = try folder.charlm(arguments + ["--unique-from", "known.txt", "--unique-from", "whole.txt"])
    let others = unique.output.split(separator: "\n").map(String.init)
    #expect(others.count == 5 && !others.contains(lines[0]) && !others.contains(lines[1]), "\(unique)")
    try folder.file("two.gbnf", "root ::= \"ki\" | \"ba\"")
    try folder.file("two.txt", "ki\nba")
    let none = try folder.charlm("sample", "--grammar", "two.gbnf", "--unique-from", "two.txt", "--quiet")
    #expect(
      none.errors
        == "charlm: only 0 of 20 samples are of the grammar two.gbnf within 500 tokens and are not in two.txt; "
        + "give a higher --temperature, a longer --length, or a lower --count\n")
  }

  @Test("what is wrong with a grammar is said with its place")
  func grammarErrors() throws {
    let folder = try trained()
    try folder.file("bad.gbnf", "root ::= a\na ::= \"x\" | a \"y\"\n")
    let bad = try folder.charlm("sample", "--grammar", "bad.gbnf", "--quiet")
    #expect(bad.status == 1 && bad.output.isEmpty)
    #expect(
      bad.errors == "charlm: bad.gbnf: line 2: the rule 'a' begins with itself (a → a), which never ends; write the "
        + "repetition as item+ or at the rule's end; see llama.cpp's guide to GBNF (grammars/README.md)\n")
    let missing = try folder.charlm("sample", "--grammar", "json.gbnf", "--quiet")
    #expect(missing.errors == "charlm: json.gbnf: no such file or folder; check the path\n")
    // Its characters are not the model's.
    for options in [["--grammar", "json"], ["--grammar", "json", "--beam", "2"]] {
      let json = try folder.charlm(["sample", "--quiet"] + options)
      #expect(
        json.errors
          == "charlm: json: line 3, column 16: the model cannot write '{', which every text needs; see 'charlm "
          + "info' for the characters that the model knows\n")
    }
    let match = try folder.charlm("sample", "--match", "[a-z]+Q", "--quiet")
    #expect(match.errors.hasPrefix("charlm: --match '[a-z]+Q': line 1, column 7: the model cannot write 'Q', which "))
  }
}
