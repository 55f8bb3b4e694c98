import CharLMText

extension EvaluationText {
  /// The beginning of the text, for evaluations that must not take long.
  /// - Parameters:
  ///   - tokenCount: how many tokens it has at most, at least 2.
  ///   - tokenizer: the one that the text was encoded with.
  /// - Returns: the text itself where it is not longer; else its first tokens, whose bytes and graphemes are counted in
  ///   the decoded text, after normalization.
  /// - Throws: `TokenFileError` where the tokens lie in a file that cannot be read.
  public func beginning(_ tokenCount: Int, _ tokenizer: Tokenizer) throws(TokenFileError) -> EvaluationText {
    precondition(tokenCount > 1, "nothing is predicted in a text of \(tokenCount) tokens")
    guard tokenCount < tokens.count else { return self }
    let part = tokens[0..<tokenCount]
    return EvaluationText(
      tokens: part, predicted: tokenizer.predictedExtent(try part.tokens()), unknownCount: 0)
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
