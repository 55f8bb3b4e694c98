import CharLMText

/// Parallel streams through one long text: where each stands, and its next tokens.
///
/// Stream b of B begins at token b · N / B of the text's N and never ends: past its own part it goes on into the next
/// stream's, and from the end of the text to its beginning.
///
///     text     |----------|----------|----------|
///     stream 0  ==>
///     stream 1             ==>
///     stream 2                        ==>
package struct TokenStreams: Sendable {
  /// The text.
  package let tokens: TokenText
  /// The number of streams, B.
  package let count: Int

  /// - Precondition: at least as many tokens as streams, and at least 2.
  package init(_ tokens: TokenText, count: Int) {
    precondition(tokens.count >= max(count, 2), "\(count) streams through \(tokens.count) tokens")
    self.tokens = tokens
    self.count = count
  }

  /// Where a stream stands in the text when each has read `position` tokens.
  package func place(of stream: Int, after position: Int) -> Int {
    (stream * tokens.count / count + position) % tokens.count
  }

  /// Whether the text begins at a place, which may be counted on beyond its end.
  package func isBeginning(_ place: Int) -> Bool { place % tokens.count == 0 }

  /// Calls `body` with the parts of the text that hold the `count` tokens from a place on, round its end as often as
  /// needed, in order, and with the number of tokens before each.
  package func forEachPart<E: Error>(
    from place: Int, count: Int, _ body: (Range<Int>, _ offset: Int) throws(E) -> Void
  ) throws(E) {
    var (place, offset) = (place, 0)
    while offset < count {
      let partCount = min(count - offset, tokens.count - place)
      try body(place..<place + partCount, offset)
      offset += partCount
      place = 0
    }
  }
}
