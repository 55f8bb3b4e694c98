import CharLMFiles
import TestSupport
import Testing

/// Sizes and lists without measure, on the command line and in files, are refused before they are computed with.
@Suite struct ExcessTests {
  @Test(
    "what was asked for is compared with text and memory first",
    arguments: [
      (["--steps", "1000000000", "--batch", "65536", "--bptt", "16777216"], "need 1099511627777"),
      (["--steps", "1000000000", "--batch", "65536", "--bptt", "16777216", "--dry-run"], "need 1099511627777"),
      (["--budget", "1m", "--hidden", "65536", "--layers", "1000"], "memory"),
    ])
  func sizes(_ arguments: [String], _ reason: String) throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(1500))
    let run = try folder.charlm(["train", "corpus.txt"] + arguments)
    #expect(run.status == 1 && run.errors.contains(reason), "\(run.status) \(run.errors)")
    #expect(folder.contents.allSatisfy { !$0.contains(".safetensors") }, "\(folder.contents)")
  }

  @Test("a file that begins with nothing but empty lines is a text, and no pairs")
  func emptyLines() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", String(repeating: "\n", count: 20_000) + TestCorpus.words(500))
    let run = try folder.charlm(["train", "corpus.txt", "--steps", "2"] + TestCorpus.smallSettings)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("a line without an end is refused where it is too long, and not read on")
  func endlessLine() throws {
    let folder = try WorkFolder()
    try folder.file("pairs.tsv", (1...60).map { "ab\($0)\tba\($0)\n" }.joined())
    _ = try folder.charlm(
      ["train", "pairs.tsv", "--pairs", "--steps", "2", "--quiet", "--model", "m.safetensors"]
        + ["--hidden", "4", "--embedding", "4"])
    let run = try folder.start(["transduce", "--model", "m.safetensors"], after: "exec 0</dev/zero").finish()
    #expect(run.status == 1 && run.errors.contains("line 1: more than 1.0 MB in one line"), "\(run.errors)")
  }

  @Test("a model that comes through a pipe in small pieces is read")
  func slowPipe() throws {
    let folder = try WorkFolder.trained(steps: 2)
    let model = "models/corpus.safetensors"
    let slowly = "head -c 4 \(model); sleep 0.3; tail -c +5 \(model)"
    let run = try folder.start(["info", "pipe"], after: "mkfifo pipe; ((\(slowly)) > pipe &)").finish()
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("a list or a name in a configuration that is too long is refused at once")
  func configuration() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    try folder.file("list.toml", "corpus = [\(String(repeating: "\"a\",", count: 1001))]\n")
    try folder.file("name.toml", String(repeating: "x", count: 900_000) + " = 1\n")
    let list = try folder.charlm("train", "--config", "list.toml")
    #expect(list.status == 2 && list.errors.contains("more than 1000 values"), "\(list.errors)")
    let name = try folder.charlm("train", "corpus.txt", "--config", "name.toml")
    #expect(name.status == 2, "\(name.errors.prefix(300))")
  }

  @Test("a separator of documents is a short text")
  func separator() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    let run = try folder.charlm(
      "train", "corpus.txt", "--document-separator", String(repeating: "a", count: 1001), "--steps", "1")
    #expect(run.status == 2 && run.errors.contains("more than 1000 bytes"), "\(run.errors)")
  }

  @Test("carriage returns behind a line's end do not belong to the line that is shown")
  func carriageReturns() throws {
    let folder = try WorkFolder.trained(steps: 2)
    try folder.file("text.txt", "the cat" + String(repeating: "\r", count: 75) + "\na dog\n")
    let run = try folder.charlm("score", "text.txt")
    #expect(run.status == 0 || run.status == 1, "\(run.status) \(run.errors)")
  }

  @Test("what a state has in place of a time stays within TensorBoard's folder")
  func tensorBoard() throws {
    let folder = try WorkFolder.trained(steps: 2)
    var state = try Safetensors.read(path: folder("models/corpus.state"))
    state.metadata["created"] = "x/../../escaped"
    try state.write(to: folder("models/corpus.state"))
    let run = try folder.charlm("train", "--resume", "--steps", "4", "--tensorboard", "logs/tb")
    #expect(!folder.contents.contains { $0.hasPrefix("escaped") || $0.hasPrefix("logs/escaped") }, "\(folder.contents)")
    #expect(run.status == 0 && folder.contents.contains { $0.hasPrefix("logs/tb/corpus-") }, "\(run.errors)")
  }

  @Test("a text is distilled from one model twice, and the student can be read")
  func sameTeacherTwice() throws {
    let folder = try WorkFolder.trained(steps: 2)
    let teacher = "models/corpus.safetensors"
    let run = try folder.charlm(
      "distil", teacher, teacher, "--corpus", "corpus.txt", "--steps", "2", "--hidden", "4", "--model", "s.safetensors")
    guard run.status == 0 else {
      #expect(folder.contents.allSatisfy { !$0.hasPrefix("s.safetensors") }, "\(run.errors)")
      return
    }
    #expect(try folder.charlm("info", "s.safetensors").status == 0)
  }

  @Test("a server that may open only few files says so")
  func fewFiles() throws {
    let folder = try WorkFolder.trained(steps: 2)
    let run = try folder.start(["serve", "--model", "models/corpus.safetensors", "--port", "0"], after: "ulimit -n 60")
      .finish()
    #expect(run.status == 1 && run.errors.contains("may have 60 files open"), "\(run.errors)")
  }
}
