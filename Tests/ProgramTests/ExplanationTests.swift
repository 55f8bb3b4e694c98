import Foundation
import TestSupport
import Testing

/// `charlm neurons`, `compare` and `novelty`.
@Suite struct ExplanationTests {
  private func trained(_ names: [String] = ["a"]) throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(1500))
    for (seed, name) in names.enumerated() {
      let run = try folder.charlm(
        [
          "train", "corpus.txt", "--steps", "\(40 + 40 * seed)", "--random-seed", "\(seed + 1)", "--quiet", "--model",
        ]
          + ["models/\(name).safetensors"] + TestCorpus.smallSettings)
      try #require(run.status == 0, "\(run.errors)")
    }
    return folder
  }

  @Test("neurons lists units by quantity, writes the page, and numbers from 1")
  func neurons() throws {
    let folder = try trained()
    try folder.file("text.txt", String(TestCorpus.words(400).suffix(2000)))
    let run = try folder.charlm("neurons", "text.txt", "--json", "--html", "n.html", "--units", "5")
    let report = try run.json()
    #expect(Set(report.keys) == ["model", "file", "tokens", "layers", "units", "quantities", "gates"])
    #expect(report["tokens"] as? Int == 2000 && report["units"] as? Int == 12)
    let quantities = try #require(report["quantities"] as? [[String: Any]])
    let names = quantities.compactMap { $0["quantity"] as? String }
    #expect(names.contains("line_position") && !names.contains("digit"), "\(names)")
    for entry in quantities {
      let units = try #require(entry["units"] as? [[String: Any]])
      #expect(units.count == 5 && units.allSatisfy { (1...12).contains($0["unit"] as? Int ?? 0) })
      let sizes = units.map { abs($0["correlation"] as? Double ?? 2) }
      #expect(sizes == sizes.sorted(by: >) && sizes[0] <= 1)
    }
    let page = String(decoding: try folder.bytes("n.html"), as: UTF8.self)
    #expect(page.split(separator: "<option value=").count == 6 && run.errors.contains("page: n.html\n"))
    let text = try folder.charlm("neurons", "text.txt").output
    #expect(text.contains("\n  position in the line ") && text.contains("\nGates\n"))
  }

  @Test("compare says how far apart two models are, and that a model does not differ from itself")
  func compare() throws {
    let folder = try trained(["a", "b"])
    try folder.file("text.txt", TestCorpus.words(300))
    let run = try folder.charlm("compare", "a", "b", "text.txt", "--json", "--html", "c.html")
    let report = try run.json()
    let figures = try ["first_bits_per_byte", "second_bits_per_byte", "difference"].map { name in
      try #require(report[name] as? Double, "\(name)")
    }
    for (name, figure) in [("a", figures[0]), ("b", figures[1])] {
      let known = try folder.charlm("eval", "text.txt", "--model", name, "--json").json()["bits_per_byte"] as? Double
      #expect(abs(try #require(known) - figure) < 1e-5, "\(name)")
    }
    #expect(abs(figures[0] - figures[1] - figures[2]) < 1e-9)
    let interval = try #require(report["interval"] as? [Double])
    #expect(interval[0] <= figures[2] && figures[2] <= interval[1])
    #expect(String(decoding: try folder.bytes("c.html"), as: UTF8.self).contains("By kind of character"))
    let same = try folder.charlm("compare", "a", "a", "text.txt")
    #expect(same.output.contains("no certain difference"), "\(same.output)")
    let ngram = try folder.charlm("compare", "b", "ngram", "text.txt")
    #expect(ngram.status == 0 && ngram.output.contains("\nBy script, in bits per byte\n"), "\(ngram.errors)")
    // The same counts under another name, and others.
    func bits(_ name: String) throws -> Double {
      try #require(
        try folder.charlm("compare", "b", name, "text.txt", "--json").json()["second_bits_per_byte"] as? Double)
    }
    let fiveGram = try bits("ngram")
    #expect(try bits("5-gram") == fiveGram)
    #expect(try bits("8-gram") != fiveGram)
    #expect(try bits("unigram") == bits("1-gram"))
  }

  @Test("compare says that models read different texts where only one of them divides it into documents")
  func comparedDocuments() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", (0..<200).map { "ana\($0 % 7)bo\n" }.joined())
    for (name, options) in [("a", []), ("d", ["--document-separator", "\\n"])] {
      let run = try folder.charlm(
        ["train", "corpus.txt", "--steps", "5", "--quiet", "--model", name] + options + TestCorpus.smallSettings)
      try #require(run.status == 0, "\(run.errors)")
    }
    try folder.file("text.txt", "bo1\nan\n")
    let compared = try folder.charlm("compare", "d", "a", "text.txt")
    #expect(compared.status == 1)
    #expect(
      compared.errorLines.last
        == "charlm: d and a have no part of text.txt in common: they read documents separated by "
        + "'\\n' and one text; choose models that were trained with the same --document-separator", "\(compared.errors)"
    )
  }

  @Test("compare refuses what cannot be compared")
  func comparisonRefusals() throws {
    let folder = try trained()
    try folder.file("text.txt", "bado kilu\n")
    let cases: [(arguments: [String], status: Int32, error: String)] = [
      (["ngram", "unigram", "text.txt"], 2, "ngram and unigram are both baselines; name a model for one of them"),
      (["a", "b", "text.txt"], 1, "b: no such file or folder; "),
      (["a", "17-gram", "text.txt"], 1, "17-gram: no such file or folder; "),
      (["a", "ngram", "-"], 2, "the text is read twice, which - (standard input) cannot be; name a file"),
      (["a", "ngram", "text.txt", "--html", "models/../text.txt"], 2, "--html models/../text.txt: is the text; "),
    ]
    for (arguments, status, error) in cases {
      let run = try folder.charlm(["compare"] + arguments)
      #expect(run.status == status && run.output.isEmpty, "\(arguments)")
      #expect(run.errors.hasPrefix("charlm: " + error) && run.errorLines.count == 1, "\(run.errors)")
    }
    try FileManager.default.removeItem(atPath: folder("corpus.txt"))
    let gone = try folder.charlm("compare", "a", "ngram", "text.txt")
    #expect(gone.status == 1 && gone.errors.contains("corpus.txt"), "\(gone.errors)")
  }

  @Test("each sample says how much of it is copied, from the model's own corpus or another")
  func sampleNovelty() throws {
    let folder = try WorkFolder.trained()
    let run = try folder.charlm(
      "sample", "--novelty", "--count", "2", "--length", "200", "--random-seed", "3", "--json",
      "--quiet")
    let samples = try #require(try run.json()["samples"] as? [[String: Any]])
    #expect(samples.count == 2, "\(run.errors)")
    for sample in samples {
      let novelty = try #require(sample["novelty"] as? [String: Any])
      let text = try #require(sample["text"] as? String)
      #expect(
        novelty["characters"] as? Int == text.unicodeScalars.count
          && novelty["longest"] as? Int ?? 0 > 1)
      let shares = try #require(novelty["shares"] as? [[String: Any]])
      #expect(shares.count == 7 && shares.allSatisfy { $0["held_out"] is Double })
    }
    // Of a corpus that has the whole sample, all of it is copied; the seed text does not count.
    let seeded = ["sample", "--seed", "badoki", "--length", "90", "--random-seed", "5", "--quiet"]
    let alone = try folder.charlm(seeded).output
    try folder.file("copy.txt", alone + String(repeating: "\nkilu.", count: 60))
    let all = try folder.charlm(seeded + ["--novelty-from", "copy.txt"])
    #expect(
      all.output.hasPrefix("--- sample 1 of 1, random seed 5, 100.0% copied, longest "),
      "\(all.output)")
    #expect(all.output.contains(alone))
    try FileManager.default.removeItem(atPath: folder("corpus.txt"))
    let gone = try folder.charlm("sample", "--novelty")
    #expect(
      gone.status == 1 && gone.errors.contains("name the text: --novelty-from CORPUS"),
      "\(gone.errors)")
  }

  @Test("novelty finds what was copied, and nothing in a text that is new")
  func novelty() throws {
    let folder = try WorkFolder()
    let corpus = TestCorpus.words(3000)
    try folder.file("corpus.txt", corpus)
    let copied = String(corpus.dropFirst(5000).prefix(300))
    try folder.file("copied.txt", "bado kilu " + copied + " naso")
    let report = try folder.charlm("novelty", "copied.txt", "--corpus", "corpus.txt", "--json", "--top", "1").json()
    #expect(report["longest"] as? Int ?? 0 >= 300)
    let shares = try #require(report["shares"] as? [[String: Any]])
    let atHundred = try #require(shares.first { $0["length"] as? Int == 100 })
    #expect(atHundred["sample"] as? Double ?? 0 > 0.9 && atHundred["held_out"] as? Double == 0)
    let passage = try #require((report["passages"] as? [[String: Any]])?.first)
    #expect(passage["file"] as? String == "corpus.txt" && passage["line"] as? Int == 1)
    let lines = corpus.prefix(5300).count { $0 == "\n" } + 1
    #expect(abs((passage["file_line"] as? Int ?? 0) - lines) <= 1)
    let text = try folder.charlm("novelty", "copied.txt", "--corpus", "corpus.txt").output
    #expect(text.contains("of the sample lies in passages of") && text.contains("\nLongest passages\n"))
    // What was held out is no memory.
    try folder.file("held.txt", String(corpus.suffix(1500)))
    let held = try folder.charlm("novelty", "held.txt", "--corpus", "corpus.txt").output
    #expect(held.contains("no more in common with the corpus than a text that was held out"), "\(held)")
    let piped = try folder.charlm(["novelty", "-", "--corpus", "corpus.txt", "--validation", "0"], input: copied)
    #expect(piped.output.contains("nothing was held out"), "\(piped.errors)")
    let missing = try folder.charlm("novelty", "copied.txt", "--corpus", "none.txt")
    #expect(missing.status == 1 && missing.errors.hasPrefix("charlm: none.txt: "), "\(missing.errors)")
  }
}
