import Foundation
import RecurrentNN
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
