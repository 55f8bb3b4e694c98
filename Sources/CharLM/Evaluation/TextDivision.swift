import CharLMData
import CharLMText

/// The lines or the documents of a text that was evaluated as one stream.
public struct TextDivision: Sendable {
  /// A line or a document.
  public struct Part: Hashable, Sendable {
    /// Its predictions: number i is that of token i + 1.
    public let predictions: Range<Int>
    /// The bytes of the tokens that are predicted, as the model reads them.
    public let byteCount: Int
  }

  /// The parts, in order, none of them without a byte.
  public let parts: [Part]
  private let text: TokenText
  private let vocabulary: Vocabulary

  /// The lines: each ends with a line feed or a document.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public static func lines(
    of text: EvaluationText, _ vocabulary: Vocabulary
  ) throws(TokenFileError) -> TextDivision {
    try TextDivision(text.tokens, vocabulary) {
      $0 == vocabulary.documentID || vocabulary.bytes(of: $0).contains(0x0A)
    }
  }

  /// The documents: each ends with the document token, whose cost is part of it.
  /// - Returns: nil where the vocabulary has no such token.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public static func documents(
    of text: EvaluationText, _ vocabulary: Vocabulary
  ) throws(TokenFileError) -> TextDivision? {
    guard let documentID = vocabulary.documentID else { return nil }
    return try TextDivision(text.tokens, vocabulary) { $0 == documentID }
  }

  private init(
    _ text: TokenText, _ vocabulary: Vocabulary, isEnd: (TokenID) -> Bool
  ) throws(TokenFileError) {
    (self.text, self.vocabulary) = (text, vocabulary)
    let ends = (0..<vocabulary.count).map { isEnd(TokenID($0)) }
    var (parts, start, place, byteCount): ([Part], Int, Int, Int) = ([], 0, -1, 0)
    func end(at end: Int) {
      if byteCount > 0 { parts.append(Part(predictions: start..<end, byteCount: byteCount)) }
      (start, byteCount) = (end, 0)
    }
    try text.forEachToken { token in
      // The first token is context only.
      if place >= 0 { byteCount += vocabulary.bytes(of: token).count }
      place += 1
      if place > 0, ends[Int(token)] { end(at: place) }
    }
    end(at: place)
    self.parts = parts
  }

  /// The bits of each part that lies within the predictions whose costs are given.
  /// - Parameter tokenNats: as in `ModelEvaluation.tokenNats`, perhaps of the beginning alone.
  public func bits(_ tokenNats: [Float]) -> [Double] {
    parts.prefix { $0.predictions.upperBound <= tokenNats.count }.map { part in
      Evaluation.bits(nats: tokenNats[part.predictions].reduce(0.0) { $0 + Double($1) })
    }
  }

  /// The first bytes of a part.
  /// - Throws: `TokenFileError` where tokens lie in a file that cannot be read.
  public func beginning(of part: Part, byteCount: Int) throws(TokenFileError) -> [UInt8] {
    let first = part.predictions.lowerBound + 1
    let tokens = try text.tokens(first..<min(first + byteCount, part.predictions.upperBound + 1))
    return Array(tokens.flatMap { vocabulary.bytes(of: $0) }.prefix(byteCount))
  }
}
