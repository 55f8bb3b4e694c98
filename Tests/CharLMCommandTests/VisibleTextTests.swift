import CharLMFiles
import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// What a terminal would obey never reaches it from a file.
@Suite struct VisibleTextTests {
  @Test("controls and turns of direction are escaped; line feeds and tabs stay in lines")
  func escapes() {
    #expect(
      VisibleText.line("a\u{1B}[2Jb\u{9B}c\u{7F}\r\n\t\u{202E}d\u{2066}")
        == "a\\u{1B}[2Jb\\u{9B}c\\u{7F}\\u{D}\\u{A}\\u{9}\\u{202E}d\\u{2066}")
    #expect(VisibleText.lines("é\n\tשלום\u{200F} 👩‍🚀\u{1B}") == "é\n\tשלום\u{200F} 👩‍🚀\\u{1B}")
  }

  @Test("JSON stays equal to what it was")
  func json() throws {
    let json = VisibleText.json("[\"\u{9B}\u{202E}\u{7F}é\"]")
    #expect(json == "[\"\\u009B\\u202E\\u007Fé\"]")
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == ["\u{9B}\u{202E}\u{7F}é"])
  }

  @Test("names of files, dates, paths and encodings of a model are shown escaped, by every command")
  func commands() throws {
    let folder = try WorkFolder()
    let name = "e\u{1B}]0;title\u{7}\u{202E}.txt"
    try folder.file(name, TestCorpus.words(300))
    var runs = [
      try folder.charlm(
        ["train", name, "--steps", "2", "--model", "m\u{1B}[2J.safetensors"] + TestCorpus.smallSettings)
    ]
    var file = try Safetensors.read(path: folder("m\u{1B}[2J.safetensors"))
    file.metadata["created"] = "2020\u{1B}[31m\nmodel   forged\u{202E}"
    try file.write(to: folder("x\u{1B}c.safetensors"))
    let model = "x\u{1B}c.safetensors"
    for arguments in [
      ["info", model], ["info", model, "--json"], ["eval", "--model", model],
      ["eval", name, "--model", model, "--json"],
      ["vocab", name], ["sample", "--model", model, "--length", "2", "--json"], ["info", "no\u{1B}c"],
      ["convert", model, "--to", "y\u{1B}c.st"], ["plot", name], ["average", model, "m\u{1B}[2J.safetensors"],
      ["train", name, "--find-lr", "--steps", "3"] + TestCorpus.smallSettings, ["train", name, "--dry-run"],
    ] {
      runs.append(try folder.charlm(arguments))
    }
    for run in runs {
      for scalar in (run.output + run.errors).unicodeScalars where scalar != "\n" && scalar != "\t" {
        #expect(!VisibleText.isObeyed(scalar), "\(run.output.debugDescription) \(run.errors.debugDescription)")
      }
    }
    #expect(runs[1].status == 0 && !runs[1].output.contains("\nmodel   forged"))
  }
}
