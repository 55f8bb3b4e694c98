import CharLMFiles
import Foundation
import TestSupport
import Testing

/// Paths that a model or a command line names, with something else than a file behind them: nothing hangs, nothing fills
/// a disk or the memory.
@Suite struct StrangersPathTests {
  @Test("a corpus that a model names is opened only if it is a regular file of the recorded size")
  func recordedPaths() throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    _ = try folder.charlm(
      ["train", "corpus.txt", "--steps", "2", "--model", "m.safetensors"] + TestCorpus.smallSettings)
    // Safe: the string's terminated copy lives through the call.
    unsafe mkfifo(folder("pipe"), 0o600)
    let whole = try Safetensors.read(path: folder("m.safetensors"))
    for (path, message) in [
      ("pipe", "pipe: is a device, pipe or socket, not a file; name another file"),
      ("/dev/zero", "/dev/zero: is a device, pipe or socket, not a file; name another file"),
      ("m.safetensors", "m.safetensors: is not the file that the model was trained on ("),
    ] {
      var file = whole
      let json = path.replacing("/", with: "\\/")
      file.metadata["training"] = file.metadata["training"]?.replacing("\"corpus.txt\"", with: "\"\(json)\"")
      try file.write(to: folder("x.safetensors"))
      let run = try folder.charlm("eval", "--model", "x.safetensors")
      #expect(run.status == 1 && run.errors.hasPrefix("charlm: " + message), "\(run.errors)")
    }
  }

  @Test(
    "devices without an end are refused by everything that reads a file",
    arguments: [
      ["info", "/dev/zero"], ["convert", "/dev/zero", "--to", "x.st"], ["plot", "/dev/zero", "--output", "x.svg"],
      ["train", "corpus.txt", "--embedding-init", "/dev/zero", "--steps", "2"], ["sample", "--seed-file", "/dev/zero"],
      ["train", "/dev/zero", "--steps", "1"], ["vocab", "/dev/zero"],
      ["convert", "m.safetensors", "--model", "y.safetensors", "--vocabulary", "/dev/zero"],
    ])
  func devices(_ arguments: [String]) throws {
    let folder = try WorkFolder()
    try folder.file("corpus.txt", TestCorpus.words(300))
    try FileManager.default.createDirectory(atPath: folder("models"), withIntermediateDirectories: true)
    _ = try folder.charlm(
      ["train", "corpus.txt", "--steps", "2", "--model", "models/m.safetensors"] + TestCorpus.smallSettings)
    _ = try folder.charlm("convert", "models/m.safetensors", "--to", "m.safetensors")
    // A gigabyte is enough for the program, and not for what such a device gives.
    let run = try folder.start(arguments, after: "ulimit -v 4000000; ulimit -f 1000000").finish()
    #expect(run.status == 1 && run.errors.hasPrefix("charlm: /dev/zero: is "), "\(run.errors)")
  }

  @Test("a pipe that begins as no model does is not read on")
  func pipe() throws {
    let folder = try WorkFolder()
    // Safe: the string's terminated copy lives through the call.
    unsafe mkfifo(folder("pipe"), 0o600)
    let run = try folder.start(["info", "pipe"], after: "(yes > pipe &)").finish()
    #expect(run.status == 1 && run.errors.contains("the header's length"), "\(run.errors)")
  }
}
