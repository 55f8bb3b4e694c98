import CharLMText
import TestSupport
import Testing

@testable import CharLMData
@testable import CharLMFiles

@Suite struct CorpusSourceTests {
  private func names(_ paths: [String], in folder: ScratchFolder) throws -> [String] {
    try CorpusSource.find(paths.map { folder($0) }).map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test("a folder stands for its files and those below, in the order of their paths' bytes, without hidden ones")
  func folders() throws {
    let folder = try ScratchFolder()
    for name in ["t/b.txt", "t/a.txt", "t/Z.txt", "t/sub/c.txt", "t/sub.txt", "t/.hidden", "t/.git/x", "t/ä.txt"] {
      try folder.file(name, Array("x".utf8))
    }
    try folder.file("t/empty.txt", [] as [UInt8])
    #expect(
      try names(["t"], in: folder) == ["t/Z.txt", "t/a.txt", "t/b.txt", "t/sub.txt", "t/sub/c.txt", "t/ä.txt"])
  }

  @Test("a pattern that the shell left alone is expanded; a file of that name comes first")
  func patterns() throws {
    let folder = try ScratchFolder()
    for name in ["t/b.txt", "t/a.txt", "t/c.md", "u/d.txt"] { try folder.file(name, Array("x".utf8)) }
    #expect(try names(["t/*.txt"], in: folder) == ["t/a.txt", "t/b.txt"])
    #expect(try names(["?/[a-c].*"], in: folder) == ["t/a.txt", "t/b.txt", "t/c.md"])
    try folder.file("t/*.txt", Array("x".utf8))
    #expect(try names(["t/*.txt"], in: folder) == ["t/*.txt"])
  }

  @Test("a path without a file is an error that names it")
  func errors() throws {
    let folder = try ScratchFolder()
    try folder.file("empty/.hidden", Array("x".utf8))
    for (name, expected) in [
      ("none", CorpusError.file(.notFound(path: folder("none")))), ("none*", .noMatches(pattern: folder("none*"))),
      ("empty", .noFiles(path: folder("empty"))),
    ] {
      #expect(throws: expected) { try CorpusSource.find([folder(name)]) }
    }
  }
}

@Suite struct DocumentCutterTests {
  /// The documents of a text that comes in two pieces, cut at `place`.
  private func documents(_ text: String, separator: String, cutAt place: Int) -> [String] {
    let utf8 = Array(text.utf8)
    var cutter = DocumentCutter(separator: separator, unit: .grapheme, normalization: .none)
    var documents: [[UInt8]] = []
    func take(_ parts: [DocumentPart]) {
      for part in parts {
        if part.beginsDocument { documents.append([]) }
        documents[documents.count - 1] += part.piece.utf8
      }
    }
    for piece in [utf8[..<place], utf8[place...]] where !piece.isEmpty {
      take(cutter.append(TextPiece(utf8: Array(piece), normalized: Array(piece))))
    }
    take(cutter.finish())
    return documents.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("only what may be a separator's beginning waits, however often pieces end with it")
  func held() {
    var cutter = DocumentCutter(separator: "\n\n", unit: .grapheme, normalization: .nfc)
    let line = Array("a line of the document, e\u{301}\n".utf8)
    var given: [UInt8] = []
    for _ in 0..<500 {
      given += cutter.append(TextPiece(utf8: line, normalized: line)).flatMap(\.piece.utf8)
      #expect(cutter.held == [0x0A])
    }
    given += cutter.finish().flatMap(\.piece.utf8)
    #expect(given == Array(repeating: line, count: 500).flatMap(\.self))
  }

  @Test("parts have the tokens of the documents, wherever the pieces are cut", arguments: Normalization.allCases)
  func normalizedParts(_ form: Normalization) {
    let text = Array("e\u{301}\n\nou\u{300} <x\n<|x|>c\u{327}a\n\u{301}\r\n\n\nﬁ <\u{338}|".utf8)
    for (separator, unit) in [("\n\n", TextUnit.grapheme), ("<|x|>", .scalar), ("\r\n\n", .byte), ("<|", .word)] {
      let expected = parts(of: [text], separator, unit, form)
      for place in text.indices where text[place] & 0xC0 != 0x80 && (place == 0 || text[place - 1] == 0x0A) {
        let pieces = [Array(text[..<place]), Array(text[place...])].filter { !$0.isEmpty }
        #expect(parts(of: pieces, separator, unit, form) == expected, "\(separator), \(unit), cut at \(place)")
      }
    }
  }

  /// The tokens of each document of a text in pieces.
  private func parts(
    of pieces: [[UInt8]], _ separator: String, _ unit: TextUnit, _ form: Normalization
  ) -> [[[UInt8]]] {
    var cutter = DocumentCutter(separator: separator, unit: unit, normalization: form)
    var documents: [[[UInt8]]] = []
    let given = pieces.flatMap { cutter.append(TextPiece(utf8: $0, normalized: form.normalized($0))) }
    for part in given + cutter.finish() {
      if part.beginsDocument { documents.append([]) }
      let utf8 = part.piece.normalized
      Segmenter(unit: unit).forEachToken(in: utf8.span) { documents[documents.count - 1].append(Array(utf8[$0])) }
    }
    return documents
  }

  @Test(
    "a separator is found wherever the pieces are cut",
    arguments: [
      ("a--b--c", "--", ["a", "b", "c"]), ("--a---b--", "--", ["a", "-b"]), ("aab aaab", "aab", [" a"]),
      ("x<|end|>y<|endx", "<|end|>", ["x", "y<|endx"]), ("----", "--", []), ("a-", "--", ["a-"]),
    ] as [(String, String, [String])])
  func everywhere(_ text: String, _ separator: String, _ expected: [String]) {
    for place in 0...text.utf8.count {
      #expect(documents(text, separator: separator, cutAt: place) == expected, "cut at \(place)")
    }
  }
}
