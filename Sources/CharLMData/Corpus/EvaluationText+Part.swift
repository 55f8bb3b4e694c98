import CharLMText

extension EvaluationText {
  /// A sample of the text, for evaluations that must not take long: 16 pieces that are spread over it, since a text is
  /// rarely as easy at its beginning as elsewhere; fewer, down to its beginning alone, where they would have fewer than
  /// 4,096 tokens each.
  ///
  /// It is read as one text. What a model predicts at the seams costs about 0.003 nats a token in 65,536.
  /// - Parameters:
  ///   - tokenCount: how many tokens it has at most, at least 2.
  ///   - tokenizer: the one that the text was encoded with.
  /// - Returns: the text itself where it is not longer; else tokens of it, whose bytes and graphemes are counted in the
  ///   decoded text, after normalization.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  public func sample(_ tokenCount: Int, _ tokenizer: Tokenizer) throws(TokenFileError) -> EvaluationText {
    precondition(tokenCount > 1, "nothing is predicted in a text of \(tokenCount) tokens")
    guard tokenCount < tokens.count else { return self }
    let pieceCount = min(max(tokenCount >> 12, 1), 16)
    var sample: [TokenID] = []
    for piece in 0..<pieceCount {
      let size = (piece + 1) * tokenCount / pieceCount - piece * tokenCount / pieceCount
      let start = pieceCount == 1 ? 0 : piece * (tokens.count - size) / (pieceCount - 1)
      sample += try tokens.tokens(start..<start + size)
    }
    let sequence = TokenSequence(sample, vocabularyCount: tokenizer.vocabulary.count)
    return EvaluationText(
      tokens: TokenText(sequence), predicted: tokenizer.predictedExtent(sample), unknownCount: 0)
  }
}

extension Tokenizer {
  /// The decoded text of tokens but the first, which is context: its bytes, and the graphemes that begin in it.
  package func predictedExtent(_ tokens: [TokenID]) -> TextExtent {
    let utf8 = decode(tokens)
    let start = tokens.first.map { vocabulary.bytes(of: $0).count } ?? 0
    var extent = TextExtent(byteCount: utf8.count - start, graphemeCount: 0)
    Segmenter(unit: .grapheme).forEachToken(in: utf8.span) { if $0.lowerBound >= start { extent.graphemeCount += 1 } }
    return extent
  }
}
