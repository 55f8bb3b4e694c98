import TestSupport
import Testing

/// `charlm distil`, and `charlm train --teacher`.
@Suite struct DistilTests {
  private static let sizes = [
    "--hidden", "8", "--layers", "1", "--embedding", "4", "--batch", "4", "--bptt", "16", "--threads", "1",
  ]

  private func teachers() throws -> WorkFolder {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    for seed in ["1", "2"] {
      let run = try folder.charlm(
        ["train", "corpus.txt", "--steps", "4", "--random-seed", seed, "--model", "t\(seed).safetensors"] + Self.sizes)
      try #require(run.status == 0, "\(run.errors)")
    }
    return folder
  }

  @Test("a student is trained, says by whom, and goes on where it was stopped")
  func student() throws {
    let folder = try teachers()
    let run = try folder.charlm(
      ["distil", "t1", "t2.safetensors", "--corpus", "corpus.txt", "--steps", "5", "--teacher-weight", "0.5"]
        + Self.sizes)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("  teachers  t1.safetensors, t2.safetensors; 0.5 of the loss"), "\(run.errors)")
    let model = "models/corpus.distilled.safetensors"
    let resumed = try folder.charlm(["train", "--resume", "--model", model, "--steps", "9"])
    #expect(resumed.status == 0 && resumed.errors.contains("done: 9 steps"), "\(resumed.errors)")

    let same = try folder.charlm(
      ["train", "corpus.txt", "--teacher", "t1", "--teacher", "t2", "--teacher-weight", "0.5", "--steps", "5"]
        + ["--model", "same.safetensors", "--quiet"] + Self.sizes)
    #expect(same.status == 0, "\(same.errors)")
  }

  @Test("a student reads documents as its teachers do")
  func documents() throws {
    let folder = try WorkFolder()
    try folder.file("names.txt", (0..<200).map { "ana\($0 % 7)bo\n" }.joined())
    let settings = ["--steps", "4", "--quiet"] + TestCorpus.smallSettings
    let teacher = try folder.charlm(
      ["train", "names.txt", "--document-separator", "\\n", "--model", "t.safetensors"] + settings)
    try #require(teacher.status == 0, "\(teacher.errors)")
    let student = try folder.charlm(
      ["distil", "t.safetensors", "--corpus", "names.txt", "--model", "s.safetensors"] + settings)
    try #require(student.status == 0, "\(student.errors)")
    #expect(try folder.charlm("info", "s.safetensors").output.contains("documents separated by '\\n'"))
    #expect(!(try folder.charlm("info", "s.safetensors", "--config").output.contains("document-separator")))
    let sample = try folder.charlm("sample", "--model", "s.safetensors", "--documents", "2", "--quiet")
    #expect(sample.status == 0, "\(sample.errors)")
    let other = try folder.charlm(
      ["distil", "t.safetensors", "--corpus", "names.txt", "--document-separator", " "] + settings)
    #expect(other.status == 2)
    #expect(other.errors.contains("--document-separator cannot be given with --teacher"), "\(other.errors)")
  }

  @Test(
    "what cannot be distilled is refused, with the way out",
    arguments: [
      (["t1"], "missing --corpus"),
      (["t1", "--corpus", "corpus.txt", "--model", "t1.safetensors"], "one of the teachers"),
      (["t1", "--corpus", "corpus.txt", "--unit", "byte"], "--unit cannot be given with --teacher"),
      (["t1", "--corpus", "other.txt"], "give the corpus that the teachers were trained on"),
      (["t1", "--corpus", "corpus.txt", "--teacher-weight", "2"], "it must be above 0, at most 1"),
      (["t3", "--corpus", "corpus.txt"], "t3: no such file"),
    ])
  func refused(words: [String], message: String) throws {
    let folder = try teachers()
    try folder.file("other.txt", String(repeating: "Ünßäλ 東京 ", count: 40))
    let run = try folder.charlm(["distil"] + words)
    #expect(run.status != 0 && run.errors.contains(message), "\(run.errors)")
    let alone = try folder.charlm(["train", "corpus.txt", "--teacher-weight", "0.5"])
    #expect(alone.status != 0 && alone.errors.contains("is for training with --teacher"), "\(alone.errors)")
  }
}
