import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// `charlm score`.
@Suite struct ScoreTests {
  @Test("the figures are eval's, each token has a line of JSON, and the page is written")
  func agreement() throws {
    let folder = try WorkFolder.trained(steps: 60)
    try folder.file("text.txt", "bado kilu mésobado.\nnaso luki bado qbado\n".replacing("q", with: "do"))
    let known = try folder.charlm("eval", "text.txt", "--json").json()
    let run = try folder.charlm("score", "text.txt", "--json", "--jsonl", "s.jsonl", "--html", "s.html", "--top", "3")
    let report = try run.json()
    #expect(
      Set(report.keys) == [
        "model", "file", "tokens", "bytes", "unknown_tokens", "bits_per_token", "bits_per_byte", "words", "lines",
      ])
    for name in ["tokens", "bytes", "unknown_tokens"] {
      #expect(report[name] as? Int == known[name] as? Int, "\(name)")
    }
    let (bits, expected) = (report["bits_per_byte"] as? Double, known["bits_per_byte"] as? Double)
    #expect(abs(try #require(bits) - #require(expected)) < 1e-6)
    let words = try #require(report["words"] as? [[String: Any]])
    #expect(words.count == 3)
    for key in ["text", "line", "column", "offset", "bits", "tokens", "strength", "context", "expected", "likeliest"] {
      #expect(words[0][key] != nil, "\(key)")
    }
    let lines = try String(decoding: folder.bytes("s.jsonl"), as: UTF8.self).split(separator: "\n")
    let tokens = try lines.map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(tokens.count == 1 + (report["tokens"] as? Int ?? 0))
    let text = tokens.compactMap { $0["text"] as? String }.joined()
    #expect(text == String(decoding: try folder.bytes("text.txt"), as: UTF8.self))
    let accent = try #require(tokens.first { $0["text"] as? String == "é" })
    #expect(accent["offset"] as? Int == 11 && accent["line"] as? Int == 1 && accent["column"] as? Int == 12)
    let sum = tokens.compactMap { $0["bits"] as? Double }.reduce(0, +)
    #expect(abs(sum / Double(tokens.count - 1) - (report["bits_per_token"] as? Double ?? 0)) < 1e-9)
    #expect(String(decoding: try folder.bytes("s.html"), as: UTF8.self).hasPrefix("<!DOCTYPE html>"))
    #expect(run.errors.contains("page: s.html\n") && run.errors.contains("scores: s.jsonl\n"))
  }

  @Test("lines of JSON go to standard output alone; a pipe gets no colors; --mix costs less on what repeats itself")
  func output() throws {
    let folder = try WorkFolder.trained(steps: 60)
    try folder.file("text.txt", String(repeating: "bado kilu naso.\n", count: 30))
    let lines = try folder.charlm("score", "text.txt", "--jsonl", "-")
    #expect(lines.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"bits\":") })
    let plain = try folder.charlm("score", "text.txt")
    #expect(plain.output.contains("\nMost surprising words\n") && plain.output.contains("\nMost surprising lines\n"))
    #expect(!plain.output.contains("\u{1B}"))
    let alone = try folder.charlm("score", "text.txt", "--json").json()["bits_per_byte"] as? Double
    let mixed = try folder.charlm("score", "text.txt", "--json", "--mix").json()["bits_per_byte"] as? Double
    #expect(try #require(mixed) < #require(alone))
    #expect(
      try folder.charlm("score", "text.txt", "--mix", "--json", "--threads", "1").json()["bits_per_byte"] as? Double
        == mixed)
  }

  @Test("what goes wrong is one line, and leaves nothing behind")
  func refusals() throws {
    let folder = try WorkFolder.trained(steps: 60)
    try folder.file("text.txt", "bado Q kilu")
    let before = folder.contents
    let unknown = try folder.charlm("score", "text.txt", "--html", "s.html", "--jsonl", "s.jsonl")
    #expect(unknown.status == 1 && unknown.output.isEmpty && unknown.errorLines.count == 1)
    #expect(unknown.errors.hasSuffix("; give --on-unknown skip to leave them out\n"), "\(unknown.errors)")
    let missing = try folder.charlm("score", "tex.txt")
    #expect(
      missing.errors == "charlm: tex.txt: no such file or folder; did you mean 'text.txt'?\n", "\(missing.errors)")
    let over = try folder.charlm("score", "text.txt", "--html", "./text.txt")
    #expect(over.status == 2 && over.errors == "charlm: --html ./text.txt: is the text; name another file\n")
    let below = try folder.charlm("score", "text.txt", "--on-unknown", "skip", "--jsonl", "text.txt/s.jsonl")
    #expect(below.status == 1 && below.output.isEmpty && below.errorLines.count == 1, "\(below.errors)")
    #expect(folder.contents == before)
    let skipped = try folder.charlm("score", "text.txt", "--on-unknown", "skip", "--json").json()
    #expect(skipped["unknown_tokens"] as? Int == 1)
    let made = try folder.charlm("score", "text.txt", "--on-unknown", "skip", "--html", "new/a/s.html", "--quiet")
    #expect(made.status == 0 && made.errors.isEmpty && folder.contents.contains { $0.hasPrefix("new/a/s.html") })
  }
}
