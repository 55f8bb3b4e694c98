import Foundation
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
        "  documents this looks like a list: --document-separator '\\n' makes each line a text of its own, which samples "
          + "then end"))
    let sample = try folder.charlm("sample", "--documents", "10")
    #expect(sample.status == 1 && sample.output.isEmpty)
    #expect(
      sample.errors
        == "charlm: models/names.safetensors was not trained on separate documents, so it knows no end of one; train it "
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
    let short = try folder.charlm("sample", "--match", "q", "--count", "3", "--distinct", "--quiet")
    #expect(short.status == 1)
    #expect(short.errors.hasPrefix("charlm: only 0 of 60 samples match 'q' within 500 tokens and differ; "))
    let none = try folder.charlm("sample", "--match", "[0-9]+", "--json", "--quiet")
    #expect(none.status == 1 && none.output.isEmpty)
  }
}
