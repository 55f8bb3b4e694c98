import CharLMFiles
import Foundation
import TestSupport
import Testing

@testable import CharLMCommand

/// Watching a run: its log, pictures, samples, TensorBoard's files, the report.
@Suite struct WatchTests {
  private func trained(_ arguments: [String], steps: Int = 60) throws -> (folder: WorkFolder, run: CharLMRun) {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(600))
    let run = try folder.charlm(
      ["train", "corpus.txt", "--steps", "\(steps)", "--json"] + TestCorpus.smallSettings + arguments)
    try #require(run.status == 0, "\(run.errors)")
    return (folder, run)
  }

  private func lines(_ folder: WorkFolder, _ name: String) throws -> [[String: Any]] {
    try text(folder, name).split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  private func text(_ folder: WorkFolder, _ name: String) throws -> String {
    String(decoding: try folder.bytes(name), as: UTF8.self)
  }

  @Test("the log begins with what the run is, ends with how it ended, and has every figure between")
  func log() throws {
    let (folder, _) = try trained(["--log", "log.jsonl", "--show-samples", "2"])
    let lines = try lines(folder, "log.jsonl")
    let first = try #require(lines.first)
    #expect(first["event"] as? String == "start" && first["parameters"] is Int && first["machine"] is [String: Any])
    let last = try #require(lines.last)
    #expect(last["event"] as? String == "end" && last["end"] as? String == "finished" && last["step"] as? Int == 60)
    let events = lines.compactMap { $0["event"] as? String }
    #expect(events == ["start", "sample", "sample", "saved", "end"])
    let points = lines.filter { $0["event"] == nil }
    #expect(points.map { $0["step"] as? Int } == [20, 38, 40, 60, 60])
    #expect(points.allSatisfy { $0["train_nats"] is Double })
    let names: Set = [
      "step", "epochs", "seconds", "train_nats", "valid_nats", "best_valid_nats", "is_best", "learning_rate",
      "gradient_norm", "gradient_norm_max", "clipped_share", "tokens_per_second", "peak_rss_mb",
    ]
    #expect(points.allSatisfy { Set($0.keys) == names })
    #expect(points.last?["valid_nats"] is Double && points.last?["is_best"] is Bool)
  }

  @Test("samples, log, report and TensorBoard change no bit of a run, and samples repeat")
  func sameBits() throws {
    let dropout = ["--dropout", "0.3", "--embedding-dropout", "0.1", "--weight-drop", "0.2"]
    let watched = try trained(
      dropout + ["--show-samples", "5", "--log", "a.jsonl", "--report", "a.html", "--tensorboard", "b"])
    let again = try trained(dropout + ["--show-samples", "5"])
    let plain = try trained(dropout)
    for name in ["models/corpus.safetensors", "models/corpus.state"] {
      let tensors = try [watched, again, plain].map { try Safetensors.read(path: $0.folder(name)).tensors }
      #expect(tensors[0] == tensors[1] && tensors[1] == tensors[2] && !tensors[0].isEmpty, "\(name)")
    }
    let shown = [watched, again].map { run in
      run.run.errorLines.drop { !$0.hasPrefix("sample at step") }.prefix {
        $0.hasPrefix("sample") || $0.hasPrefix("    ")
      }
    }
    #expect(shown[0].count > 3 && shown[0] == shown[1])
  }

  @Test("a resumed run appends to its log, and a line that was cut off spoils no other")
  func resumedLog() throws {
    let (folder, _) = try trained(["--log", "log.jsonl"])
    var bytes = try folder.bytes("log.jsonl")
    bytes += Array("{\"step\":80,\"tr".utf8)
    try folder.file("log.jsonl", bytes)
    let run = try folder.charlm("train", "corpus.txt", "--resume", "--steps", "100", "--log", "log.jsonl")
    #expect(run.status == 0, "\(run.errors)")
    let plot = try folder.charlm("plot", "log.jsonl")
    #expect(plot.errors.contains("warning: log.jsonl: line 9 cannot be read; skipped\n"), "\(plot.errors)")
    #expect(try text(folder, "log.jsonl").contains("\"event\":\"resume\""))
    #expect(try text(folder, "log.svg").contains("validation"))
  }

  @Test("plot draws beside the first log, or where it is told")
  func plot() throws {
    let (folder, _) = try trained(["--log", "one.jsonl"])
    let run = try folder.charlm("plot", "one.jsonl")
    #expect(run.status == 0 && run.output.isEmpty && run.errors == "picture: one.svg\n")
    let picture = try text(folder, "one.svg")
    #expect(picture.hasPrefix("<svg ") && picture.contains("learning rate"))
    #expect(try folder.charlm("plot", "one.jsonl", "--output", "-").output == picture)
    try folder.file("two.jsonl", try folder.bytes("one.jsonl"))
    let both = try folder.charlm("plot", "one.jsonl", "two.jsonl", "--x", "epochs", "--output", "both.svg", "--quiet")
    #expect(both.status == 0 && both.errors.isEmpty)
    #expect(try text(folder, "both.svg").contains("two, best"))
  }

  @Test(
    "plot says what is wrong with a log",
    arguments: [
      ("", 1, "charlm: a.jsonl: is empty; 'charlm train --log FILE' writes one\n"),
      ("once\n", 1, "charlm: a.jsonl: is not the log of a training run; 'charlm train --log FILE' writes one\n"),
      ("{\"event\":\"start\"}\n", 1, "charlm: a.jsonl: has no figures yet; try again in a moment\n"),
    ])
  func noLog(_ text: String, _ status: Int32, _ message: String) throws {
    let folder = try WorkFolder()
    try folder.file("a.jsonl", text)
    let run = try folder.charlm("plot", "a.jsonl")
    #expect(run.status == status && run.output.isEmpty && run.errors == message)
    #expect(folder.contents == ["a.jsonl \(text.utf8.count)"])
    #expect(try folder.charlm("plot", "b.jsonl").errors == "charlm: b.jsonl: no such file or folder; check the path\n")
    #expect(try folder.charlm("plot", "a.jsonl", "--output", "a.jsonl").status == 2)
  }

  @Test("TensorBoard's folder has one of this run, with an event file")
  func tensorboard() throws {
    let (folder, _) = try trained(["--tensorboard", "runs"])
    let files = folder.contents.filter { $0.hasPrefix("runs/corpus-") && $0.contains("/events.out.tfevents.") }
    #expect(files.count == 1)
    let size = files.first?.split(separator: " ").last.flatMap { Int($0) }
    #expect((size ?? 0) > 500)
  }

  @Test("the report holds results, picture, samples, settings and the next command")
  func report() throws {
    let (folder, run) = try trained(["--report", "report.html", "--show-samples", "2"])
    #expect(run.errors.contains("report: report.html\n"))
    let page = try text(folder, "report.html")
    for part in [
      "<h1 dir=\"auto\">corpus</h1>", "validation loss", "bits per byte", "gap", "<svg ", "temperature 0.5",
      "temperature 1",
      "Samples during training", "60 steps", "the most frequent:", "kernels",
      "sample --model models/corpus.safetensors",
      "--show-samples 2",
    ] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test("the report of pairs shows their outputs")
  func reportOfPairs() throws {
    let folder = try WorkFolder()
    try folder.file("pairs.tsv", (10..<60).map { "a\($0)\tb\($0)\n" }.joined())
    let run = try folder.charlm(
      "train", "pairs.tsv", "--pairs", "--steps", "5", "--report", "report.html", "--quiet", "--log", "a.jsonl")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let page = try text(folder, "report.html")
    #expect(page.contains("<h2>Pairs</h2>") && page.contains("<td>b59</td>"))
  }

  @Test(
    "what cannot be watched is refused before anything is made",
    arguments: [
      (["--log", "missing/a.jsonl"], 1, "charlm: --log missing/a.jsonl: there is no folder missing; create it\n"),
      (["--report", "."], 1, "charlm: --report .: is a folder; name a file in it\n"),
      (
        ["--tensorboard", "file"], 1,
        "charlm: file: is not a folder, or lies below something that is not; choose another place\n"
      ),
      (
        ["--log", "file/a.jsonl"], 1, "charlm: --log file/a.jsonl: there is no folder file; create it\n"
      ),
      (
        ["--tensorboard", ""], 2,
        "charlm: --tensorboard is empty; name a folder, or leave it out\n"
      ),
      (["--show-samples", "0"], 2, "charlm: --show-samples 0 is out of range; it must be from 1 to 100\n"),
      (["--show-samples", "2", "--pairs"], 2, "charlm: --show-samples has no meaning with --pairs; leave it out\n"),
    ])
  func refused(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(200))
    try folder.file("file", "x")
    let before = folder.contents
    let run = try folder.charlm(["train", "corpus.txt", "--steps", "3", "--hidden", "12"] + arguments)
    #expect(run.status == status && run.errors == message, "\(run.errors)")
    #expect(folder.contents == before)
  }

  @Test(
    "no file is written over one that is read, or over another one that is written",
    arguments: [
      ("--log corpus.txt", "--log corpus.txt: is the corpus"),
      ("--report ../WORK/corpus.txt", "--report ../WORK/corpus.txt: is the corpus"),
      ("--tensorboard ./corpus.txt", "--tensorboard ./corpus.txt: is the corpus"),
      ("--model link", "--model link: is the corpus"),
      ("--validation-file v.state --log v.state", "--log v.state: is the validation text"),
      ("--validation-file v.state --model v.safetensors", "the run's state v.state: is the validation text"),
      ("--init-from i.safetensors --report i.safetensors", "--report i.safetensors: is the model of --init-from"),
      ("--log models/corpus.safetensors", "--log models/corpus.safetensors: is the model"),
      ("--report models/corpus.state", "--report models/corpus.state: is the run's state"),
      ("--log a --report .//a", "--report .//a: is that of --log"),
      ("--tensorboard texts texts", "--tensorboard texts: is the corpus"),
      ("texts --log texts/more.txt", "--log texts/more.txt: is the corpus"),
      ("--find-lr --model a --validation-file a.find-lr.svg", "the picture a.find-lr.svg: is the validation text"),
    ])
  func overwritten(_ arguments: String, _ message: String) throws {
    let folder = try WorkFolder()
    for name in ["corpus.txt", "v.state", "a.find-lr.svg", "i.safetensors"] {
      try folder.file(name, TestCorpus.words(200))
    }
    try FileManager.default.createDirectory(atPath: folder("texts"), withIntermediateDirectories: true)
    try folder.file("texts/more.txt", TestCorpus.words(100))
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "corpus.txt")
    // The folder's own name, for a path that leaves it and comes back.
    let name = folder.path.split(separator: "/").last.map(String.init) ?? ""
    let named = { (text: String) in text.split(separator: "WORK", maxSplits: 1).joined(separator: name) }
    let before = folder.contents
    let run = try folder.charlm(
      ["train", "corpus.txt", "--steps", "1", "--batch", "4"]
        + named(arguments).split(separator: " ").map(String.init))
    let expected = named(message)
    #expect(run.status == 2 && run.errors == "charlm: \(expected); name another file\n", "\(run.errors)")
    #expect(folder.contents == before)
  }

  @Test("a resumed run does not write over its corpus either")
  func overwrittenOnResume() throws {
    let (folder, _) = try trained([], steps: 2)
    let before = folder.contents
    let run = try folder.charlm("train", "--resume", "--model", "models/corpus.safetensors", "--log", "./corpus.txt")
    #expect(run.status == 2 && run.errors == "charlm: --log ./corpus.txt: is the corpus; name another file\n")
    #expect(folder.contents == before)
  }

  @Test("a run that the clock or validation ends shows its last sample, too", arguments: ["--budget", "--patience"])
  func lastSample(_ end: String) throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(600))
    let length =
      end == "--budget"
      ? ["--budget", "1s"]
      : ["--patience", "1", "--schedule", "constant", "--learning-rate", "1e-9", "--steps", "2000"]
    let run = try folder.charlm(
      ["train", "corpus.txt", "--show-samples", "2", "--log", "log.jsonl"] + length + TestCorpus.smallSettings)
    try #require(run.status == 0, "\(run.errors)")
    let lines = try lines(folder, "log.jsonl")
    let samples = lines.filter { $0["event"] as? String == "sample" }
    #expect(samples.count <= 2 && samples.last?["step"] as? Int == lines.last?["step"] as? Int, "\(run.errors)")
  }

  @Test("samples are shown indented, and cannot move a terminal's cursor")
  func indented() {
    #expect(TrainingDisplay.indented("a\nb\t\u{1B}[2J\r") == "    a\n    b\t\\u{1B}[2J\\u{D}")
  }
}
