import Foundation
import TestSupport
import Testing

/// `charlm vocab`.
@Suite struct VocabTests {
  @Test("tokens come with counts, shares and names, the most frequent first")
  func table() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", "aaabé\n\u{200D}")
    let run = try folder.charlm("vocab", "text.txt")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "7 graphemes, 5 different")
    #expect(lines[1] == "token   count    share  coverage  code points")
    #expect(lines[2] == "'a'         3  42.86 %   42.86 %  U+0061 LATIN SMALL LETTER A")
    #expect(lines[3].contains("U+000A <control-000A>"))
    #expect(lines.contains { $0.split(separator: " ") == ["Latin", "3", "5"] })
    #expect(run.output.contains("Lowercase_Letter"))
    #expect(run.output.contains("--min-count 2"))
    #expect(lines.last == "train: --unit grapheme: 5 rows")
  }

  @Test("the table is as long as it is asked to be")
  func limit() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", "abcdefghijklmnopqrstuvwxyz")
    func rows(_ options: String...) throws -> Int {
      try folder.charlm(["vocab", "text.txt"] + options).output.components(separatedBy: "LATIN SMALL LETTER").count - 1
    }
    #expect(try rows() == 20)
    #expect(try rows("--limit", "3") == 3)
    #expect(try rows("--limit", "0") == 26)
    #expect(try folder.charlm("vocab", "text.txt", "--limit", "3").output.contains("… 23 more (--limit 0 shows all)"))
    #expect(try folder.charlm("vocab", "text.txt", "--limit=-1").status == 2)
  }

  @Test("as JSON, numbers are whole and tokens exact")
  func json() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", [0x61, 0x61, 0xE4, 0x62])
    let run = try folder.charlm("vocab", "text.txt", "--json", "--invalid", "byte", "--encoding", "utf8")
    let json = try run.json()
    #expect(json["tokens"] as? Int == 4)
    #expect(json["distinct"] as? Int == 3)
    let rows = try #require(json["rows"] as? [[String: Any]])
    #expect(rows.map { $0["count"] as? Int } == [2, 1, 1])
    #expect(rows[0]["token"] as? String == "a")
    #expect(rows[0]["code_points"] as? [String] == ["U+0061"])
    #expect(rows[2]["token"] as? [String: String] == ["bytes": "e4"])
    #expect((rows[2]["coverage"] as? Double) == 1)
    let settings = try #require(json["settings"] as? [String: Any])
    #expect(settings["encoding"] as? String == "utf-8")
    #expect(settings["invalid"] as? String == "byte")
  }

  @Test("vocab shows what train would choose for a vocabulary that is large for its corpus")
  func choice() throws {
    let folder = try WorkFolder()
    let rare = (0x4E00..<0x5400).compactMap { Unicode.Scalar($0) }.map { String($0) }.joined()
    try folder.file("text.txt", rare + String(repeating: "etaoin shrdlu\n", count: 2000))
    let chosen = try folder.charlm("vocab", "text.txt", "--limit", "1").output
    #expect(
      chosen.hasSuffix(
        "train: --unit grapheme --fallback byte --min-count 10: 256 rows (1,536 of 1,550 graphemes occur fewer "
          + "than 10 times (5.2% of the text) and are spelled by their scalars and bytes)\n"),
      "\(chosen.suffix(300))")
    #expect(try folder.charlm("vocab", "text.txt", "--limit", "1", "--fallback", "byte").output == chosen)
    let scalars = try folder.charlm("vocab", "text.txt", "--limit", "1", "--fallback", "scalar").output
    #expect(scalars.contains("train: --unit grapheme --fallback scalar --min-count 10: 1,550 rows ("))
    #expect(scalars.contains(" and are spelled by their scalars)\n"), "\(scalars.suffix(300))")
    let limited = try folder.charlm("vocab", "text.txt", "--limit", "1", "--fallback", "byte", "--min-count", "1")
      .output
    #expect(limited.hasSuffix("train: --unit grapheme --fallback byte: 1,792 rows\n"), "\(limited.suffix(300))")
    let asked = try folder.charlm("vocab", "text.txt", "--limit", "1", "--fallback", "none").output
    #expect(asked.hasSuffix("train: --unit grapheme: 1,550 rows\n"))
  }
}
