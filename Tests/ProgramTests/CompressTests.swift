import Foundation
import TestSupport
import Testing

/// `charlm compress` and `charlm decompress`.
@Suite struct CompressTests {
  @Test("a file comes back, and stays meanwhile; nothing is replaced without leave")
  func files() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(300))
    let run = try folder.charlm("compress", "a.txt")
    #expect(run.status == 0 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("a.txt.charlm: compressed, "), "\(run.errors)")
    #expect(
      try folder.charlm("compress", "a.txt").errors
        == "charlm: a.txt.charlm: exists; give --force to replace it, or --output FILE\n")
    #expect(
      try folder.charlm("decompress", "a.txt.charlm").errors
        == "charlm: a.txt: exists; give --force to replace it, or --output FILE\n")
    #expect(try folder.charlm("decompress", "a.txt.charlm", "-o", "b.txt", "--quiet").errors.isEmpty)
    #expect(try folder.bytes("b.txt") == folder.bytes("a.txt"))
    #expect(try folder.charlm("compress", "a.txt", "--force").status == 0)
    let removed = try folder.charlm("decompress", "a.txt.charlm", "-f", "--rm")
    #expect(removed.status == 0 && !FileManager.default.fileExists(atPath: folder("a.txt.charlm")))
    #expect(try folder.charlm("compress", "a.txt", "--rm", "--test").status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder("a.txt")))
    #expect(try folder.charlm("decompress", "--test", "a.txt.charlm").errors.hasPrefix("a.txt.charlm: sound, "))
    #expect(!FileManager.default.fileExists(atPath: folder("a.txt")))
  }

  @Test("standard input goes to standard output, and -c does")
  func streams() throws {
    let folder = try WorkFolder()
    let text = TestCorpus.words(200)
    try folder.file("a.txt", text)
    // Compressed text is no UTF-8, so that a shell has to carry it.
    let shell = "'\(CharLMRun.program)'"
    let run = try folder.start(
      ["--version"],
      after:
        "\(shell) compress - < a.txt > one && \(shell) compress a.txt -c > two && cat two | \(shell) decompress > b.txt"
    )
    #expect(try run.finish().status == 0)
    #expect(try folder.bytes("one") == folder.bytes("two"))
    #expect(try folder.bytes("b.txt") == Array(text.utf8))
    #expect(try folder.charlm("decompress", "one", "-c").output == text)
  }

  @Test("JSON says what became of it")
  func json() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(300))
    let report = try folder.charlm("compress", "a.txt", "--json", "--quiet").json()
    let fields = [
      "file", "output", "model", "dictionary", "mix", "dynamic", "arithmetic", "bytes_in", "bytes_out", "bits_per_byte",
      "seconds", "bytes_per_second",
    ]
    #expect(Set(report.keys) == Set(fields))
    let (given, written) = (try folder.bytes("a.txt").count, try folder.bytes("a.txt.charlm").count)
    #expect(report["bytes_in"] as? Int == given && report["bytes_out"] as? Int == written)
    let bits = try #require(report["bits_per_byte"] as? Double)
    #expect(abs(bits - 8 * Double(written) / Double(given)) < 1e-9)
    #expect(report["arithmetic"] as? String == "exact counts" && report["model"] is NSNull)
    let back = try folder.charlm("decompress", "a.txt.charlm", "--test", "--json", "--quiet").json()
    #expect(back["bytes_in"] as? Int == written && back["bytes_out"] as? Int == given)
    #expect(back["bits_per_byte"] as? Double == report["bits_per_byte"] as? Double)
  }

  @Test("a model compresses in every way, and is found again under another name")
  func model() throws {
    let folder = try WorkFolder.trained()
    try folder.file("a.txt", TestCorpus.words(260) + "Ünknown — 海\n")
    for options in [[], ["--mix"], ["--dynamic"], ["--mix", "--dynamic", "--precision", "bf16"]] {
      let run = try folder.charlm(
        ["compress", "a.txt", "--model", "corpus", "-f", "--threads", "2", "--quiet"] + options)
      #expect(run.status == 0, "\(options) \(run.errors)")
      let back = try folder.charlm("decompress", "a.txt.charlm", "-o", "b.txt", "-f", "--threads", "1")
      #expect(back.status == 0 && back.errors.hasPrefix("model: models/corpus.safetensors\n"), "\(back.errors)")
      #expect(try folder.bytes("a.txt") == folder.bytes("b.txt"), "\(options)")
    }
    try FileManager.default.moveItem(
      atPath: folder("models/corpus.safetensors"), toPath: folder("models/other.safetensors"))
    #expect(try folder.charlm("decompress", "a.txt.charlm", "--test").errors.hasPrefix("model: models/other"))
    try FileManager.default.moveItem(atPath: folder("models/other.safetensors"), toPath: folder("far.safetensors"))
    let missing = try folder.charlm("decompress", "a.txt.charlm", "--test")
    #expect(missing.status == 1)
    #expect(missing.errors.hasPrefix("charlm: a.txt.charlm: was compressed with the model 'corpus' ("))
    #expect(missing.errors.hasSuffix("…); give that model with --model\n"), "\(missing.errors)")
    #expect(try folder.charlm("decompress", "a.txt.charlm", "--test", "--model", "far.safetensors").status == 0)
  }

  @Test("a dictionary makes files smaller, and is needed again")
  func dictionary() throws {
    let folder = try WorkFolder.trained()
    try folder.file("a.txt", TestCorpus.words(60))
    for (options, isModel) in [([], false), (["--model", "corpus", "--mix"], true)] {
      #expect(try folder.charlm(["compress", "a.txt", "-o", "alone", "-f"] + options).status == 0)
      let run = try folder.charlm(["compress", "a.txt", "-f", "-D", "corpus.txt", "--test"] + options)
      #expect(run.status == 0 && run.errors.contains("after reading the dictionary corpus.txt"), "\(run.errors)")
      #expect(try folder.bytes("a.txt.charlm").count < folder.bytes("alone").count - 15)
      let back = try folder.charlm(
        "decompress", "a.txt.charlm", "-o", "b.txt", "-f", "--dictionary", "corpus.txt", "--json", "--quiet")
      #expect(try back.json()["dictionary"] as? String == "corpus.txt", "\(back.errors)")
      #expect(try folder.bytes("a.txt") == folder.bytes("b.txt"))
      let before = folder.contents
      for (words, message) in [
        ([], "was compressed with the dictionary 'corpus.txt' ("),
        (["-D", "a.txt"], "was compressed with another dictionary than this one: 'corpus.txt' ("),
      ] {
        let refused = try folder.charlm(["decompress", "a.txt.charlm", "-o", "c.txt"] + words)
        #expect(refused.status == 1 && refused.errors.contains("charlm: a.txt.charlm: \(message)"), "\(refused.errors)")
        #expect(refused.errors.hasSuffix("…); give that dictionary with --dictionary\n"))
        #expect(folder.contents == before)
      }
      #expect(
        try folder.charlm(["decompress", "alone", "-o", "c.txt", "-D", "a.txt"]).errors.hasSuffix(
          "charlm: alone: was compressed without a dictionary; leave out --dictionary a.txt\n"))
      if isModel {
        let useless = try folder.charlm("compress", "a.txt", "-f", "--model", "corpus", "-D", "a.txt")
        #expect(
          useless.status == 2 && useless.errors.hasPrefix("charlm: --dictionary is for counts; "))
      }
    }
  }

  @Test("what is to be kept and removed, or tested and written, is refused, and nothing is lost")
  func contradictions() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(60))
    try #require(try folder.charlm("compress", "a.txt").status == 0)
    let before = folder.contents
    for (line, message) in [
      ("compress a.txt -k --rm -f", "--keep and --rm exclude each other; give one of them"),
      ("decompress a.txt.charlm --rm -k -f", "--keep and --rm exclude each other; give one of them"),
      ("decompress a.txt.charlm --test -o b.txt", "--test and --output exclude each other; give one of them"),
      ("decompress a.txt.charlm --test -c", "--test and --stdout exclude each other; give one of them"),
    ] {
      let run = try folder.charlm(line.split(separator: " ").map(String.init))
      #expect(run.status == 2 && run.errors.hasPrefix("charlm: " + message), "\(run.errors)")
      #expect(folder.contents == before)
    }
  }

  @Test("a line end in a file's name does not end the line that names it")
  func lineEnds() throws {
    let folder = try WorkFolder()
    try folder.file("a\nchecksum: verified.txt", TestCorpus.words(60))
    let run = try folder.charlm("compress", "a\nchecksum: verified.txt")
    #expect(run.status == 0 && run.errorLines.count == 1, "\(run.errors)")
    #expect(run.errors.hasPrefix("a\\u{A}checksum: verified.txt.charlm: compressed, "), "\(run.errors)")
  }

  @Test("a dictionary that would be removed, or is no file, is refused")
  func badDictionary() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(60))
    try FileManager.default.createSymbolicLink(atPath: folder("link.txt"), withDestinationPath: "a.txt")
    let before = folder.contents
    for (words, message) in [
      (
        ["-D", "a.txt", "--rm"],
        "--rm would remove the dictionary, a.txt, which is needed to decompress; leave out --rm"
      ),
      (["-D", "link.txt", "--rm"], "--rm would remove the dictionary, link.txt, which"),
      (["-D", "-"], "--dictionary needs the path of a file; name one"),
      (["--dictionary", ""], "--dictionary is empty; name a file, or leave it out"),
      (["-D", "."], ".: is a folder"), (["-D", "b.txt"], "b.txt: no such file"),
    ] {
      let run = try folder.charlm(["compress", "a.txt"] + words)
      #expect(run.status != 0 && run.errors.hasPrefix("charlm: " + message), "\(run.errors)")
      #expect(folder.contents == before)
    }
  }

  @Test("an interrupt ends the reading of a dictionary, and leaves nothing behind")
  func interrupted() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(60))
    try folder.file("long.txt", TestCorpus.words(600_000))
    let before = folder.contents
    let run = try folder.start(["compress", "a.txt", "-D", "long.txt"])
    run.wait(for: "to read first")
    usleep(300_000)
    run.interrupt()
    #expect(try run.finish().status == 130)
    #expect(folder.contents == before)
  }

  @Test("a damaged, cut or foreign file leaves nothing behind")
  func damage() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(100))
    _ = try folder.charlm("compress", "a.txt")
    let whole = try folder.bytes("a.txt.charlm")
    var changed = whole
    changed[whole.count / 2] ^= 16
    try folder.file("changed.charlm", changed)
    try folder.file("cut.charlm", Array(whole.dropLast(3)))
    let before = folder.contents
    for (name, message) in [
      ("changed", "changed.charlm: damaged at byte "),
      ("cut", "cut.charlm: ends too early, at byte \(whole.count - 3)"),
      ("a.txt", "a.txt: is not text that 'charlm compress' made; name a file that ends in .charlm"),
    ] {
      let run = try folder.charlm("decompress", name == "a.txt" ? name : name + ".charlm", "-o", "out")
      #expect(run.status == 1 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("charlm: " + message), "\(run.errors)")
      #expect(folder.contents == before)
    }
  }

  @Test("permissions go with a file")
  func permissions() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", "secret")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder("a.txt"))
    _ = try folder.charlm("compress", "a.txt", "--quiet")
    _ = try folder.charlm("decompress", "a.txt.charlm", "-o", "b.txt", "--quiet")
    for name in ["a.txt.charlm", "b.txt"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder(name))
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }
}
