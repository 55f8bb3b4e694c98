import CharLMText
import Testing

@testable import CharLMData

@Suite struct TokenStreamsTests {
  /// Streams through a text whose tokens are their own positions.
  private func streams(_ count: Int, tokenCount: Int) -> TokenStreams {
    let tokens = TokenSequence((0..<tokenCount).map { TokenID($0) }, vocabularyCount: tokenCount)
    return TokenStreams(TokenText(tokens), count: count)
  }

  @Test("streams begin at equal distances, and have read the whole text together after N / B tokens each")
  func places() {
    for (count, tokenCount) in [(1, 7), (3, 12), (4, 10), (5, 5)] {
      let streams = streams(count, tokenCount: tokenCount)
      let starts = (0..<count).map { streams.place(of: $0, after: 0) }
      #expect(starts == (0..<count).map { $0 * tokenCount / count })
      #expect((0..<count).map { streams.place(of: $0, after: tokenCount) } == starts)
      if tokenCount % count == 0 {
        let ends = (0..<count).map { streams.place(of: $0, after: tokenCount / count) }
        #expect(ends == Array(starts.dropFirst()) + [0])
      }
    }
  }

  @Test("a stream's tokens go round the end of the text, more than once where it is short", arguments: [2, 5, 12])
  func copying(_ tokenCount: Int) throws {
    let streams = streams(2, tokenCount: tokenCount)
    for place in 0..<tokenCount {
      for count in 0...2 * tokenCount + 1 {
        var tokens: [TokenID] = []
        try streams.forEachPart(from: place, count: count) { part, offset in
          #expect(offset == tokens.count)
          tokens += try streams.tokens.tokens(part)
        }
        #expect(tokens == (0..<count).map { TokenID((place + $0) % tokenCount) }, "\(count) from \(place)")
      }
    }
  }

  @Test("the text begins at its first token, however often it was read")
  func beginnings() {
    let streams = streams(3, tokenCount: 9)
    #expect((0..<20).filter(streams.isBeginning) == [0, 9, 18])
  }
}
