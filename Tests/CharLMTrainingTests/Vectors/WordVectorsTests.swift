import CharLMText
import RecurrentNN
import TestSupport
import Testing

@testable import CharLMFiles
@testable import CharLMTraining

@Suite("Vectors of words")
struct WordVectorsTests {
  private func vectors(_ text: String, keeping vocabulary: Vocabulary? = nil) throws -> WordVectors {
    let folder = try ScratchFolder()
    return try WordVectors(path: try folder.file("vectors.txt", text), keeping: vocabulary)
  }

  @Test(
    "GloVe and word2vec text are read, whatever parts the numbers and ends the lines",
    arguments: [
      "hello 1 -2.5 3e-2\nthe .5 +6 7.\n", "2 3\nhello 1 -2.5 3e-2\nthe .5 +6 7.\n",
      "\u{FEFF}hello 1 -2.5 3e-2\nthe .5 +6 7.",
      "2 3\r\nhello 1 -2.5 3e-2 \r\n\r\nthe\t.5\t+6  7.\r\n",
    ])
  func formats(text: String) throws {
    let vectors = try vectors(text)
    #expect(vectors["hello"] == [1, -2.5, 0.03])
    #expect(vectors["the"] == [0.5, 6, 7])
    #expect(vectors["Hello"] == nil)
    #expect((vectors.count, vectors.dimensionCount, vectors.lineCount, vectors.duplicateCount) == (2, 3, 2, 0))
    #expect((0..<2).map { vectors.token(at: $0) } == ["hello", "the"])
  }

  @Test("a token may hold spaces, be a number, or be hard to tell from another")
  func tokens() throws {
    let vectors = try vectors(". . . 1 2\nat name@domain.com 3 4\n17 5 6\n\u{E9} 7 8\ne\u{301} 9 10\na\u{A0}b 11 12\n")
    #expect(vectors[". . ."] == [1, 2])
    #expect(vectors["at name@domain.com"] == [3, 4])
    #expect(vectors["17"] == [5, 6])
    #expect(vectors["\u{E9}"] == [7, 8])
    #expect(vectors["e\u{301}"] == [9, 10])
    #expect(vectors["a\u{A0}b"] == [11, 12])
  }

  @Test("of a repeated token the first vector counts, and the repetition is counted")
  func duplicates() throws {
    let vectors = try vectors("a 1\nb 2\na 3\na 4\n")
    #expect(vectors["a"] == [1])
    #expect((vectors.count, vectors.duplicateCount, vectors.lineCount) == (2, 2, 4))
  }

  @Test(
    "flaws are named with their line",
    arguments: [
      ("", "vectors: there is no vector in it"),
      ("\n\n", "vectors: there is no vector in it"),
      ("a 1 2\nb 1\n", "vectors: line 2: 1 numbers after the token, not 2"),
      ("a 1 2\nb 1 2 3\n", "vectors: line 2: 3 numbers after the token, not 2"),
      ("a 1 2\nb\n", "vectors: line 2: 0 numbers after the token, not 2"),
      ("a 1 2\nb 1 x\n", "vectors: line 2: 'x' is not a finite number"),
      ("a 1 2\nb 1 nan\n", "vectors: line 2: 'nan' is not a finite number"),
      ("a 1 2\nb 1 1e99\n", "vectors: line 2: '1e99' is not a finite number"),
      ("a 1 2\nb 1 1.2.3\n", "vectors: line 2: '1.2.3' is not a finite number"),
      ("a 1 2\nb 1 0x10\n", "vectors: line 2: '0x10' is not a finite number"),
      ("3 2\na 1 2\nb 1 2\n", "vectors: the first line says 3 vectors, the file has 2"),
      ("2 3\na 1 2\nb 1 2\n", "vectors: line 2: 2 numbers after the token, not 3"),
      ("5 3\n", "vectors: the first line says 5 vectors, the file has 0"),
    ])
  func flaws(text: String, message: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("v", text)
    let error = #expect(throws: WordVectorsError.self) { try WordVectors(path: path) }
    #expect(error?.description == message.replacing("vectors:", with: "\(path):", maxReplacements: 1))
  }

  @Test("lines whose token is no text are passed over, as published files have some; not the first")
  func passedOver() throws {
    let folder = try ScratchFolder()
    let path = folder("v")
    func write(_ bytes: [UInt8]) throws {
      try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    }
    try write(Array("a 1 2\n".utf8) + [0xFF] + Array(" 3 4\n  5 6\nb 7 8\n".utf8))
    let vectors = try WordVectors(path: path)
    #expect((vectors.count, vectors.lineCount, vectors.skippedCount) == (2, 2, 2))
    #expect(vectors["b"] == [7, 8])
    try write(Array("4 2\na 1 2\n".utf8) + [0xFF] + Array(" 3 4\n  5 6\nb 7 8\n".utf8))
    #expect(try WordVectors(path: path).count == 2)
  }

  @Test("a file that begins with a token that is not UTF-8 is refused")
  func notUTF8() throws {
    let folder = try ScratchFolder()
    let path = folder("v")
    try Files.writeAtomically(path) { (writer: inout FileWriter) throws(FileError) in
      try writer.write([0xFF, 0x20, 0x31, 0x0A] + Array("a 1\n".utf8))
    }
    #expect(throws: WordVectorsError.line(source: path, number: 1, .invalidUTF8)) { try WordVectors(path: path) }
    #expect(throws: WordVectorsError.file(.notFound(path: folder("none")))) { try WordVectors(path: folder("none")) }
  }

  @Test("numbers are those that Double and Float give")
  func numbers() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let bits = UInt32.random(in: 0...UInt32.max, using: &generator)
      let value = Float(bitPattern: bits)
      guard value.isFinite else { continue }
      for text in ["\(value)", "\(Double(value))", "\(value)000e0"] {
        let bytes = Array(text.utf8)
        let expected = Double(text).map { Float($0) }
        #expect(Decimal.value(bytes.span, bytes.indices) == expected, "\(text)")
      }
    }
  }

  @Test("only a vocabulary's tokens are kept, and an embedding has the rows")
  func keeping() throws {
    let vocabulary = try Vocabulary(tokens: [.special(.unknown), Token("b"), Token("z")])
    let vectors = try vectors("a 1 2\nb 3 4\nb 5 6\n", keeping: vocabulary)
    #expect((vectors.count, vectors.lineCount, vectors.duplicateCount) == (1, 3, 1))
    let embedding = Embedding(vectors)
    #expect(embedding([0]).values == [3, 4])
    #expect(embedding.parameters.isEmpty)
  }

  @Test("lines longer than a chunk and across chunks are read whole")
  func longLines() throws {
    let size = 60_000
    let row = (0..<size).map { " \($0 % 10)" }.joined()
    let vectors = try vectors((0..<7).map { "word\($0)\(row)" }.joined(separator: "\n"))
    #expect((vectors.count, vectors.dimensionCount) == (7, size))
    #expect(vectors["word6"]?[size - 1] == Float((size - 1) % 10))
  }
}
