import TestSupport
import Testing

/// Options and arguments without a value, as scripts write them whose variable is empty.
@Suite struct EmptyValueTests {
  private func folder() throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(300))
    return folder
  }

  static let refused = [
    ("train a.txt --steps 3 --log= --model=q.safetensors", "--log is empty; name a file, or leave it out"),
    ("train a.txt --steps 3 --report ''", "--report is empty; name a file, or leave it out"),
    ("train a.txt --model= --steps 3", "--model is empty; name a file, or leave it out"),
    ("train a.txt --out= --steps 3", "--model is empty; name a file, or leave it out"),
    ("train a.txt --out '' --steps 3", "--model is empty; name a file, or leave it out"),
    ("train a.txt -o ''", "--model is empty; name a file, or leave it out"),
    ("train ''", "an argument is empty; give it a name, or leave it out"),
    ("train --quiet ''", "an argument is empty; give it a name, or leave it out"),
    ("train -- ''", "an argument is empty; give it a name, or leave it out"),
    ("compare a b ''", "an argument is empty; give it a name, or leave it out"),
    ("eval a.txt -m ''", "--model is empty; name a file, or leave it out"),
    ("train a.txt --cache= --steps 3", "--cache is empty; name a folder, or leave it out"),
    ("compress a.txt --output= --force", "--output is empty; name a file, or leave it out"),
    ("compress a.txt -o= --rm", "-o is empty; name a file, or leave it out"),
    ("compress a.txt --output ''", "--output is empty; name a file, or leave it out"),
  ]

  @Test("what should name a file and is empty is refused, and takes no other word for its value", arguments: refused)
  func refusals(_ line: String, _ message: String) throws {
    let folder = try folder()
    let before = folder.contents
    let run = try folder.charlm(line.split(separator: " ").map { $0 == "''" ? "" : String($0) })
    #expect(run.status == 2 && run.errors == "charlm: \(message)\n", "\(run.errors)")
    #expect(folder.contents == before)
  }

  @Test("an empty value in a file of options is refused with its place")
  func configuration() throws {
    let folder = try folder()
    try folder.file("run.toml", "corpus = \"a.txt\"\nmodel = \"\"\nsteps = 3\n")
    let before = folder.contents
    let run = try folder.charlm("train", "--config", "run.toml")
    #expect(run.status == 2)
    #expect(run.errors == "charlm: run.toml:2: --model is empty; name a file, or leave it out\n")
    #expect(folder.contents == before)
  }

  @Test("a text may be empty, whichever way it is written", arguments: [["--seed="], ["--seed", ""]])
  func texts(_ seed: [String]) throws {
    let folder = try WorkFolder.trained(steps: 5)
    let run = try folder.charlm(["sample"] + seed + ["--length", "20", "--random-seed", "1", "--quiet"])
    #expect(run.status == 0 && !run.output.isEmpty, "\(run.errors)")
    let whole = try folder.charlm("sample", "--length", "20", "--random-seed", "1", "--quiet")
    #expect(run.output == whole.output)
  }

  @Test("standard output is no place for what must be a file")
  func streams() throws {
    let folder = try folder()
    for (words, option) in [
      (["train", "a.txt", "--log", "-"], "--log"), (["train", "a.txt", "--model", "-"], "--model"),
      (["train", "a.txt", "--report", "-"], "--report"), (["convert", "a.txt", "--to", "-"], "--to"),
    ] {
      let run = try folder.charlm(words)
      #expect(run.status == 2 && run.errors == "charlm: \(option) -: is written to a file; name one\n", "\(run.errors)")
    }
    #expect(folder.contents.count == 1)
  }
}
