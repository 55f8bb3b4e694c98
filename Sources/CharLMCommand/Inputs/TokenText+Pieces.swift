import CharLMData
import CharLMText

extension TokenText {
  /// Calls `body` with the text that the tokens stand for, in pieces.
  /// - Parameter separator: what stood between two documents; nil for a line feed.
  func forEachPiece(
    _ tokenizer: Tokenizer, separator: String?, from first: Int = 0,
    _ body: ([UInt8]) throws -> Void
  ) throws {
    let between = Array((separator ?? "\n").utf8)
    let documentID = tokenizer.vocabulary.documentID
    for start in stride(from: first, to: count, by: 1 << 16) {
      var bytes: [UInt8] = []
      for token in try tokens(start..<min(start + 1 << 16, count)) {
        bytes += token == documentID ? between[...] : tokenizer.vocabulary.bytes(of: token)
      }
      try body(bytes)
    }
  }
}
