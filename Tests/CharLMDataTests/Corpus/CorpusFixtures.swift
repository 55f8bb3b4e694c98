import CharLMText
import TestSupport

@testable import CharLMData
@testable import CharLMFiles

/// Corpora of tests.
enum CorpusFixtures {
  /// Tokens in memory, and tokens in files without a cache.
  static let inMemory = TokenStorage(cacheFolder: nil, largestInMemory: .max)
  static let inFile = TokenStorage(cacheFolder: nil, largestInMemory: 0)

  /// Text of several scripts with CR LF, marks and sequences, the same for the same seed.
  static func text(characterCount: Int, seed: Int = 1) -> String {
    let pieces = ["a", "b", " ", "\r\n", "\n", "é", "e\u{301}", "ß", "字", "語", "한", "न्दी", "👨‍👩‍👧", "🇩🇪", "🏽"]
    var random = RandomValues(seed: seed)
    return (0..<characterCount).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
  }
}

extension Corpus {
  /// The texts of all tokens, those to train on and those to validate on, with "¶" for the document token.
  func decoded() throws -> (train: String, validation: String) {
    (try decode(train), try validation.map { try decode($0.tokens) } ?? "")
  }

  private func decode(_ text: TokenText) throws -> String {
    let tokens = try text.tokens()
    let parts = tokens.split(separator: tokenizer.vocabulary.documentID ?? -1, omittingEmptySubsequences: false)
    return parts.map { String(decoding: tokenizer.decode($0), as: UTF8.self) }.joined(separator: "¶")
  }
}

extension ScratchFolder {
  /// Makes a file of bytes, in folders that are made where missing, and gives its path.
  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Files.ensureWritableFolder(Files.folder(of: self(name)))
    try Files.writeAtomically(self(name)) { (writer: inout FileWriter) throws(FileError) in try writer.write(bytes) }
    return self(name)
  }
}
