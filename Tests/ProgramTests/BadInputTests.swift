import Foundation
import TestSupport
import Testing

/// What cannot be done: exit code 1, one line, nothing on standard output, nothing half-written.
@Suite struct BadInputTests {
  private func expectRefusal(
    _ arguments: [String], in folder: WorkFolder, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.contents
    let run = try folder.charlm(arguments)
    #expect(run.status == 1, sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(run.errors == "charlm: " + expected + "\n", sourceLocation: sourceLocation)
    #expect(folder.contents == before, sourceLocation: sourceLocation)
  }

  @Test("corpora that cannot be trained on")
  func corpora() throws {
    let folder = try WorkFolder()
    try folder.file("empty.txt", "")
    try folder.file("same.txt", String(repeating: "a", count: 5000))
    try folder.file("short.txt", "abc")
    try folder.file("bad.txt", Array(TestCorpus.words(100).utf8) + [0x0A, 0xFF, 0xFE] + Array("na so".utf8))
    try folder.file("good.txt", TestCorpus.words(100))
    try FileManager.default.createDirectory(atPath: folder("texts"), withIntermediateDirectories: true)
    try expectRefusal(
      ["train", "empty.txt"], in: folder, "empty.txt: it has no text; give a file with text in it")
    try expectRefusal(
      ["train", "same.txt"], in: folder,
      "same.txt: every token of the text is 'a': there is nothing to learn; "
        + "give a text with at least two different tokens")
    try expectRefusal(
      ["train", "short.txt"], in: folder,
      "short.txt: 2 tokens are too few, at least 8 are needed; give a longer text")
    try expectRefusal(
      ["train", "bad.txt"], in: folder,
      "bad.txt: not UTF-8 at byte 546 (line 14, column 1): 0xFF 0xFE; "
        + "give --invalid replace or --invalid byte to read on, or name the encoding with --encoding NAME")
    try expectRefusal(["train", "missing.txt"], in: folder, "missing.txt: no such file or folder; check the path")
    try expectRefusal(
      ["train", "texts"], in: folder,
      "texts: there are no files with text here (hidden files are skipped); check the path")
    try expectRefusal(
      ["train", "texts/*.md"], in: folder,
      "texts/*.md: no file matches this pattern; check the path")
    try expectRefusal(
      ["train", "good.txt", "missing.txt"], in: folder, "missing.txt: no such file or folder; check the path")
    try expectRefusal(
      ["train", "good.txt", "--batch", "50", "--bptt", "100"], in: folder,
      "50 streams of 100 tokens (batch, bptt) need 5001 training tokens, but the corpus has 460; "
        + "give a smaller --batch or --bptt, or leave both out to have them chosen")
  }

