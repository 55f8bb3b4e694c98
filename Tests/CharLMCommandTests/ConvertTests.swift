import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// To PyTorch's state dicts and back.
@Suite struct ConvertTests {
  @Test("a model goes out and comes back with the same loss", arguments: ["lstm", "rnn"])
  func roundTrip(_ cell: String) throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", TestCorpus.words(300))
    let train = ["train", "text.txt", "--cell", cell, "--steps", "5", "--quiet", "--unit", "scalar"]
    #expect(try folder.charlm(train + TestCorpus.smallSettings).status == 0)
    let out = try folder.charlm(
      "convert", "models/text.safetensors", "--to", "state.safetensors", "--vocabulary", "v.json")
    #expect(out.status == 0)
    #expect(out.output.isEmpty)
    let backLine = "back: charlm convert state.safetensors --model MODEL --vocabulary v.json --unit scalar"
    let nonlinearity = cell == "rnn" ? ["--nonlinearity", "tanh"] : []
    #expect(out.errorLines.last == ([backLine] + nonlinearity).joined(separator: " "))
    let expected = try folder.charlm("eval", "text.txt", "--model", "models/text.safetensors", "--json").json()
    for source in [["--vocabulary", "v.json"], ["--corpus", "text.txt"]] {
      let back = try folder.charlm(
        ["convert", "state.safetensors", "--model", "back.safetensors"] + source + nonlinearity)
      #expect(back.status == 0, "\(back.errors)")
      let found = try folder.charlm("eval", "text.txt", "--model", "back.safetensors", "--json").json()
      #expect(found["nats_per_token"] as? Double == expected["nats_per_token"] as? Double)
    }
    #expect(try folder.charlm("info", "back.safetensors").status == 0)
    let sample = try folder.charlm("sample", "--model", "back.safetensors", "--length", "5", "--quiet")
    #expect(sample.status == 0 && !sample.output.isEmpty)
  }

  @Test("what cannot be converted is refused in one line, and nothing is written")
  func refusals() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", TestCorpus.words(300))
    try folder.file("v.json", "[\"a\", \"b\"]")
    try folder.file("bad.json", "{\"a\": 1}")
    _ = try folder.charlm(["train", "text.txt", "--steps", "1", "--quiet"] + TestCorpus.smallSettings)
    _ = try folder.charlm("convert", "models/text.safetensors", "--to", "state.safetensors", "--quiet")
    for (variant, model) in [(["--layer-norm"], "normal"), (["--mogrify", "2"], "mogrified")] {
      let training = ["train", "text.txt", "--steps", "1", "--quiet", "--model", model + ".safetensors"] + variant
      #expect(try folder.charlm(training + TestCorpus.smallSettings).status == 0)
    }
    let before = folder.contents
    let cases: [(arguments: [String], status: Int32, message: String)] = [
      (
        ["convert", "state.safetensors", "--model", "m", "--vocabulary", "bad.json"], 1, "bad.json: is not a JSON array"
      ),
      (["convert", "state.safetensors", "--model", "m", "--vocabulary", "v.json"], 1, "the vocabulary 2 tokens"),
      (["convert", "normal.safetensors", "--to", "m"], 1, "uses layer normalization"),
      (["convert", "mogrified.safetensors", "--to", "m"], 1, "has mogrifier rounds"),
      (["convert", "state.safetensors", "--to", "m"], 1, "not a model of charlm"),
      (["convert", "models/text.safetensors", "--model", "m", "--corpus", "text.txt"], 1, "is a model of charlm"),
      (["convert", "state.safetensors", "--model", "m"], 2, "give --vocabulary or --corpus"),
      (["convert", "state.safetensors"], 2, "the output is missing"),
      (
        ["convert", "state.safetensors", "--to", "state.safetensors"], 2,
        "--to state.safetensors: is the model to convert; name another file"
      ),
      (["convert", "state.safetensors", "--to", "m", "--unit", "byte"], 2, "--unit has no meaning with --to"),
    ]
    for (arguments, status, message) in cases {
      let run = try folder.charlm(arguments)
      #expect(run.status == status, "\(arguments)")
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(run.errorLines.count == 1 && run.output.isEmpty)
      #expect(folder.contents == before, "\(arguments)")
    }
  }

  @Test("eval without a file says that the corpus is not known")
  func unknownCorpus() throws {
    let folder = try WorkFolder()
    try folder.file("text.txt", TestCorpus.words(300))
    _ = try folder.charlm(["train", "text.txt", "--steps", "1", "--quiet"] + TestCorpus.smallSettings)
    _ = try folder.charlm("convert", "models/text.safetensors", "--to", "s", "--vocabulary", "v.json", "--quiet")
    _ = try folder.charlm("convert", "s", "--model", "m.safetensors", "--vocabulary", "v.json", "--unit", "grapheme")
    let run = try folder.charlm("eval", "--model", "m.safetensors")
    #expect(run.status == 1)
    #expect(
      run.errors == "charlm: m.safetensors: does not record what it was trained on; name a file: charlm eval FILE\n")
  }

  @Test("the help's examples are commands")
  func help() throws {
    let examples = RootCommand.helpMessage(for: ConvertCommand.self, columns: 100).split(separator: "\n")
      .filter { $0.hasPrefix("  charlm convert ") }
    try #require(examples.count == 2)
    for example in examples {
      let arguments = example.split(separator: " ").dropFirst().map(String.init)
      #expect(throws: Never.self, "\(example)") { try RootCommand.parseAsRoot(arguments) }
    }
  }
}
