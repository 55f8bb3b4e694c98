import Foundation
import TestSupport
import Testing

/// Corpora as people have them: folders, pipes, other encodings, many documents.
@Suite struct CorpusTests {
  private let settings = ["--steps", "3"] + TestCorpus.smallSettings
  private let french = "Tous les êtres humains naissent libres et égaux en dignité et en droits, doués de raison.\n"

  private func latin1(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

  @Test("standard input is read, and named after")
  func standardInput() throws {
    let folder = try WorkFolder()
    let run = try folder.charlm(["train", "-"] + settings, input: TestCorpus.words(300))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("corpus    -, "))
    #expect(folder.contents.contains { $0.hasPrefix("models/stdin.safetensors ") })
    let evaluation = try folder.charlm(["eval", "-", "--json"], input: TestCorpus.words(50))
    #expect(try evaluation.json()["tokens"] as? Int == TestCorpus.words(50).count - 1)
    let without = try folder.charlm(["train", "--resume", "--steps", "5"])
    #expect(without.status == 1)
    #expect(without.errors.hasPrefix("charlm: standard input: is not the text that the model was trained on (SHA-256 "))
    #expect(without.errors.hasSuffix("; pipe in the same text again\n"), "\(without.errors)")
    let resumed = try folder.charlm(["train", "--resume", "--steps", "5"], input: TestCorpus.words(300))
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  @Test("a folder's files are documents, the model is named after it, and eval finds them again")
  func folder() throws {
    let folder = try WorkFolder()
    try FileManager.default.createDirectory(atPath: folder("texts/more"), withIntermediateDirectories: true)
    for name in ["texts/b.txt", "texts/a.txt", "texts/more/c.txt", "texts/.hidden"] {
      try folder.file(name, TestCorpus.words(200))
    }
    let run = try folder.charlm(["train", "texts", "--json"] + settings)
    #expect(run.errors.contains("corpus    texts/a.txt, texts/b.txt, texts/more/c.txt, "), "\(run.errors)")
    #expect(run.errors.contains("documents 3, one per file"))
    let report = try run.json()
    #expect(report["model"] as? String == "models/texts.safetensors")
    #expect(report["corpus_bytes"] as? Int == 3 * TestCorpus.words(200).utf8.count)
    let evaluation = try folder.charlm("eval", "--json").json()
    #expect(evaluation["nats_per_token"] as? Double == report["valid_nats_stateful"] as? Double)
    let pattern = try folder.charlm(["train", "texts/*.txt", "--dry-run", "--json"] + settings)
    #expect(try pattern.json()["model"] as? String == "models/texts.safetensors", "\(pattern.errors)")
  }

  @Test("another encoding is detected, shown, kept in the model, and named by hand where it is uncertain")
  func encodings() throws {
    let folder = try WorkFolder()
    try folder.file("french.txt", latin1(String(repeating: french, count: 20)))
    let run = try folder.charlm(["train", "french.txt", "--json"] + settings)
    #expect(run.errors.contains("encoding  french.txt: iso-8859-1, detected (confidence "), "\(run.errors)")
    let tokens = try run.json()["train_tokens"] as? Int
    let info = try folder.charlm("info")
    #expect(info.output.contains(", iso-8859-1, the last 0.1 held out for validation"), "\(info.output)")
    let given = try folder.charlm(["train", "french.txt", "--encoding", "latin1", "--json"] + settings)
    #expect(!given.errors.contains("confidence"))
    #expect(try given.json()["train_tokens"] as? Int == tokens)
    try folder.file("other.txt", french)
    #expect(try folder.charlm("eval", "other.txt", "--json").json()["tokens"] as? Int == french.count - 1)
    try folder.file("few.txt", [0x61, 0x80, 0x62, 0x81, 0x0A, 0x9D, 0x63, 0xFF])
    let refused = try folder.charlm(["train", "few.txt"] + settings)
    #expect(refused.status == 1 && refused.errors.hasSuffix("; name it with --encoding NAME\n"), "\(refused.errors)")
  }

  @Test("invalid bytes are refused, replaced or kept, as told")
  func invalid() throws {
    let folder = try WorkFolder()
    let text = Array(TestCorpus.words(300).utf8)
    try folder.file("bad.txt", text + [0xFF] + text)
    let refused = try folder.charlm(["train", "bad.txt"] + settings)
    #expect(refused.status == 1 && refused.errors.contains("give --invalid replace or --invalid byte to read on"))
    for policy in ["replace", "byte"] {
      let run = try folder.charlm(["train", "bad.txt", "--invalid", policy, "--json"] + settings)
      #expect(run.status == 0, "\(run.errors)")
      let tokens = try #require(try run.json()["train_tokens"] as? Int)
      let others = try #require(try run.json()["valid_tokens"] as? Int)
      #expect(tokens + others == 2 * TestCorpus.words(300).count + 1)
      #expect(try folder.charlm("eval").status == 0)
    }
  }

  @Test("a separator splits documents, is shown, and is kept for eval and resume")
  func separator() throws {
    let folder = try WorkFolder()
    try folder.file("texts.txt", Array(repeating: TestCorpus.words(50), count: 6).joined(separator: "<|end|>\n"))
    let run = try folder.charlm(["train", "texts.txt", "--document-separator", "<|end|>\\n", "--json"] + settings)
    #expect(run.errors.contains("documents 6, separated by '<|end|>\\n'"), "\(run.errors)")
    let nats = try run.json()["valid_nats_stateful"] as? Double
    #expect(try folder.charlm("eval", "--json").json()["nats_per_token"] as? Double == nats)
    #expect(try folder.charlm("info").output.contains("documents separated by '<|end|>\\n'"))
    let resumed = try folder.charlm("train", "--resume", "--steps", "5", "--json")
    #expect(try resumed.json()["steps"] as? Int == 5, "\(resumed.errors)")
    #expect(resumed.errors.contains("documents 6"))
  }

  @Test("rare tokens of a vocabulary that is large for its corpus are spelled, with a note; nothing is unknown then")
  func fallback() throws {
    let folder = try WorkFolder()
    // The character of rank r comes 2000 / r times, so that most are rare, as in a collection of poems.
    var text = ""
    for number in 0..<2000 {
      for rank in 1...2000 where number % rank == 0 {
        text.unicodeScalars.append(Unicode.Scalar(UInt32(0x4E00 + rank)) ?? " ")
      }
      text += "。\n"
    }
    try folder.file("poems.txt", text)
    let run = try folder.charlm(["train", "poems.txt", "--json"] + settings)
    #expect(run.errors.contains(" graphemes occur fewer than ") && run.errors.contains("  spelling  "), "\(run.errors)")
    let whole = try folder.charlm(["train", "poems.txt", "--json", "--fallback", "none", "--dry-run"] + settings)
    #expect(!whole.errors.contains("spelling"))
    let (few, many) = (try run.json()["vocabulary"] as? Int ?? 0, try whole.json()["vocabulary"] as? Int ?? 0)
    #expect(few < many && few > 256, "\(few) of \(many)")
    try folder.file("other.txt", "ünknøwn 漢字 🙂 text\n")
    #expect(try folder.charlm("eval", "other.txt", "--json").json()["unknown_tokens"] as? Int == 0)
  }

  @Test("the tokens of a large corpus are written once, and taken again by train, resume and eval")
  func large() throws {
    let folder = try WorkFolder()
    let words = Array(TestCorpus.words(1000).utf8)
    try folder.file("large.txt", Array(repeating: words, count: (33 << 20) / words.count + 1).flatMap(\.self))
    let arguments = ["train", "large.txt", "--validation", "0.0001", "--cache", "cache", "--json"] + settings
    let first = try folder.charlm(arguments)
    #expect(first.errors.contains("tokens    written to cache/"), "\(first.errors)")
    let second = try folder.charlm(arguments)
    #expect(second.errors.contains("tokens    read from cache/"), "\(second.errors)")
    let nats = try first.json()["valid_nats_stateful"] as? Double
    #expect(try second.json()["valid_nats_stateful"] as? Double == nats)
    let evaluation = try folder.charlm("eval", "--cache", "cache", "--json")
    #expect(evaluation.errors.contains("read from cache/"), "\(evaluation.errors)")
    #expect(try evaluation.json()["nats_per_token"] as? Double == nats)
    let resumed = try folder.charlm("train", "--resume", "--steps", "5", "--cache", "cache")
    #expect(resumed.errors.contains("tokens    read from cache/"), "\(resumed.errors)")
  }

  @Test("where the cache cannot be written, a note says so, and training continues")
  func unwritableCache() throws {
    let folder = try WorkFolder()
    let words = Array(TestCorpus.words(1000).utf8)
    try folder.file("large.txt", Array(repeating: words, count: (33 << 20) / words.count + 1).flatMap(\.self))
    try folder.file("file", "x")
    let run = try folder.charlm(["train", "large.txt", "--validation", "0", "--cache", "file/cache"] + settings)
    #expect(run.status == 0)
    #expect(run.errors.contains("tokens    in a temporary file in "), "\(run.errors)")
    #expect(run.errors.contains("because file: is not a folder") || run.errors.contains("file/cache"), "\(run.errors)")
  }
}
