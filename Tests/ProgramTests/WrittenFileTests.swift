import Foundation
import TestSupport
import Testing

/// Files that commands write: never one that is read, never one twice, never what is no file.
@Suite struct WrittenFileTests {
  private func modelFolder() throws -> WorkFolder {
    let folder = try NothingLostTests.corpusFolder()
    let settings = ["train", "corpus.txt", "--steps", "3", "--quiet", "--log", "a.jsonl", "--model", "m.safetensors"]
    try #require(try folder.charlm(settings + TestCorpus.smallSettings).status == 0)
    let other = ["train", "corpus.txt", "--steps", "3", "--quiet", "--random-seed", "9", "--model", "n.safetensors"]
    try #require(try folder.charlm(other + TestCorpus.smallSettings).status == 0)
    try #require(
      try folder.charlm("convert", "m.safetensors", "--to", "m.st", "--vocabulary", "v.json", "--quiet").status == 0)
    for (link, target) in [("m-link", "m.safetensors"), ("v-link", "v.json"), ("log.svg", "a.jsonl")] {
      try FileManager.default.createSymbolicLink(atPath: folder(link), withDestinationPath: target)
    }
    return folder
  }

  @Test("no command writes over what it reads, or one file twice, whichever way the paths are written")
  func overwritten() throws {
    let folder = try modelFolder()
    let before = folder.contents
    for (arguments, message) in [
      (
        "convert m.safetensors --to x --vocabulary m.safetensors", "--vocabulary m.safetensors: is the model to convert"
      ),
      (
        "convert ./m.safetensors --to x --output-vocabulary m-link",
        "--output-vocabulary m-link: is the model to convert"
      ),
      ("convert m.safetensors --to m-link", "--to m-link: is the model to convert"),
      ("convert m.safetensors --to x --vocabulary ./x", "--vocabulary ./x: is the file of --to"),
      (
        "convert m.safetensors --to x --vocabulary y --output-vocabulary .//y",
        "--output-vocabulary .//y: is the file of --vocabulary"
      ),
      ("convert m.st --model v-link --vocabulary v.json", "--model v-link: is the file of --vocabulary"),
      ("convert m.st --model ./corpus.txt --corpus corpus.txt", "--model ./corpus.txt: is the corpus"),
      (
        "average m.safetensors n.safetensors --output ./n.safetensors", "--output ./n.safetensors: is one of the models"
      ),
      ("average n.safetensors m.safetensors --output m-link", "--output m-link: is one of the models"),
      ("plot a.jsonl --output log.svg", "--output log.svg: is one of the logs"),
      ("plot log.svg a.jsonl --output log.svg", "--output log.svg: is one of the logs"),
    ] {
      let run = try folder.charlm(arguments.split(separator: " ").map(String.init))
      #expect(run.status == 2 && run.errors.hasPrefix("charlm: "), "\(arguments): \(run.errors)")
      #expect(run.errors == "charlm: \(message); name another file\n", "\(run.errors)")
      #expect(folder.contents == before, "\(arguments)")
    }
  }

  @Test("one model under two names is not averaged with itself")
  func copies() throws {
    let folder = try modelFolder()
    try folder.file("copy.safetensors", try folder.bytes("m.safetensors"))
    let before = folder.contents
    for (arguments, message) in [
      ("average m.safetensors m-link", "m.safetensors and m-link are one file; name each model once"),
      (
        "average n.safetensors m.safetensors copy.safetensors --force",
        "m.safetensors and copy.safetensors hold the same model; name it once"
      ),
    ] {
      let run = try folder.charlm(arguments.split(separator: " ").map(String.init))
      #expect(run.errors == "charlm: \(message)\n")
    }
    #expect(folder.contents == before)
  }

  @Test("a plot is SVG or PNG by its name")
  func plots() throws {
    let folder = try modelFolder()
    let run = try folder.charlm("plot", "a.jsonl", "--output", "a.jpg")
    #expect(run.status == 2)
    #expect(
      run.errors == "charlm: --output a.jpg: plots are SVG or PNG; name a file that ends in .svg or .png\n")
    #expect(try folder.charlm("plot", "a.jsonl", "--output", "a.svg").status == 0)
    let png = try folder.charlm("plot", "a.jsonl", "--output", "a.png")
    if png.status == 0 {
      #expect(try folder.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    } else {
      #expect(png.errors.contains("rsvg-convert, which is not installed"), "\(png.errors)")
      #expect(!folder.contents.contains { $0.hasPrefix("a.png") })
    }
  }

  @Test("what conversions replace is kept under numbers")
  func conversions() throws {
    let folder = try modelFolder()
    let (state, vocabulary) = (try folder.bytes("m.st"), try folder.bytes("v.json"))
    for _ in 0..<2 {
      let run = try folder.charlm("convert", "n.safetensors", "--to", "m.st", "--vocabulary", "v.json")
      #expect(run.errors.contains("the existing file is kept as "), "\(run.errors)")
    }
    #expect(try folder.bytes("m.1.st") == state && folder.bytes("v.1.json") == vocabulary)
    #expect(try folder.bytes("m.2.st") == folder.bytes("m.st"))
  }

  @Test(
    "a place that cannot be written is found before training",
    arguments: [
      ("--model fifo", "fifo: is a device, pipe or socket, which is not replaced by a file; name another file"),
      (
        "--model /dev/null",
        "/dev/null: is a device, pipe or socket, which is not replaced by a file; name another file"
      ),
      ("--model circle", "circle: could not open (Too many levels of symbolic links); choose another place"),
      ("--model dangling", "dangling: is a link to a file that does not exist; name another file, or remove the link"),
      ("--model s.safetensors", "s.state: is a folder, not a file; name the files in it"),
      (
        "--report /dev/full",
        "/dev/full: is a device, pipe or socket, which is not replaced by a file; name another file"
      ),
      ("--report dangling", "dangling: is a link to a file that does not exist; name another file, or remove the link"),
    ])
  func places(_ option: String, _ message: String) throws {
    let folder = try NothingLostTests.corpusFolder()
    // Safe: the string's terminated copy lives through the call.
    #expect(unsafe mkfifo(folder("fifo"), 0o600) == 0)
    for (link, target) in [("circle", "circle"), ("dangling", "none")] {
      try FileManager.default.createSymbolicLink(atPath: folder(link), withDestinationPath: target)
    }
    try FileManager.default.createDirectory(atPath: folder("s.state"), withIntermediateDirectories: true)
    let before = folder.contents
    // So many steps that a test that trains would not end.
    let settings = ["train", "corpus.txt", "--steps", "100000000"] + TestCorpus.smallSettings
    let run = try folder.charlm(settings + option.split(separator: " ").map(String.init))
    #expect(run.status == 1 && run.errors == "charlm: \(message)\n", "\(run.errors)")
    #expect(folder.contents == before)
    #expect(!FileManager.default.fileExists(atPath: "/dev/null.state"))
  }

  @Test("a link to a model is followed, and the model it led to is kept beside that")
  func links() throws {
    let folder = try modelFolder()
    let model = try folder.bytes("m.safetensors")
    let settings = ["train", "corpus.txt", "--steps", "2", "--model", "m-link"] + TestCorpus.smallSettings
    #expect(try folder.charlm(settings).status == 0)
    #expect(try folder.bytes("m.1.safetensors") == model)
    #expect(try folder.bytes("m-link") == folder.bytes("m.safetensors"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("m-link")) == "m.safetensors")
    // The states are beside their models, so that both runs can go on.
    for model in ["m-link", "m.1.safetensors"] {
      let resumed = try folder.charlm("train", "--resume", "--model", model, "--steps", "6", "--quiet")
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    #expect(!folder.contents.contains { $0.hasPrefix("m-link.state") })
  }

  @Test("a transducer's way back from PyTorch works as it is printed")
  func wayBack() throws {
    let folder = try WorkFolder()
    try folder.file("pairs.tsv", "ab\tba\ncd\tdc\n")
    let settings = ["train", "pairs.tsv", "--pairs", "--cell", "rnn", "--steps", "1", "--quiet"]
    try #require(try folder.charlm(settings).status == 0)
    let bare = try folder.charlm("convert", "models/pairs.safetensors", "--to", "p.st", "--vocabulary", "i.json")
    #expect(
      bare.errorLines.last
        == "it does not contain the vocabularies; --vocabulary IN.json and --output-vocabulary OUT.json write them")
    let out = try folder.charlm(
      "convert", "models/pairs.safetensors", "--to", "p.st", "--vocabulary", "i.json", "--output-vocabulary", "o.json")
    let line = try #require(out.errorLines.last)
    #expect(line.hasPrefix("back: charlm convert p.st "))
    let words = line.split(separator: " ").dropFirst(2).map { $0 == "MODEL" ? "back.safetensors" : String($0) }
    #expect(try folder.charlm(words).status == 0)
    #expect(try folder.charlm("transduce", "--model", "back.safetensors", "ab").status == 0)
  }
}
