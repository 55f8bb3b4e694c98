import Foundation
import RecurrentNN
import TestSupport
import Testing

@testable import CharLMCommand

/// Options from a file, and the file that repeats a run.
@Suite struct ConfigurationTests {
  // MARK: The form

  private func entries(_ text: String) throws -> [ConfigurationFile.Entry] {
    try ConfigurationFile(utf8: Array(text.utf8), path: "a.toml").entries
  }

  @Test("lines of TOML are read with their places")
  func form() throws {
    let text = """
      \u{FEFF}# a comment
      hidden = 256 # another
      \tlearning-rate=2e-3
      steps = 1_000\r
      budget = "10m"
      tied = true

      stop = [ "\\n\\n", # a blank line
        'C:\\n', "\\u00e9\\U0001F600", ]
      ema = +0.5
      """
    #expect(
      try entries(text) == [
        .init(name: "hidden", value: .number("256"), line: 2),
        .init(name: "learning-rate", value: .number("2e-3"), line: 3),
        .init(name: "steps", value: .number("1000"), line: 4),
        .init(name: "budget", value: .string("10m"), line: 5),
        .init(name: "tied", value: .boolean(true), line: 6),
        .init(
          name: "stop", value: .list([.string("\n\n"), .string("C:\\n"), .string("é😀")]), line: 8),
        .init(name: "ema", value: .number("0.5"), line: 10),
      ])
    #expect(try entries("") == [] && entries("# nothing\n") == [])
  }

  static let malformed = [
    ("hidden 256", "a.toml:1: there is no = after 'hidden'; write: hidden = value"),
    ("\nhidden = \n", "a.toml:2: 'hidden' has no value; give it one, or leave the line out"),
    ("a = 1\n\na = 2", "a.toml:3: 'a' is given twice, first in line 1; give it once"),
    ("[train]", "a.toml:1: tables are not read, because a file holds the options of one command; leave the line out"),
    ("a = {b = 1}", "a.toml:1: 'a' is given a table, which no option takes; give it a value"),
    ("a = [[1]]", "a.toml:1: a list in the list of 'a' has no meaning for an option; leave it out"),
    ("a = [1\n,2", "a.toml:1: the list of 'a' has no end; close it with ]"),
    ("a = [1 2]", "a.toml:1: the values of 'a' need commas between them; write: [\"a\", \"b\"]"),
    ("a = 10m", "a.toml:1: 'a' is given 10m, which is no decimal number; a text stands in quotes: \"10m\""),
    ("a = 1 b = 2", "a.toml:1: there is more after the value of 'a'; give each option a line of its own"),
    ("a = \"b", "a.toml:1: the text of 'a' has no closing \"; close it; a line break is written as \\n"),
    ("a = \"\"\"b\"\"\"", "a.toml:1: strings of several lines are not read; write a line break as \\n"),
    (
      "a = \"\\q\"",
      "a.toml:1: the text of 'a' has a backslash before 'q', which means nothing; in '…' backslashes stand for themselves"
    ),
    ("a = \"\\uD800\"", "a.toml:1: the text of 'a' has a \\u that names no character; write it as it is"),
    ("a = \"\u{7}\"", "a.toml:1: there is a control character, U+7; remove it"),
    ("a = 1 \u{0}", "a.toml:1: there is a control character, U+0; remove it"),
    ("# \u{1B}[2J", "a.toml:1: there is a control character, U+1B; remove it"),
    ("= 1", "a.toml:1: a line begins with an option's name, without quotation marks; write: option = value"),
    ("a\r= 1", "a.toml:1: a carriage return stands alone; remove it"),
  ]

  @Test("what is of another form is refused, with its place", arguments: malformed)
  func refused(_ text: String, _ message: String) {
    let failure = #expect(throws: CommandFailure.self) { try entries(text) }
    #expect(failure?.line == "charlm: \(message)\n" && failure?.exitCode == 2)
  }

  @Test("deep nesting, a file of one line and bytes that are no text are refused without harm")
  func hostile() throws {
    #expect(throws: CommandFailure.self) { try entries("a = " + String(repeating: "[", count: 1_000_000)) }
    #expect(try entries("a = \"" + String(repeating: "x", count: 1_000_000) + "\"").count == 1)
    #expect(throws: CommandFailure.self) { try ConfigurationFile(utf8: [0xFF, 0xFE, 0], path: "a.toml") }
    let folder = try WorkFolder()
    try folder.file("huge.toml", String(repeating: "# x\n", count: 1 << 19))
    let run = try folder.charlm(["sample", "--config", "huge.toml"])
    #expect(run.status == 1 && run.errors.contains("huge.toml"), "\(run.errors)")
  }

  /// What files are made of, and what is not allowed in them.
  private static let pieces = [
    "hidden = 256", "stop = [\"a\", 'b']", "\n", "\r\n", "\r", "=", "[", "]", "{", ",", "\"", "'", "\\", "\\u00e9",
    "\\UFFFFFFFF", "#", " ", "\t", "true", "1_0", "1e999", "-.", "é", "\u{301}", "\u{FEFF}", "\u{202E}", "\u{85}", "\0",
    "\u{1B}", "a", "-",
  ].map { Array($0.utf8) }

  @Test("files made of pieces at random are read, the same again when written, or refused with their place")
  func randomFiles() throws {
    var random = SeededGenerator(seed: 1)
    var (readCount, refusedCount) = (0, 0)
    for _ in 0..<20_000 {
      var bytes = Array("hidden = 8 # first\nstop = ['x', \"y\\n\"]\ntied = true\n".utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...6, using: &random))
        let piece = Self.pieces.randomElement(using: &random) ?? []
        bytes.replaceSubrange(start..<end, with: Int.random(in: 0..<8, using: &random) == 0 ? [0xC3] : piece)
      }
      do {
        let entries = try ConfigurationFile(utf8: bytes, path: "a.toml").entries
        readCount += 1
        #expect(Set(entries.map(\.name)).count == entries.count)
        let lines = entries.map(\.line)
        #expect(lines == lines.sorted() && lines.allSatisfy { 1...(bytes.count { $0 == 0x0A } + 1) ~= $0 })
        let written = entries.map { ConfigurationText.line($0.name, $0.value) + "\n" }.joined()
        let again = try self.entries(written)
        #expect(again.map(\.name) == entries.map(\.name) && again.map(\.value) == entries.map(\.value), "\(written)")
      } catch let failure as CommandFailure {
        refusedCount += 1
        #expect(failure.line.hasPrefix("charlm: a.toml:") && failure.exitCode == 2)
        let shown = failure.line.dropLast().unicodeScalars
        #expect(!shown.contains { $0.properties.generalCategory == .control || $0 == "\u{202E}" }, "\(failure.line)")
      }
    }
    #expect(readCount > 1000 && refusedCount > 1000)
  }

  // MARK: The merge

  private func words(_ line: String, _ file: String) throws -> [String] {
    let folder = try WorkFolder()
    try folder.file("c.toml", file)
    let words = line.replacing("c.toml", with: folder("c.toml")).split(separator: " ").map(String.init)
    return try #require(try ConfiguredWords(words)).words
  }

  static let merged = [
    ("train --config c.toml", "corpus = [\"a.txt\", \"-b\"]\nhidden = 8", "train a.txt ./-b --hidden=8"),
    ("train b.txt --config c.toml", "corpus = \"a.txt\"\nhidden = 8", "train --hidden=8 b.txt"),
    ("train b.txt --hidden 9 --config=c.toml", "hidden = 8\nlayers = 2", "train --layers=2 b.txt --hidden 9"),
    ("train b.txt --nhid 9 --config c.toml", "hidden = 8", "train b.txt --hidden 9"),
    ("train b.txt --steps 9 --config c.toml", "epochs = 3\nbatch = 4", "train --batch=4 b.txt --steps 9"),
    ("train b.txt --config c.toml", "tied = true\npairs = false", "train --tied b.txt"),
    ("sample --config c.toml", "stop = [\"a\", \"b\"]\nseed = \"-x\"", "sample --stop=a --stop=b --seed=-x"),
    ("sample --stop c --config c.toml", "stop = [\"a\", \"b\"]", "sample --stop c"),
    ("sample --config c.toml --seed --config", "temperature = 0.5", "sample --temperature=0.5 --seed --config"),
    ("distil t --config c.toml", "corpus = \"a.txt\"", "distil --corpus=a.txt t"),
  ]

  @Test("the command line wins over the file", arguments: merged)
  func merge(_ line: String, _ file: String, _ expected: String) throws {
    #expect(try words(line, file).joined(separator: " ") == expected)
  }

  @Test("a command line without the option is as it was")
  func without() throws {
    #expect(try ConfiguredWords(["train", "a.txt", "--hidden", "8"]) == nil)
    #expect(try ConfiguredWords(["sample", "--seed", "--config"]) == nil)
  }

  static let unfit = [
    ("data = \"b.txt\"", "c.toml:1: there is no option 'data'; did you mean 'corpus'?"),
    ("hiden = 8", "c.toml:1: there is no option 'hiden'; did you mean 'hidden'?"),
    ("\nbatch_size = 8", "c.toml:2: there is no option 'batch_size'; did you mean 'batch'?"),
    ("config = \"d.toml\"", "c.toml:1: there is no option 'config'; see 'charlm help train'"),
    ("tied = 1", "c.toml:1: 'tied' is given the number 1, but is on or off; write true or false"),
    ("hidden = true", "c.toml:1: 'hidden' is given true, but takes a value; give it one"),
    ("hidden = [8]", "c.toml:1: 'hidden' is given a list, but takes one value; give it one"),
    ("teacher = [true]", "c.toml:1: the list of 'teacher' has true or false in it; give it texts"),
    ("steps = 4\nhidden = -8", "c.toml:2: --hidden -8 is out of range; it must be from 1 to 65536"),
    (
      "layers = 1\nhidden = 1.5",
      "c.toml:2: the value '1.5' is invalid for '--hidden <number>'; see 'charlm train --help'"
    ),
    (
      "layers = 1\nhidden = \"8\"",
      "c.toml:2: 'hidden' is given a text, but takes a number; leave out the quotation marks"
    ),
    (
      "log = 5", "c.toml:1: 'log' is given the number 5, but names a file; a name stands in quotes: \"5\""
    ),
    (
      "corpus = [\"a.txt\", 5]",
      "c.toml:1: the list of 'corpus' has the number 5 in it; a name stands in quotes: \"5\""
    ),
    ("epochs = 1\nsteps = 2", "c.toml:1: --epochs and --steps exclude each other; give one of them"),
  ]

  @Test("what does not fit the command is refused, with file, line and option", arguments: unfit)
  func refusal(_ file: String, _ expected: String) throws {
    let folder = try WorkFolder()
    try folder.file("c.toml", file)
    try folder.file("a.txt", TestCorpus.words(50))
    let run = try folder.charlm(["train", "a.txt", "--config", "c.toml"])
    #expect(run.errors == "charlm: \(expected)\n" && run.status == 2 && run.output.isEmpty)
  }

  @Test("a file that is not there, is a folder, or is named twice")
  func files() throws {
    let folder = try WorkFolder()
    let missing = try folder.charlm(["train", "a.txt", "--config", "none.toml"])
    #expect(missing.errors.hasPrefix("charlm: none.toml: no such file") && missing.status == 1)
    let twice = try folder.charlm(["train", "a.txt", "--config", "a", "--config", "b"])
    #expect(twice.errors == "charlm: --config is given twice; put the options in one file\n" && twice.status == 2)
  }

  // MARK: Repeating a run

  static let runs: [[String]] = [
    ["--steps", "12", "--hidden", "24", "--batch", "4", "--bptt", "16", "--random-seed", "5", "--dropout", "0.2"],
    ["--epochs", "1.5", "--hidden", "16", "--cell", "gru", "--unit", "byte", "--validation", "0.2", "--clip", "0.5"],
    ["--steps", "9", "--cell", "rnn", "--nonlinearity", "relu", "--optimizer", "sgd", "--momentum", "0.5", "--tied"],
    ["--steps", "7", "--optimizer", "adam", "--weight-decay", "0", "--warmup", "0", "--hidden", "16"],
    ["--steps", "8", "--document-separator", "\\n", "--fallback", "byte", "--min-count", "2", "--bptt-jitter"],
  ]

  @Test("the configuration of a model repeats its run, to the last bit", arguments: runs)
  func repeats(_ options: [String]) throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(400))
    let first = try folder.charlm(["train", "a.txt", "--model", "first.safetensors", "--threads", "1"] + options)
    try #require(first.status == 0, "\(first.errors)")
    let configuration = try folder.charlm(["info", "first.safetensors", "--config"])
    #expect(configuration.status == 0 && configuration.errors.isEmpty)
    try folder.file("run.toml", configuration.output)
    let second = try folder.charlm(["train", "--config", "run.toml", "--model", "second.safetensors", "--threads", "1"])
    try #require(second.status == 0, "\(second.errors)\n\(configuration.output)")
    #expect(
      try folder.charlm(["info", "second.safetensors", "--config"]).output
        .replacing("second.safetensors", with: "first.safetensors") == configuration.output)
    // Whatever the files say of when they were made: the weights are the same.
    for name in ["first", "second"] {
      #expect(try folder.charlm(["convert", "\(name).safetensors", "--to", "\(name).dict"]).status == 0)
    }
    let dicts = try ["first.dict", "second.dict"].map { try Data(contentsOf: URL(fileURLWithPath: folder($0))) }
    #expect(dicts[0] == dicts[1])
  }

  @Test("the configuration of a run that a clock ended, began with another model, or learned pairs")
  func kinds() throws {
    let folder = try WorkFolder()
    try folder.file("a.txt", TestCorpus.words(400))
    try folder.file("p.tsv", String(repeating: "hello\tohlol\nabc\tcba\n", count: 20))
    let small = ["--hidden", "16", "--steps", "3", "--quiet"]
    #expect(try folder.charlm(["train", "a.txt", "--model", "a.safetensors"] + small).status == 0)
    let tuned = [
      "train", "a.txt", "--init-from", "a.safetensors", "--model", "b.safetensors", "--steps", "2", "--quiet",
    ]
    #expect(try folder.charlm(tuned).status == 0)
    let pairs = ["train", "p.tsv", "--pairs", "--bidirectional", "--model", "p.safetensors"]
    #expect(try folder.charlm(pairs + small).status == 0)
    for (model, expected) in [
      ("b.safetensors", "init-from = \"a.safetensors\""), ("p.safetensors", "bidirectional = true"),
    ] {
      let text = try folder.charlm(["info", model, "--config"]).output
      #expect(text.contains(expected), "\(text)")
      try folder.file("run.toml", text)
      let again = try folder.charlm(["train", "--config", "run.toml", "--model", "c.safetensors", "--quiet"])
      #expect(again.status == 0, "\(again.errors)\n\(text)")
    }
  }
}
