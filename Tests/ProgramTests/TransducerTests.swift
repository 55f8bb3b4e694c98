import Foundation
import RecurrentNN
import TestSupport
import Testing

/// hello → ohlol.
@Suite struct TransducerTests {
  @Test("learns hello to ohlol with each cell, and shows how", arguments: CellKind.allCases)
  func hello(_ cell: CellKind) throws {
    let folder = try WorkFolder()
    try folder.file("hello.tsv", "hello\tohlol\n")
    let run = try folder.charlm("train", "hello.tsv", "--pairs", "--cell", cell.rawValue)
    #expect(run.status == 0)
    let predictions = run.errorLines.filter { $0.contains("hello -> ") }
    #expect(predictions.count >= 2 && predictions.count <= 21)
    #expect(predictions.last?.hasSuffix("hello -> ohlol  correct") == true)
    #expect(try folder.charlm("transduce", "hello").output == "ohlol\n")
    #expect(
      try folder.charlm("transduce", "--quiet", input: "hello\nhell\n\nhello\r\n").output == "ohlol\nohlo\n\nohlol\n")
    let evaluation = try folder.charlm("eval", "hello.tsv", "--json").json()
    #expect(evaluation["accuracy"] as? Double == 1)
    #expect(evaluation["sequence_accuracy"] as? Double == 1)
    #expect(evaluation["bits_per_byte"] is NSNull)
  }

  @Test("a model of the other kind is refused, saying which command reads it")
  func kinds() throws {
    let folder = try WorkFolder()
    try folder.file("hello.tsv", "hello\tohlol\n")
    _ = try folder.charlm("train", "hello.tsv", "--pairs", "--steps", "1")
    let sample = try folder.charlm("sample", "--model", "models/hello.safetensors")
    #expect(sample.status == 1)
    #expect(
      sample.errors
        == "charlm: models/hello.safetensors: is a transducer, not a language model; 'charlm transduce' reads it\n")
    let found = try folder.charlm("sample")
    #expect(found.status == 1)
    #expect(
      found.errors
        == "charlm: no language model in the folder 'models'; give one with --model, or make one with 'charlm train FILE'\n"
    )
  }

  @Test("lines are answered as they come, and a bad one is named by its number after the good ones before it")
  func lines() throws {
    let folder = try WorkFolder()
    try folder.file("hello.tsv", "hello\tohlol\n")
    let run = try folder.charlm("train", "hello.tsv", "--pairs", "--quiet")
    try #require(run.status == 0, "\(run.errors)")
    let bad = try folder.charlm("transduce", "--quiet", input: "hello\nhell\nhelp\nhello\n")
    #expect(bad.status == 1)
    #expect(bad.output == "ohlol\nohlo\n")
    #expect(
      bad.errors.hasPrefix(
        "charlm: standard input, line 3: 'help': not in the vocabulary: 'p' (U+0070 LATIN SMALL LETTER P) at byte 3"))
    let many = try folder.charlm("transduce", "--quiet", input: String(repeating: "hello\n", count: 700))
    #expect(many.output == String(repeating: "ohlol\n", count: 700))
    #expect(try folder.charlm("transduce", "--quiet", input: "\u{FEFF}hello").output == "ohlol\n")
  }

  @Test("through a pipe that stays open, the answer to a line comes before the next line is asked")
  func conversation() throws {
    let folder = try WorkFolder()
    try folder.file("hello.tsv", "hello\tohlol\n")
    _ = try folder.charlm("train", "hello.tsv", "--pairs", "--quiet")
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: CharLMRun.program)
    process.arguments = ["transduce", "--quiet", "--model", folder("models/hello.safetensors")]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    for _ in 0..<3 {
      try input.fileHandleForWriting.write(contentsOf: Data("hello\n".utf8))
      #expect(output.fileHandleForReading.availableData == Data("ohlol\n".utf8))
    }
    try input.fileHandleForWriting.write(contentsOf: Data([0x68, 0xFF, 0x0A]))
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
  }

  @Test("the words of unknown characters and of malformed pairs")
  func malformed() throws {
    let folder = try WorkFolder()
    try folder.file("hello.tsv", "hello\tohlol\n")
    _ = try folder.charlm("train", "hello.tsv", "--pairs", "--steps", "1")
    let unknown = try folder.charlm("transduce", "help")
    #expect(unknown.status == 1)
    #expect(unknown.output.isEmpty)
    #expect(
      unknown.errors.hasPrefix("charlm: 'help': not in the vocabulary: 'p' (U+0070 LATIN SMALL LETTER P) at byte 3"))
    try folder.file("bad.tsv", "hello\tohlol\nhello\tohlo\n")
    let bad = try folder.charlm("train", "bad.tsv", "--pairs")
    #expect(bad.status == 1)
    #expect(
      bad.errors
        == "charlm: bad.tsv: line 2: the input has 5 tokens and the output 4; aligned pairs have the same number on both sides; "
        + "correct the line\n")
  }
}