  @Test("files that are not plain text, each with how to make a text of it")
  func kinds() throws {
    let folder = try WorkFolder()
    func zip(_ name: String, _ content: String = "") -> [UInt8] {
      [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 16) + [UInt8(name.utf8.count), 0, 0, 0]
        + Array((name + content).utf8)
    }
    let files: [(name: String, bytes: [UInt8], answer: String)] = [
      (
        "a.pdf", Array("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n".utf8),
        "a PDF document, not plain text; make a text of it: pdftotext a.pdf a.txt"
      ),
      (
        // The text must not be written over the file that it is made from.
        "book.txt", Array("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n".utf8),
        "a PDF document, not plain text; make a text of it: pdftotext book.txt book-text.txt"
      ),
      (
        "my book.docx", zip("[Content_Types].xml") + zip("word/document.xml"),
        "a Word document, not plain text; save it as plain text, or: pandoc -t plain -o 'my book.txt' 'my book.docx'"
      ),
      (
        "a.odt", zip("mimetype", "application/vnd.oasis.opendocument.text"),
        "an OpenDocument file, not plain text; save it as plain text, or: pandoc -t plain -o a.txt a.odt"
      ),
      (
        "novel.txt", zip("mimetype", "application/epub+zip"),
        "an EPUB book, not plain text; make a text of it: pandoc -t plain -o novel-text.txt novel.txt"
      ),
      ("a.zip", zip("a.txt", "hi"), "an archive (zip), not plain text; unpack it, and name the folder"),
      (
        "a.rtf", Array("{\\rtf1\\ansi Hello\\par}".utf8),
        "an RTF document, not plain text; save it as plain text, or: pandoc -t plain -o a.txt a.rtf"
      ),
      (
        "a.html", Array("<!DOCTYPE html><html><head></head><body>Hello</body></html>".utf8),
        "an HTML page, not plain text; make a text of it: pandoc -t plain -o a.txt a.html; or give --encoding utf-8 to "
          + "train on its markup, too"
      ),
      ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46], "a picture, not plain text; name a text"),
      (
        "a.bz2", Array("BZh9".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        "a compressed file (bzip2), not plain text; unpack it: bzip2 -dc a.bz2 | charlm train -"
      ),
      (
        "model.safetensors", [16, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":1}        ".utf8) + [0, 0, 0, 0],
        "a file of weights (safetensors), not plain text; name a text; 'charlm info' shows what is in a model"
      ),
    ]
    for file in files { try folder.file(file.name, file.bytes) }
    for file in files { try expectRefusal(["train", file.name], in: folder, "\(file.name): is \(file.answer)") }
    try expectRefusal(
      ["train", "my bok.docx"], in: folder, "my bok.docx: no such file or folder; did you mean 'my book.docx'?")
    try expectRefusal(
      ["info", "modle.safetensors"], in: folder,
      "modle.safetensors: no such file or folder; did you mean 'model.safetensors'?")
    try expectRefusal(
      ["train", "nosuch*.txt"], in: folder, "nosuch*.txt: no file matches this pattern; check the path")
    try folder.file("cut.gz", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3])
    try expectRefusal(
      ["train", "cut.gz"], in: folder,
      "cut.gz: is cut off: its gzip data ends in the middle, after 10 bytes; copy or download it again")
  }

  @Test("places that cannot be written")
  func places() throws {
    let folder = try WorkFolder()
    try folder.file("good.txt", TestCorpus.words(100))
    try folder.file("file", "x")
    try expectRefusal(
      ["train", "good.txt", "--model", "file/model.safetensors"], in: folder,
      "file: is not a folder, or lies below something that is not; choose another place")
    try expectRefusal(
      ["train", "good.txt", "--log", "none/log.jsonl"], in: folder,
      "--log none/log.jsonl: there is no folder none; create it")
    try folder.file("models", "x")
    try expectRefusal(
      ["train", "good.txt"], in: folder,
      "models: is not a folder, or lies below something that is not; choose another place")
  }

  @Test("more memory than the machine has")
  func memory() throws {
    let folder = try WorkFolder()
    try folder.file("good.txt", TestCorpus.words(100))
    let run = try folder.charlm("train", "good.txt", "--hidden", "65536", "--layers", "64")
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("charlm: this run needs at least ") && run.errorLines.count == 1)
  }

  @Test("checkpoints that are cut or changed")
  func checkpoints() throws {
    let folder = try WorkFolder()
    try folder.file("good.txt", TestCorpus.words(100))
    let run = try folder.charlm(["train", "good.txt", "--steps", "2"] + TestCorpus.smallSettings)
    try #require(run.status == 0, "\(run.errors)")
    let bytes = try folder.bytes("models/good.safetensors")
    var changed = bytes
    changed[bytes.count - 50] ^= 1
    try folder.file("cut.safetensors", Array(bytes.dropLast(100)))
    try folder.file("changed.safetensors", changed)
    let before = folder.contents
    for command in ["sample", "eval", "info"] {
      for (name, word) in [("cut.safetensors", "cut off"), ("changed.safetensors", "damaged")] {
        let run = try folder.charlm(command == "info" ? [command, name] : [command, "--model", name])
        #expect(run.status == 1 && run.output.isEmpty && run.errorLines.count == 1, "\(command) \(name)")
        #expect(run.errors.hasPrefix("charlm: \(name): \(word)"), "\(command) \(name): \(run.errors)")
      }
    }
    #expect(folder.contents == before)
  }

  @Test("nothing to resume, nothing to read")
  func nothingThere() throws {
    let folder = try WorkFolder()
    try expectRefusal(
      ["train", "--resume", "--model", "none.safetensors"], in: folder,
      "none.state: no such file, so there is no run to resume; name its model with --model, or train without --resume")
    try expectRefusal(
      ["sample"], in: folder,
      "no language model here: there is no folder 'models'; give one with --model, or make one with 'charlm train FILE'"
    )
    try expectRefusal(["info", "none"], in: folder, "none: no such file or folder; check the path")
  }

  @Test("a corpus that changed is not evaluated on, nor resumed with")
  func changedCorpus() throws {
    let folder = try WorkFolder()
    try folder.file("good.txt", TestCorpus.words(100))
    _ = try folder.charlm(["train", "good.txt", "--steps", "2"] + TestCorpus.smallSettings)
    try folder.file("good.txt", TestCorpus.words(101))
    for arguments in [["eval"], ["train", "--resume", "--steps", "4"]] {
      let run = try folder.charlm(arguments)
      #expect(run.status == 1 && run.output.isEmpty && run.errorLines.count == 1, "\(arguments)")
      #expect(run.errors.hasPrefix("charlm: good.txt: is not the file that the model was trained on"), "\(run.errors)")
    }
    try FileManager.default.removeItem(atPath: folder("good.txt"))
    let gone = try folder.charlm("eval")
    #expect(
      gone.errors
        == "charlm: good.txt: the corpus that the model was trained on is neither in the working folder nor in '.'; "
        + "name a file: charlm eval FILE\n")
  }

  @Test("a reader that goes away ends the command without a word")
  func brokenPipe() throws {
    let folder = try WorkFolder()
    try folder.file("good.txt", TestCorpus.words(100))
    _ = try folder.charlm(["train", "good.txt", "--steps", "2"] + TestCorpus.smallSettings)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = [
      "-c", "'\(CharLMRun.program)' sample --quiet --length 100000 | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}",
    ]
    shell.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let (output, errors) = (Pipe(), Pipe())
    (shell.standardOutput, shell.standardError) = (output, errors)
    try shell.run()
    shell.waitUntilExit()
    #expect(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "0\n")
    #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
  }
}
